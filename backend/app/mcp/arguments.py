"""What each tool takes. The input schemas that clients see are made from these.

The schemas are short: a model reads all of them at every call, and some model APIs refuse patterns.
What they leave unsaid is checked all the same, and refused in a sentence that a model can act on.
"""

import re
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from app.dates import at_local_time
from app.models import Priority
from app.schemas.task import Order, TaskSort, TaskStatus
from app.schemas.text import TITLE, Day, Description, SearchText, instant_in_range


def _whole_number(value: object) -> int:
    """Models send numbers as "1", "#1" or 1.0."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*#?[0-9]{1,19}\s*", value):
        return int(value.strip(" \t\r\n#"))
    raise ValueError("must be a whole number")


def _truth(value: object) -> object:
    known = {"true": True, "false": False}
    return known.get(value.strip().lower(), value) if isinstance(value, str) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
Truth = Annotated[bool, Field(strict=True), BeforeValidator(_truth)]
ShortTitle = Annotated[
    str,
    AfterValidator(TITLE.check),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200}),
]
ShortDescription = Annotated[Description, WithJsonSchema({"type": "string", "maxLength": 1000})]
Words = Annotated[
    SearchText,
    AfterValidator(_not_blank),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200}),
]
ShortDay = Annotated[Day, WithJsonSchema({"type": "string", "format": "date"})]

_WHEN = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s?([Zz]|[+-]\d\d:?\d\d)?)?"
)


def _when(value: object) -> object:
    found = _WHEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a time such as 2026-12-31T18:00:00+01:00")
    day, time, offset = found.groups()
    if time is None:
        return date.fromisoformat(day)
    offset = {"z": "+00:00", None: ""}.get(offset and offset.lower(), offset)
    return datetime.fromisoformat(f"{day}T{time}{offset}")


When = Annotated[
    datetime | date,
    BeforeValidator(_when),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time with its offset; or as models also write it: without one, where the user is, or a day."""


def instant(when: datetime, zone: ZoneInfo) -> datetime:
    """Raises ValueError."""
    aware = at_local_time(when.date(), when.time(), zone) if when.tzinfo is None else when
    return instant_in_range(aware)


class Arguments(BaseModel):
    """Nothing unknown is accepted: a misspelt argument must not be dropped in silence."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    user_id: str | None = Field(
        default=None,
        description="Not needed: the user is the token's. If sent, it must be that user's id.",
    )


class OneTask(Arguments):
    # A task's number is a PostgreSQL integer; anything beyond one cannot name a task.
    task_id: WholeNumber = Field(ge=1, le=2_147_483_647, description="The task's number.")


class Due(Arguments):
    due_date: ShortDay | None = Field(default=None, description="Due on this whole day.")
    due_at: When | None = Field(
        default=None, description="Due at this time. Without an offset: where the user is."
    )


class AddTask(Due):
    title: ShortTitle
    description: ShortDescription | None = None
    priority: Priority = Priority.MEDIUM


class ListTasks(Arguments):
    status: TaskStatus = Field(
        default=TaskStatus.ALL, validation_alias=AliasChoices("status", "filter")
    )
    sort: TaskSort = TaskSort.CREATED
    order: Order | None = Field(
        default=None,
        description="Left out: newest first, A to Z, soonest due first, most urgent first.",
    )
    priority: Priority | None = Field(default=None, description="Only tasks of this priority.")
    due_on: ShortDay | None = Field(
        default=None,
        validation_alias=AliasChoices("due_on", "due_date"),
        description="Due on this day, where the user is.",
    )
    due_from: ShortDay | None = Field(default=None, description="Due on this day or later.")
    due_to: ShortDay | None = Field(default=None, description="Due on this day or earlier.")
    due_after: When | None = Field(default=None, description="Due at this time or later.")
    due_before: When | None = Field(default=None, description="Due before this time.")
    overdue: Truth | None = Field(
        default=None, description="Only what is not done although it was due."
    )
    limit: WholeNumber = Field(default=200, ge=1, le=500)
    offset: WholeNumber = Field(
        default=0, ge=0, le=1_000_000, description="The next_offset of the page before."
    )


class CompleteTask(OneTask):
    completed: Truth = Field(default=True, description="False opens a finished task again.")


class UpdateTask(OneTask, Due):
    """What is left out stays; null empties description and due date."""

    title: ShortTitle | None = None
    description: ShortDescription | None = None
    priority: Priority | None = None
    completed: Truth | None = None


class SearchTasks(Arguments):
    query: Words = Field(
        validation_alias=AliasChoices("query", "keyword"),
        description="Words to look for in titles and descriptions.",
    )
    limit: WholeNumber = Field(default=50, ge=1, le=500)
    offset: WholeNumber = Field(
        default=0, ge=0, le=1_000_000, description="The next_offset of the page before."
    )
