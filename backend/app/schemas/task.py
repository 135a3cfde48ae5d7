"""Tasks over the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.models import Priority
from app.schemas.paging import Offset, TaskLimit
from app.schemas.text import Description, DueAt, SearchText, Title


class TaskCreate(BaseModel):
    """A new task."""

    title: Title
    description: Description | None = None
    due_at: DueAt | None = None
    priority: Priority = Priority.MEDIUM
    completed: StrictBool = False


class TaskUpdate(BaseModel):
    """Changes to a task. What is left out stays; null empties description and due date, and leaves
    the others as they are."""

    title: Title | None = None
    description: Description | None = None
    due_at: DueAt | None = None
    priority: Priority | None = None
    completed: StrictBool | None = None


class TaskCompletion(BaseModel):
    """Whether a task is done. Without this body the request toggles."""

    completed: StrictBool


class TaskRead(BaseModel):
    """A task as it is kept."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    user_id: str
    title: str = Field(examples=["Buy milk"])
    description: str | None
    completed: bool
    due_at: datetime | None
    priority: Priority
    created_at: datetime
    updated_at: datetime


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
    limit: TaskLimit = 1000
    offset: Offset = 0
