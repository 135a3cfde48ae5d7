"""Sign-ins. A token is valid only while its row is here, which is what makes revoking possible."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import Field, SQLModel

from app.models.columns import moment, set_by_database


class SignIn(SQLModel, table=True):
    __tablename__ = "sessions"

    id: str = Field(default_factory=lambda: str(uuid4()), primary_key=True, max_length=36)
    user_id: str = Field(max_length=64, foreign_key="users.id", ondelete="CASCADE", index=True)
    created_at: datetime = set_by_database()
    expires_at: datetime = moment(nullable=False)
    """Moved on whenever the refresh token is used; no access token is good beyond it."""
    last_used_at: datetime | None = moment(default=None, nullable=True)
    """To some minutes: for people to recognise a sign-in by."""
    user_agent: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    """The browser or program that signed in, as it calls itself."""
    refresh_sha256: str | None = Field(default=None, max_length=64)
    """Of the refresh token that is good now, hexadecimal. None for a sign-in without one, which
    versions of this program before 1.1 made."""
    previous_refresh_sha256: str | None = Field(default=None, max_length=64)
    """Of the one before it, which a second tab may be using at the same moment."""
    rotated_at: datetime | None = moment(default=None, nullable=True)
    """When the present refresh token took the place of the one before it."""
