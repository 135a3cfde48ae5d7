"""What is known of a turn: what was asked, who holds it, how it ended."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models import Confirmation, Message, ToolEffect

# Of a list of tasks a record shows so many: it is there to show what was done, not to show tasks.
SHOWN = 20


def recorded(result: Any) -> tuple[Any, int | None]:  # noqa: ANN401 - any JSON
    """A tool's result as a message keeps it, and how many tasks there were where it is a list:
    of those the first few, by number and title."""
    if isinstance(result, dict) and isinstance(result.get("tasks"), list):
        shown, count = recorded(result["tasks"])
        return {**result, "tasks": shown}, result.get("total", count)
    if not isinstance(result, list):
        return without_descriptions(result), None
    return [_named(item) for item in result[:SHOWN]], len(result)


def without_descriptions(result: Any) -> Any:  # noqa: ANN401 - any JSON
    """A tool's result with all that going on with the turn may take, and without the long texts."""
    if isinstance(result, list):
        return [without_descriptions(item) for item in result]
    if not isinstance(result, dict):
        return result
    return {
        name: without_descriptions(value) for name, value in result.items() if name != "description"
    }


def _named(item: Any) -> Any:  # noqa: ANN401 - any JSON
    kept = ("id", "title", "completed")
    return {name: item[name] for name in kept if name in item} if isinstance(item, dict) else item


@dataclass(frozen=True)
class TurnRequest:
    """What the user sent."""

    turn_id: UUID
    message: str
    """What the conversation shows: for an answer by button, Yes or No."""
    request_hash: str
    conversation_id: int | None = None
    confirmation_id: UUID | None = None
    approve: bool = False


@dataclass(frozen=True)
class AnsweredConfirmation:
    """The question that this turn answers, and how."""

    id: UUID
    tool: str
    arguments: dict[str, Any]
    approved: bool


@dataclass(frozen=True)
class ClaimedTurn:
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
    answered: AnsweredConfirmation | None
    context: dict[str, Any] | None = None
    """What the turn before this one left for it."""


@dataclass(frozen=True)
class FinishedTurn:
    """A turn with its answer."""

    conversation_id: int
    title: str
    message: Message
    confirmation: Confirmation | None
    """The question that it put to the user, as long as nobody answered it."""
