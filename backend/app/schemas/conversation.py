"""Conversations over the wire."""

import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.models import MessageStatus, Role
from app.schemas.text import Moment, Title


class ToolCall(BaseModel):
    """A tool that the assistant used."""

    id: str
    name: str = Field(examples=["add_task"])
    tool: str = Field(description="The same as `name`, as some clients call it.")
    arguments: dict[str, Any]
    result: Any = Field(
        default=None, description="Of a list of tasks the first few, by number and title."
    )
    error: str | None = None
    count: int | None = Field(default=None, description="How many tasks there were in a list.")


class MessageRead(BaseModel):
    """What was said."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    role: Role
    content: str
    tool_calls: list[ToolCall]
    turn_id: UUID | None
    status: MessageStatus
    created_at: Moment

    @field_validator("tool_calls", mode="before")
    @classmethod
    def _as_any_application_wrote_them(cls, value: object) -> list[dict[str, Any]]:
        calls = value if isinstance(value, list) else []
        return [_tool_call(number, call) for number, call in enumerate(calls, start=1)]


def _tool_call(number: int, call: object) -> dict[str, Any]:
    """One call in our shape. Earlier applications kept `{name, arguments, result}`, `{tool, …}` or
    the tool's name alone, and some the arguments as a text of JSON."""
    given = call if isinstance(call, dict) else {"name": call}
    name = str(given.get("name") or given.get("tool") or "unknown")
    error = given.get("error")
    return {
        "id": str(given.get("id") or f"call_{number}"),
        "name": name,
        "tool": name,
        "arguments": _object(given.get("arguments")),
        "result": given.get("result"),
        "error": None if error is None else str(error),
        "count": _number(given.get("count")),
    }


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _object(value: object) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {"text": value}
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"value": value}


class ConfirmationRead(BaseModel):
    """What the assistant wants a yes to before it does it. Answered by `confirm`, or by a message
    that says yes or no; anything else said withdraws it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    tool: str
    arguments: dict[str, Any]
    prompt: str = Field(examples=["Delete the task “Buy milk”?"])
    expires_at: Moment


class ConversationSummary(BaseModel):
    """A conversation in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str = Field(description="Empty until something was said.")
    created_at: Moment
    updated_at: Moment


class ConversationRead(ConversationSummary):
    """A conversation with all that was said in it."""

    messages: list[MessageRead]
    pending_confirmation: ConfirmationRead | None


class ConversationTitle(BaseModel):
    """A new title."""

    title: Title
