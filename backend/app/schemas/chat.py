"""The chat over the wire."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from app.chat_errors import Code
from app.schemas.conversation import ConfirmationRead, MessageRead, ToolCall
from app.services.consent import reads_as

_WORDS = r"^[^\x00]*[^\s\x00][^\x00]*$"


class ConfirmAnswer(BaseModel):
    """The answer to a question that the assistant asked."""

    id: UUID
    approve: StrictBool


class ChatRequest(BaseModel):
    """One turn: something the user says, or the answer to a question by button."""

    message: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=4000,
            json_schema_extra={"pattern": _WORDS},
            description="Left out only with `confirm`.",
        ),
    ] = None
    conversation_id: Annotated[
        int | None, Field(ge=1, le=2_147_483_647, description="Left out: a new conversation.")
    ] = None
    turn_id: Annotated[
        UUID | None,
        Field(
            description="Made by the client. Sent again with the same id, a turn that is done "
            "gives the same answer and one that broke goes on; nothing is done twice."
        ),
    ] = None
    confirm: ConfirmAnswer | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.message is None and self.confirm is None:
            raise ValueError("needs a message")
        if self.message is not None and ("\x00" in self.message or not self.message.strip()):
            raise ValueError("the message must not be blank or contain the character NUL")
        if self.message is not None and self.confirm is not None:
            said = reads_as(self.message)
            if said is not None and said is not self.confirm.approve:
                raise ValueError("the message and the answer to the question contradict each other")
        return self


class ChatReply(BaseModel):
    """The assistant's answer. `response`, `content` and `message.content` are the same text, for
    clients that know one of them."""

    conversation_id: int
    turn_id: UUID
    message_id: int
    response: str
    content: str
    message: MessageRead
    tool_calls: list[ToolCall]
    confirmation: ConfirmationRead | None
    assistant: Literal["offline", "openai"]


class ChatProblem(BaseModel):
    """Why there is no answer."""

    model_config = ConfigDict(extra="allow")

    detail: str
    code: Code | None = None


class ChatHealth(BaseModel):
    status: Literal["ok"] = "ok"
    assistant: Literal["offline", "openai"]
    model: str | None
