"""Tasks over the wire."""

import asyncio
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator
from sqlalchemy import Row

from app.dates import last_minute
from app.models import Priority, Task
from app.schemas.paging import Offset, TaskLimit
from app.schemas.text import Day, Description, DueAt, Moment, SearchText, TimeZone, Title

TaskRow = Row[Any]
"""The columns of a task, as they are read for a list."""

# Some milliseconds of a pod's half a CPU.
_AT_A_TIME = 200
# Of a task as it was read, which clients send back whole; nobody can set them.
_READ_ONLY = frozenset({"id", "user_id", "created_at", "updated_at"})


class _TaskFields(BaseModel):
    """Nothing unknown is accepted: a misspelt field must not be dropped in silence."""

    model_config = ConfigDict(extra="forbid")

    due_date: Annotated[
        Day | None,
        Field(
            description="Due on this day, whole, wherever one is. Together with `due_at` only if "
            "that is the day's last minute."
        ),
    ] = None
    due_at: Annotated[DueAt | None, Field(description="Due at this instant.")] = None
    due_time_zone: Annotated[
        TimeZone | None,
        Field(description="In which the instant is meant. Left out: where the person is."),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_read_only(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if name not in _READ_ONLY}


class TaskCreate(_TaskFields):
    """A new task."""

    title: Title
    description: Description | None = None
    priority: Priority = Priority.MEDIUM
    completed: StrictBool = False


class TaskUpdate(_TaskFields):
    """Changes to a task. What is left out stays; null empties description and due date, and leaves
    the others as they are. A day takes the place of an instant, and an instant that of a day; the
    `due_at` that was read of a day leaves the day."""

    title: Title | None = None
    description: Description | None = None
    priority: Priority | None = None
    completed: StrictBool | None = None


class TaskCompletion(BaseModel):
    """Whether a task is done. Without this body the request toggles."""

    completed: StrictBool


class ToolTask(BaseModel):
    """A task as it is kept, for somebody who knows whose it is."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    title: str = Field(examples=["Buy milk"])
    description: str | None = None
    """Left out where it was not asked for."""
    completed: bool
    due_date: date | None = Field(description="The day on which it is due, or null.")
    due_at: Moment | None = Field(
        description="The instant at which it is due; of a day its last minute, where the person "
        "is, for clients that know no days; or null."
    )
    due_time_zone: str | None = Field(description="In which the instant was meant.")
    priority: Priority
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, task: Task | TaskRow, zone: ZoneInfo) -> Self:
        """For somebody in this zone."""
        read = cls.model_validate(task)
        read.show_in(zone)
        return read

    @classmethod
    async def each_of(cls, tasks: Sequence[TaskRow], zone: ZoneInfo) -> list[Self]:
        """Of a whole page, letting other requests go on in between."""
        read = []
        for start in range(0, len(tasks), _AT_A_TIME):
            read += [cls.of(task, zone) for task in tasks[start : start + _AT_A_TIME]]
            await asyncio.sleep(0)
        return read

    def show_in(self, zone: ZoneInfo) -> None:
        """Gives a day the instant that it has for clients that know no days."""
        if self.due_date is not None:
            self.due_at = last_minute(self.due_date, zone)


class TaskRead(ToolTask):
    """A task as it is kept."""

    user_id: str
    description: str | None


class TaskStatus(StrEnum):
    """Which tasks a list shows."""

    ALL = "all"
    PENDING = "pending"
    COMPLETED = "completed"


class TaskSort(StrEnum):
    """A list's order: newest, last changed, A to Z, soonest due, most urgent first."""

    CREATED = "created"
    UPDATED = "updated"
    TITLE = "title"
    DUE_DATE = "due_date"
    PRIORITY = "priority"


class Order(StrEnum):
    ASC = "asc"
    DESC = "desc"


class TaskFilter(BaseModel):
    """Which tasks a list shows, and in which order."""

    model_config = ConfigDict(extra="forbid")

    status: TaskStatus = TaskStatus.ALL
    sort: TaskSort = TaskSort.CREATED
    order: Annotated[
        Order | None,
        Field(
            description="Left out: newest first, last changed first, A to Z, soonest first, most "
            "urgent first. `desc` is newest, last changed, Z to A, latest and most urgent first. "
            "Tasks without a due date come last either way."
        ),
    ] = None
    search: Annotated[
        SearchText | None,
        Field(
            description="Words that must all occur in the title or the description, in any case."
        ),
    ] = None
    priority: Priority | None = None
    due_after: Annotated[DueAt | None, Field(description="Due at this time or later.")] = None
    due_before: Annotated[DueAt | None, Field(description="Due before this time.")] = None
    due_on: Annotated[
        Day | None, Field(description="Due on this day: an instant on its day where one is.")
    ] = None
    due_from: Annotated[Day | None, Field(description="Due on this day or later.")] = None
    due_to: Annotated[Day | None, Field(description="Due on this day or earlier.")] = None
    overdue: Annotated[
        bool | None,
        Field(description="Not done, and its day is over or its instant has passed; or not so."),
    ] = None
    limit: TaskLimit = 1000
    offset: Offset = 0
