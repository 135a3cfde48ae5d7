"""Failed sign-ins per account, counted by all pods together."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import set_by_database


class LoginThrottle(SQLModel, table=True):
    __tablename__ = "login_throttle"

    account: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the email address: also of addresses that nobody registered, which are not ours
    to keep in clear."""
    window_started_at: datetime = set_by_database()
    failures: int = Field(default=1)
