"""What is known of a turn: what was asked, who holds it, how it ended."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models import Confirmation, Message, ToolEffect


@dataclass(frozen=True)
class Asked:
    """What the user sent."""

    turn_id: UUID
    message: str
    """What the conversation shows: for an answer by button, Yes or No."""
    request_hash: str
    conversation_id: int | None = None
    confirmation_id: UUID | None = None
    approve: bool = False


@dataclass(frozen=True)
class Answered:
    """The question that this turn answers, and how."""

    id: UUID
    tool: str
    arguments: dict[str, Any]
    approved: bool


@dataclass(frozen=True)
class Held:
    """A turn that this process may run."""

    user_id: str
    conversation_id: int
    turn_id: UUID
    holder: UUID
    title: str
    message: str
    history: list[Message]
    """What was said before this turn, oldest first."""
    made: list[ToolEffect]
    """Calls that this turn made before, in a process that is gone."""
    answered: Answered | None
    context: dict[str, Any] | None = None
    """What the turn before this one left for it."""


@dataclass(frozen=True)
class Finished:
    """A turn with its answer."""

    conversation_id: int
    title: str
    message: Message
    confirmation: Confirmation | None
    """The question that it put to the user, as long as nobody answered it."""
