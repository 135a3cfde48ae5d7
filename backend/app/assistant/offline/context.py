"""What one turn leaves for the next: its open question, the tasks it named, what can be undone.

Kept with the turn in the database, so that any pod can answer. The question counts in the very
next turn alone, and not after it has expired.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.assistant.offline.intent import Intent
from app.mcp.tools import Json

STANDS = timedelta(minutes=10)
"""How long a question waits for its answer, as confirmations do."""
_MOST_NAMED = 50
_MOST_UNDOABLE = 10

Task = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """Something that was done, and the calls that take it back."""

    said: str
    """What it was, as the answer to "undo" calls it."""
    calls: list[dict[str, Json]]
    """`[{"tool": …, "arguments": {…}}]`."""
    deletes: bool = False


@dataclass(frozen=True)
class Open:
    """A question that was asked: `which` of these tasks, `missing` what an order lacks, whether
    another sentence was meant `instead`, or a `confirmation` (kept in a table of its own)."""

    kind: str
    intent: Intent
    candidates: list[Task] = field(default_factory=list)
    sentence: str = ""
    expires_at: str = ""
    back: list[dict[str, Json]] = field(default_factory=list)
    """Of a confirmation: for each call the one that would take it back."""


@dataclass(frozen=True)
class Context:
    question: Open | None = None
    named: list[Task] = field(default_factory=list)
    """`[{"id", "title", "completed"}]`, in the order in which they were named."""
    done: list[Step] = field(default_factory=list)
    """The newest is the last."""
    last: Intent | None = None
    """The order that was carried out or asked about, for "no, I meant …"."""
    helped: bool = False
    """The help was shown already in this conversation."""

    @staticmethod
    def load(data: dict[str, Any] | None, now: datetime) -> "Context":
        if not data:
            return Context()
        question = data.get("question")
        opened = None
        if question and datetime.fromisoformat(question["expires_at"]) > now:
            opened = Open(**{**question, "intent": Intent.from_data(question["intent"])})
        last = data.get("last")
        return Context(
            opened,
            data.get("named", []),
            [Step(**step) for step in data.get("done", [])],
            Intent.from_data(last) if last else None,
            bool(data.get("helped")),
        )

    def dump(self, now: datetime) -> dict[str, Any]:
        question = None
        if self.question is not None:
            asked = replace(self.question, expires_at=(now + STANDS).isoformat())
            question = {
                **asdict(replace(asked, intent=Intent(None))),
                "intent": asked.intent.to_data(),
            }
        return {
            "question": question,
            "named": [
                {key: task[key] for key in ("id", "title", "completed")}
                for task in self.named[:_MOST_NAMED]
            ],
            "done": [asdict(step) for step in self.done[-_MOST_UNDOABLE:]],
            "last": self.last.to_data() if self.last else None,
            "helped": self.helped,
        }
