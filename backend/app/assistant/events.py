"""What a client of the chat sees while a turn runs, and the shapes of what it gets in the end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.assistant.errors import ChatError
from app.models import Confirmation, Message
from app.services.turn_records import Finished, Held

Name = Literal["conversation", "delta", "tool_start", "tool_end", "confirm", "done", "error"]
Kind = Literal["offline", "openai"]


@dataclass(frozen=True)
class Event:
    name: Name
    data: dict[str, Any]
    status: int = 200
    """The HTTP status that goes with it, for a client that gets nothing but the last event."""


def conversation(held: Held | Finished, turn_id: str, kind: Kind) -> Event:
    data = {
        "conversation_id": held.conversation_id,
        "turn_id": turn_id,
        "title": held.title,
        "assistant": kind,
    }
    return Event("conversation", data)


def failure(error: ChatError) -> Event:
    data = {"code": error.code, "detail": error.detail, "retryable": error.retryable}
    if error.retry_after is not None:
        data["retry_after"] = error.retry_after
    return Event("error", data, error.status)


def confirm(question: Confirmation) -> Event:
    return Event("confirm", confirmation_body(question))


def done(finished: Finished, kind: Kind) -> Event:
    """The whole answer, as a client gets it that did not ask for events: a superset of the three
    shapes that clients of this application know."""
    message, question = finished.message, finished.confirmation
    body = {
        "conversation_id": finished.conversation_id,
        "turn_id": str(message.turn_id),
        "message_id": message.id,
        "response": message.content,
        "content": message.content,
        "message": message_body(message),
        "tool_calls": message.tool_calls,
        "confirmation": question and confirmation_body(question),
        "assistant": kind,
    }
    return Event("done", body)


def message_body(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "role": message.role,
        "content": message.content,
        "tool_calls": message.tool_calls,
        "turn_id": message.turn_id and str(message.turn_id),
        "status": message.status,
        "created_at": _time(message.created_at),
    }


def confirmation_body(question: Confirmation) -> dict[str, Any]:
    return {
        "id": str(question.id),
        "tool": question.tool,
        "arguments": question.arguments,
        "prompt": question.prompt,
        "expires_at": _time(question.expires_at),
    }


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
