"""Tasks that were deleted a short while ago and can be restored."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.models.columns import json, set_by_database


class DeletedTask(SQLModel, table=True):
    """A row that left `tasks`, so that no other query, and no older version, comes across it."""

    __tablename__ = "deleted_tasks"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    user_id: str = Field(max_length=64, foreign_key="users.id", ondelete="CASCADE", index=True)
    task: dict[str, Any] = json(nullable=False)
    """The whole row, also the columns that an adopted table has and we know nothing of."""
    deleted_at: datetime = set_by_database()
