"""What answers a turn: the interface of both assistants."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from app.assistant.events import Kind
from app.assistant.outcomes import Approved
from app.assistant.tool_executor import ToolExecutor
from app.models import Message


@dataclass(frozen=True)
class TurnInput:
    """What is to be answered."""

    message: str
    history: list[Message]
    now: datetime
    zone: ZoneInfo
    """Where the user is: "today" is today there."""
    approved: Approved | None = None
    """The user said yes, and it was done (or could not be)."""


class Assistant(Protocol):
    kind: Kind
    model: str | None

    async def answer(self, task: TurnInput, executor: ToolExecutor) -> None:
        """Says and does through `executor` all there is to the turn. Raises ChatError."""

    async def close(self) -> None: ...
