"""Tasks over the wire."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.models import Priority
from app.schemas.text import Description, DueAt, Title


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
    """A list's order: newest first, by title, soonest first (undated last), most urgent first."""

    CREATED = "created"
    TITLE = "title"
    DUE_DATE = "due_date"
    PRIORITY = "priority"
