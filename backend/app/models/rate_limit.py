"""What is counted in windows of time, by all pods together."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import set_by_database


class RateLimit(SQLModel, table=True):
    __tablename__ = "rate_limits"

    name: str = Field(primary_key=True, max_length=100)
    """What is counted, and for whom."""
    window_started_at: datetime = set_by_database()
    used: int = Field(default=1)
