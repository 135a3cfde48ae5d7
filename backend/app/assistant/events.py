"""What a client of the chat sees while a turn runs, and the shapes of what it gets in the end."""

from dataclasses import dataclass
from typing import Any, Literal

from app.chat_errors import ChatError
from app.models import Confirmation
from app.schemas.chat import ChatReply
from app.schemas.conversation import ConfirmationRead, MessageRead
from app.services.turn_records import ClaimedTurn, FinishedTurn

Name = Literal["conversation", "delta", "tool_start", "tool_end", "confirm", "done", "error"]
Kind = Literal["offline", "openai"]


@dataclass(frozen=True)
class Event:
    name: Name
    data: dict[str, Any]
    status: int = 200
    """The HTTP status that goes with it, for a client that gets nothing but the last event."""


def conversation(held: ClaimedTurn | FinishedTurn, turn_id: str, kind: Kind) -> Event:
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
    return Event("confirm", ConfirmationRead.model_validate(question).model_dump(mode="json"))


def done(finished: FinishedTurn, kind: Kind) -> Event:
    """The whole answer, as a client gets it that did not ask for events: a superset of the three
    shapes that clients of this application know."""
    message = MessageRead.model_validate(finished.message)
    reply = ChatReply.model_validate(
        {
            "conversation_id": finished.conversation_id,
            "turn_id": message.turn_id,
            "message_id": message.id,
            "response": message.content,
            "content": message.content,
            "message": message,
            "tool_calls": message.tool_calls,
            "confirmation": finished.confirmation
            and ConfirmationRead.model_validate(finished.confirmation),
            "assistant": kind,
        }
    )
    return Event("done", reply.model_dump(mode="json"))
