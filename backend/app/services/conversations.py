"""Conversations: every function acts on one user's conversations and sees nobody else's.

None of them commits.
"""

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import NotFound
from app.models import Confirmation, Conversation, Message, Role

_UNKNOWN = "There is no such conversation."


async def list_conversations(
    session: AsyncSession, user_id: str, limit: int, offset: int
) -> tuple[list[Conversation], int]:
    """A page, the one that was spoken in last comes first; and how many there are on all pages."""
    mine = col(Conversation.user_id) == user_id
    page = (
        select(Conversation)
        .where(mine)
        .order_by(col(Conversation.updated_at).desc(), col(Conversation.id).desc())
        .limit(limit)
        .offset(offset)
    )
    found = list(await session.scalars(page))
    counted = await session.scalar(select(func.count()).select_from(Conversation).where(mine))
    return found, counted or 0


async def get_conversation(
    session: AsyncSession, user_id: str, conversation_id: int
) -> Conversation:
    """Raises NotFound, also for another user's."""
    found = await session.scalar(
        select(Conversation).where(
            col(Conversation.id) == conversation_id, col(Conversation.user_id) == user_id
        )
    )
    if found is None:
        raise NotFound(_UNKNOWN)
    return found


async def messages(
    session: AsyncSession, conversation_id: int, limit: int, before: int | None
) -> tuple[list[Message], int]:
    """The last that was said (before the message `before`), in its order, and how much there is in
    the whole conversation.

    By the user and the assistant: an adopted conversation may hold notes of other roles, which were
    never for the user's eyes.
    """
    of_both = (
        col(Message.conversation_id) == conversation_id,
        col(Message.role).in_([role.value for role in Role]),
    )
    newest_first = select(Message).where(*of_both).order_by(col(Message.id).desc()).limit(limit)
    if before is not None:
        newest_first = newest_first.where(col(Message.id) < before)
    said = list(await session.scalars(newest_first))[::-1]
    if len(said) < limit and before is None:
        return said, len(said)
    counted = await session.scalar(select(func.count()).select_from(Message).where(*of_both))
    return said, counted or 0


async def pending_confirmation(session: AsyncSession, conversation_id: int) -> Confirmation | None:
    """The newest call that waits for the user's yes and has not expired."""
    waiting: Confirmation | None = await session.scalar(
        select(Confirmation)
        .where(
            col(Confirmation.conversation_id) == conversation_id,
            col(Confirmation.answered_at).is_(None),
            col(Confirmation.expires_at) > func.now(),
        )
        .order_by(col(Confirmation.created_at).desc())
        .limit(1)
    )
    return waiting


async def rename_conversation(
    session: AsyncSession, user_id: str, conversation_id: int, title: str
) -> Conversation:
    """Leaves its place in the list alone. Raises NotFound."""
    renamed: Conversation | None = await session.scalar(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, col(Conversation.user_id) == user_id)
        .values(title=title)
        .returning(Conversation)
    )
    if renamed is None:
        raise NotFound(_UNKNOWN)
    return renamed


async def delete_conversation(session: AsyncSession, user_id: str, conversation_id: int) -> None:
    """With all that was said and done in it. Raises NotFound."""
    found = await session.scalar(
        select(col(Conversation.id))
        .where(col(Conversation.id) == conversation_id, col(Conversation.user_id) == user_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound(_UNKNOWN)
    # By hand: adopted messages refer to their conversation without deleting along with it.
    await session.execute(delete(Message).where(col(Message.conversation_id) == found))
    await session.execute(delete(Conversation).where(col(Conversation.id) == found))
