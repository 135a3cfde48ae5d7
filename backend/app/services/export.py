"""Everything that is kept of a user, for them to take along."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import Conversation, Message, Role, Task


@dataclass(frozen=True)
class Belongings:
    """Oldest first."""

    tasks: list[Task]
    conversations: list[tuple[Conversation, list[Message]]]


async def collect(session: AsyncSession, user_id: str) -> Belongings:
    """Three queries, however many conversations there are."""
    tasks = await session.scalars(
        select(Task).where(col(Task.user_id) == user_id).order_by(col(Task.id))
    )
    conversations = await session.scalars(
        select(Conversation)
        .where(col(Conversation.user_id) == user_id)
        .order_by(col(Conversation.id))
    )
    said = await session.scalars(
        select(Message)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            col(Conversation.user_id) == user_id,
            col(Message.role).in_([role.value for role in Role]),
        )
        .order_by(col(Message.conversation_id), col(Message.id))
    )
    by_conversation = {
        number: list(group) for number, group in groupby(said, lambda m: m.conversation_id)
    }
    return Belongings(
        list(tasks), [(one, by_conversation.get(one.id or 0, [])) for one in conversations]
    )
