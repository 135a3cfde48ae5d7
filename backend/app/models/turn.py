"""Turns of a conversation: one message of the user's, and all that the assistant does about it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Identity, String
from sqlmodel import Field, SQLModel

from app.models.columns import json, moment, set_by_database


class TurnState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Turn(SQLModel, table=True):
    __tablename__ = "turns"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'stopped', 'failed')", "turns_state"),
    )

    conversation_id: int = Field(
        primary_key=True, foreign_key="conversations.id", ondelete="CASCADE"
    )
    id: UUID = Field(primary_key=True)
    """Made by the client, so that it can ask again for the same turn. Unique in a conversation."""
    user_id: str = Field(max_length=64, foreign_key="users.id", ondelete="CASCADE", index=True)
    request_hash: str = Field(max_length=64)
    """SHA-256, hexadecimal, of what was asked: the same id for something else is a conflict."""
    state: TurnState = Field(
        default=TurnState.RUNNING,
        sa_type=String(10),
        sa_column_kwargs={"server_default": TurnState.RUNNING.value},
    )
    holder: UUID = Field(default_factory=uuid4)
    """Drawn anew whenever a process takes the turn up. Tool calls name it, so that a process which
    lost the turn (stalled beyond its lease) cannot act for it any more."""
    lease_until: datetime | None = moment(default=None, nullable=True)
    """Until then the turn belongs to the pod that runs it; afterwards any pod may go on with it."""
    started_at: datetime = set_by_database()
    finished_at: datetime | None = moment(default=None, nullable=True)
    context: dict[str, Any] | None = json(default=None, nullable=True)
    """What the offline assistant needs to know in the next turn: the question that it asked, the
    tasks that it named, and what can be undone (`app.assistant.offline.context`)."""


def _turn() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ("conversation_id", "turn_id"), ("turns.conversation_id", "turns.id"), ondelete="CASCADE"
    )


class ToolEffect(SQLModel, table=True):
    """A tool call that was made: written in the transaction in which the tool acts, so that a turn
    that is begun again never acts twice."""

    __tablename__ = "tool_effects"
    __table_args__ = (_turn(),)

    conversation_id: int = Field(primary_key=True)
    turn_id: UUID = Field(primary_key=True)
    call_key: str = Field(primary_key=True, max_length=200)
    tool: str = Field(max_length=64)
    arguments: dict[str, Any] = json(nullable=False)
    result: Any = json(default=None, nullable=True)
    error: str | None = Field(default=None)
    position: int | None = Field(
        default=None, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    """The order in which the calls were made."""
    created_at: datetime = set_by_database()


class Confirmation(SQLModel, table=True):
    """A call that waits for the user's yes. Any pod can answer it."""

    __tablename__ = "confirmations"
    __table_args__ = (_turn(),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: int = Field(index=True)
    turn_id: UUID
    tool: str = Field(max_length=64)
    arguments: dict[str, Any] = json(nullable=False)
    prompt: str
    created_at: datetime = set_by_database()
    expires_at: datetime = moment(nullable=False)
    answered_at: datetime | None = moment(default=None, nullable=True)
    approved: bool | None = Field(default=None)
    answered_in: UUID | None = Field(default=None)
    """The turn that answered; a turn that is begun again finds its answer here."""


class ChatUsage(SQLModel, table=True):
    """Turns that a user began in the running minute, counted by all pods together."""

    __tablename__ = "chat_usage"

    user_id: str = Field(
        primary_key=True, max_length=64, foreign_key="users.id", ondelete="CASCADE"
    )
    window_started_at: datetime = set_by_database()
    turns: int = Field(default=1)
