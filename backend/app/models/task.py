"""Tasks."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, String, Text, false
from sqlmodel import Field, SQLModel

from app.dates import last_minute
from app.models.columns import moment, set_by_database


class Priority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    __table_args__ = (CheckConstraint("priority IN ('low', 'medium', 'high')", "tasks_priority"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(max_length=64, foreign_key="users.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=200)
    description: str | None = Field(default=None, sa_type=Text)
    completed: bool = Field(default=False, index=True, sa_column_kwargs={"server_default": false()})
    due_date: date | None = Field(default=None)
    """The day on which it is due, wherever one is; or None, when it is due at an instant."""
    due_at: datetime | None = moment(default=None, nullable=True)
    """The instant at which it is due. Of a day: its last minute where the person was, for versions
    of this program that know no days. A change of this alone takes the day away (a trigger)."""
    due_time_zone: str | None = Field(default=None, max_length=64)
    """In which the instant was meant."""
    priority: Priority = Field(
        default=Priority.MEDIUM,
        sa_type=String(10),
        sa_column_kwargs={"server_default": Priority.MEDIUM.value},
    )
    created_at: datetime = set_by_database()
    updated_at: datetime = set_by_database()

    def due_instant(self, zone: ZoneInfo) -> datetime | None:
        """The instant that stands for when it is due: of a day the last minute in this zone."""
        return last_minute(self.due_date, zone) if self.due_date else self.due_at
