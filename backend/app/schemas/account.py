"""One's own account over the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.auth import Account, GivenPassword, NewPassword
from app.schemas.conversation import ConversationSummary, MessageRead
from app.schemas.task import TaskRead
from app.schemas.text import Name


class AccountDetails(Account):
    """Who is signed in, since when the account is there and until when the token is good."""

    created_at: datetime


class PasswordChange(BaseModel):
    """A new password, and the present one as proof."""

    current_password: GivenPassword
    new_password: NewPassword


class AccountDeletion(BaseModel):
    """The present password as proof."""

    password: GivenPassword


class ExportedAccount(BaseModel):
    """Who somebody is, here."""

    model_config = ConfigDict(from_attributes=True)

    user_id: str
    email: str
    created_at: datetime


class ExportedConversation(ConversationSummary):
    """A conversation with all that was said in it."""

    messages: list[MessageRead]


class Export(BaseModel):
    """Everything that is kept of a user, oldest first."""

    account: ExportedAccount
    tasks: list[TaskRead]
    conversations: list[ExportedConversation]
    exported_at: datetime


class AccessTokenRequest(BaseModel):
    """A new token for a program."""

    name: Name = Field(examples=["my editor"])
    expires_in_days: Annotated[int, Field(ge=1, le=365)] = 90


class AccessTokenRead(BaseModel):
    """A token without its text, which is kept nowhere."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute.")


class NewAccessToken(AccessTokenRead):
    """A new token with its text, this once."""

    token: str = Field(examples=["todo_…"], description="For `Authorization: Bearer …` at /mcp.")
