"""What answers a turn: the interface of both brains."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.assistant.events import Kind
from app.assistant.hands import Hands
from app.mcp.tools import Json
from app.models import Message
from app.services.turn_records import Answered


@dataclass(frozen=True)
class Approved:
    """The user's answer to a question, with what came of it."""

    question: Answered
    result: Json
    error: str | None


@dataclass(frozen=True)
class Task:
    """What is to be answered."""

    message: str
    history: list[Message]
    now: datetime
    approved: Approved | None = None
    """The user said yes, and it was done (or could not be)."""


class Brain(Protocol):
    kind: Kind
    model: str | None

    async def answer(self, task: Task, hands: Hands) -> None:
        """Says and does through `hands` all there is to the turn. Raises ChatError."""

    async def close(self) -> None: ...
