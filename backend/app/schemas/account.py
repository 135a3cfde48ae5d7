"""One's own account over the wire."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.schemas.auth import Account, GivenPassword, NewPassword
from app.schemas.conversation import ConversationSummary, MessageRead
from app.schemas.task import TaskRead
from app.schemas.text import Moment, Name, TimeZone


class AccountDetails(Account):
    """Who is signed in, since when the account is there and until when the token is good."""

    created_at: Moment
    time_zone: str | None = Field(
        description="Where the person is, as their browser last said: an IANA time zone."
    )


class AccountChange(BaseModel):
    """Changes to an account. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    time_zone: TimeZone | None = None


class PasswordChange(BaseModel):
    """A new password, and the present one as proof."""

    current_password: GivenPassword
    new_password: NewPassword
    revoke_tokens: Annotated[
        StrictBool, Field(description="Whether the access tokens of programs end too.")
    ] = True


class AccountDeletion(BaseModel):
    """The present password as proof."""

    password: GivenPassword


class AccessTokenRead(BaseModel):
    """A token without its text, which is kept nowhere."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None = Field(description="To the minute.")


class ExportedAccount(BaseModel):
    """Who somebody is, here."""

    model_config = ConfigDict(from_attributes=True)

    user_id: str
    email: str
    created_at: Moment


class ExportedConversation(ConversationSummary):
    """A conversation with all that was said in it."""

    messages: list[MessageRead]


class ExportedDeletedTask(BaseModel):
    """A task that can still be restored, as its row was."""

    model_config = ConfigDict(from_attributes=True)

    task: dict[str, Any]
    deleted_at: Moment


class ExportedSignIn(BaseModel):
    """Where somebody is signed in."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None
    user_agent: str


class Export(BaseModel):
    """Everything that is kept of a user, oldest first; of tokens and sign-ins not their secrets."""

    account: ExportedAccount
    tasks: list[TaskRead]
    deleted_tasks: list[ExportedDeletedTask]
    conversations: list[ExportedConversation]
    access_tokens: list[AccessTokenRead]
    sign_ins: list[ExportedSignIn]
    exported_at: Moment


class SignInRead(BaseModel):
    """A browser or program that is signed in as this user."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: Moment
    last_used_at: Moment | None = Field(description="To five minutes.")
    expires_at: Moment = Field(description="If it is not used before.")
    user_agent: str = Field(description="What it calls itself; may be empty.")
    current: bool = Field(description="Whether it is the one that asks.")


class AccessTokenRequest(BaseModel):
    """A new token for a program, and the present password as proof: it outlives this sign-in."""

    password: GivenPassword
    name: Name = Field(examples=["my editor"])
    expires_in_days: Annotated[int, Field(ge=1, le=365)] = 90


class NewAccessToken(AccessTokenRead):
    """A new token with its text, this once."""

    token: str = Field(examples=["todo_…"], description="For `Authorization: Bearer …` at /mcp.")
