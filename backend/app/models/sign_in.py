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
    """No renewal goes beyond this."""
