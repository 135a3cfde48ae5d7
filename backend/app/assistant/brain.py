"""What answers a turn: the interface of both brains."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from app.assistant.events import Kind
from app.assistant.hands import Hands
from app.assistant.outcomes import Approved
from app.models import Message


@dataclass(frozen=True)
class Task:
    """What is to be answered."""

    message: str
    history: list[Message]
    now: datetime
    zone: ZoneInfo
    """Where the user is: "today" is today there."""
    approved: Approved | None = None
    """The user said yes, and it was done (or could not be)."""


class Brain(Protocol):
    kind: Kind
    model: str | None

    async def answer(self, task: Task, hands: Hands) -> None:
        """Says and does through `hands` all there is to the turn. Raises ChatError."""

    async def close(self) -> None: ...
