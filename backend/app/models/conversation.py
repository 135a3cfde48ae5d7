"""Conversations with the assistant and what was said in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import json, set_by_database


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """How the turn ended that a message belongs to."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Conversation(SQLModel, table=True):
    __tablename__ = "conversations"

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(max_length=64, foreign_key="users.id", ondelete="CASCADE", index=True)
    title: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    created_at: datetime = set_by_database()
    updated_at: datetime = set_by_database()


class Message(SQLModel, table=True):
    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "uq_messages_turn",
            "conversation_id",
            "turn_id",
            "role",
            unique=True,
            postgresql_where=text("turn_id IS NOT NULL"),
        ),
        CheckConstraint("status IN ('done', 'stopped', 'failed')", "messages_status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=String(20))
    content: str = Field(sa_type=Text)
    tool_calls: list[dict[str, Any]] = json(
        default_factory=list, nullable=False, sa_column_kwargs={"server_default": text("'[]'")}
    )
    """`[{id, name, arguments, result, error}]`, in the order in which they were made. In adopted
    rows whatever the earlier application wrote."""
    turn_id: UUID | None = Field(default=None)
    """None for what an earlier application wrote, which knew no turns."""
    status: MessageStatus = Field(
        default=MessageStatus.DONE,
        sa_type=String(10),
        sa_column_kwargs={"server_default": MessageStatus.DONE.value},
    )
    created_at: datetime = set_by_database()
