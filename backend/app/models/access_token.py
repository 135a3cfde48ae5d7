"""Tokens that a user makes for other programs to reach the MCP server with."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.columns import moment, set_by_database


class AccessToken(SQLModel, table=True):
    __tablename__ = "access_tokens"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: str = Field(max_length=64, foreign_key="users.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=100)
    sha256: str = Field(max_length=64, unique=True)
    """Hexadecimal. The token itself is shown once and kept nowhere; it has 256 random bits, so a
    slow hash would protect nothing."""
    created_at: datetime = set_by_database()
    expires_at: datetime = moment(nullable=False)
    last_used_at: datetime | None = moment(default=None, nullable=True)
