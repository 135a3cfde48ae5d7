"""Accounts."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import Field, SQLModel

from app.models.columns import set_by_database


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: str = Field(default_factory=lambda: str(uuid4()), primary_key=True, max_length=64)
    email: str = Field(max_length=254, unique=True)
    """Lower case, so that unique means unique."""
    hashed_password: str | None = Field(default=None, max_length=255)
    """None for an account that was taken over from elsewhere without its password."""
    time_zone: str | None = Field(default=None, max_length=64)
    """Where they are, as their browser last said: an IANA name."""
    created_at: datetime = set_by_database()
    updated_at: datetime = set_by_database()
