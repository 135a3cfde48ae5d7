"""The chat over the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from app.assistant.errors import Code
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


class ToolUse(BaseModel):
    """A tool that the assistant used."""

    id: str
    name: str
    tool: str
    arguments: dict[str, Any]
    result: Any = None
    error: str | None = None
    count: int | None = None


class ChatMessage(BaseModel):
    id: int
    role: Literal["user", "assistant"]
    content: str
    tool_calls: list[ToolUse]
    turn_id: UUID | None
    status: Literal["done", "stopped", "failed"]
    created_at: datetime


class Question(BaseModel):
    """What the assistant wants a yes to before it does it. Answered by `confirm`, or by a message
    that says yes or no; anything else said withdraws it."""

    id: UUID
    tool: str
    arguments: dict[str, Any]
    prompt: str
    expires_at: datetime


class ChatReply(BaseModel):
    """The assistant's answer. `response`, `content` and `message.content` are the same text, for
    clients that know one of them."""

    conversation_id: int
    turn_id: UUID
    message_id: int
    response: str
    content: str
    message: ChatMessage
    tool_calls: list[ToolUse]
    confirmation: Question | None
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
