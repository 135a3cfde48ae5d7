"""What each tool takes. The input schemas that clients see are made from these."""

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.models import Priority
from app.schemas.task import TaskSort, TaskStatus
from app.schemas.text import Description, DueAt, Title


class Arguments(BaseModel):
    """Nothing unknown is accepted: a misspelt argument must not be dropped in silence."""

    model_config = ConfigDict(extra="forbid")

    user_id: str | None = Field(
        default=None,
        description="Not needed: the user is the token's. If sent, it must be that user's id.",
    )


class OneTask(Arguments):
    # A task's number is a PostgreSQL integer; anything beyond one cannot name a task.
    task_id: int = Field(ge=1, le=2_147_483_647, strict=True, description="The task's number.")


class AddTask(Arguments):
    title: Title
    description: Description | None = None
    due_at: DueAt | None = None
    priority: Priority = Priority.MEDIUM


class ListTasks(Arguments):
    status: TaskStatus = TaskStatus.ALL
    sort: TaskSort = TaskSort.CREATED
    priority: Priority | None = Field(default=None, description="Only tasks of this priority.")
    due_after: DueAt | None = None
    due_before: DueAt | None = None
    limit: int = Field(default=200, ge=1, le=500, strict=True)
    offset: int = Field(default=0, ge=0, le=1_000_000, strict=True)


class CompleteTask(OneTask):
    completed: StrictBool = Field(default=True, description="False opens a finished task again.")


class UpdateTask(OneTask):
    """What is left out stays; null empties description and due date."""

    title: Title | None = None
    description: Description | None = None
    due_at: DueAt | None = None
    priority: Priority | None = None
    completed: StrictBool | None = None


class SearchTasks(Arguments):
    query: str = Field(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]*[^\s\x00][^\x00]*$",
        description="Words to look for in titles and descriptions.",
    )
    limit: int = Field(default=50, ge=1, le=500, strict=True)
