"""What a sentence was understood to mean."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Talk(StrEnum):
    """What is said to it that is no order, and why an order is not carried out."""

    HELLO = "hello"
    THANKS = "thanks"
    HELP = "help"
    NOTHING_ASKED = "nothing asked"
    UNKNOWN = "unknown"
    WHICH = "which"
    SEVERAL = "several"
    EVERYTHING = "everything"
    NOT_DONE = "not done"
    WONDERING = "wondering"
    WHICH_DATE = "which date"
    REPEATING = "repeating"
    UNSUPPORTED = "unsupported"
    WHAT_ABOUT_IT = "what about it"
    UNDO = "undo"
    BRING_BACK = "bring back"
    CORRECTED = "corrected"
    INSTEAD = "instead"
    HALVES = "halves"


class Missing(StrEnum):
    """What an order lacks, and is asked for."""

    TASK = "task"
    TITLE = "title"
    NEW_TITLE = "new title"
    DUE = "due"
    PRIORITY = "priority"
    NOTE = "note"
    CHANGE = "change"
    QUERY = "query"


@dataclass(frozen=True)
class Selection:
    """Tasks that have something in common, as they are asked for or acted on together."""

    status: str = "all"
    priority: str | None = None
    due_from: str | None = None
    """ISO 8601 days, both inclusive."""
    due_to: str | None = None
    overdue: bool = False
    undated: bool = False
    words: str = ""
    label: str = ""
    """How a person calls the time that was meant: "today", "before Friday"."""
    sort: str | None = None
    order: str | None = None
    limit: int | None = None

    @property
    def is_dated(self) -> bool:
        return bool(self.due_from or self.due_to or self.overdue or self.undated)


@dataclass(frozen=True)
class Due:
    """When a task is to be due: a day, an instant, or so many days or hours later than it is."""

    day: str | None = None
    instant: str | None = None
    later_days: int = 0
    later_hours: int = 0
    clock_only: bool = False
    """Only a time of day was named: the day stays."""
    never: bool = False

    @staticmethod
    def of(when: date | datetime, *, clock_only: bool = False) -> "Due":
        if isinstance(when, datetime):
            return Due(instant=when.isoformat(), clock_only=clock_only)
        return Due(day=when.isoformat())


@dataclass(frozen=True)
class Intent:
    """A tool with its arguments, or something to answer without one."""

    tool: str | None
    arguments: dict[str, Any] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    """The words that say which task is meant; several, which tasks."""
    whole: str = ""
    """The words before they were split into several: perhaps one title after all."""
    selection: Selection | None = None
    due: Due | None = None
    missing: Missing | None = None
    talk: Talk | None = None
    words: str = ""
    """Of the sentence, or another sentence: what the talk is about."""
    notes: tuple[str, ...] = ()
    """To be said along with the answer."""
    each: tuple["Intent", ...] = ()
    """Several things to do, after one yes."""
    offered: bool = False
    """Nobody asked for it plainly: only after a yes."""
    stated: bool = False
    """Told ("the rent is paid"), not ordered: if it fits no task, it was about something else."""
    counted: bool = False
    """ "How many …": the number is the answer."""
    about: str = ""
    """Of `get_task`: what was asked of the task, "done" or "due"."""

    def to_data(self) -> dict[str, Any]:
        """As JSON, to be kept until the next turn. Of what is asked about, never `each`."""
        return {
            name: value
            for name, value in asdict(replace(self, each=())).items()
            if value not in ({}, (), None, "", False)
        }

    @staticmethod
    def from_data(data: dict[str, Any]) -> "Intent":
        known = {each.name for each in fields(Intent)}
        values: dict[str, Any] = {key: value for key, value in data.items() if key in known}
        for name in ("references", "notes"):
            values[name] = tuple(values.get(name, ()))
        for name, kind in (("selection", Selection), ("due", Due)):
            if values.get(name):
                values[name] = kind(**values[name])
        for name, choice in (("missing", Missing), ("talk", Talk)):
            if values.get(name):
                values[name] = choice(values[name])
        return Intent(**{"tool": None, **values})


def talk(what: Talk, words: str = "") -> Intent:
    return Intent(None, talk=what, words=words)
