"""Questions that the assistant put before doing something: open until answered or expired.

None of these functions commits.
"""

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chat_errors import TurnConflict
from app.models import Confirmation
from app.services.consent import reads_as
from app.services.turn_records import AnsweredConfirmation, TurnRequest


async def answered_by(
    session: AsyncSession, conversation_id: int, turn_id: UUID
) -> AnsweredConfirmation | None:
    """The question that this turn answered, if it did."""
    found = await session.scalar(
        select(Confirmation).where(
            col(Confirmation.conversation_id) == conversation_id,
            col(Confirmation.answered_in) == turn_id,
        )
    )
    if found is None:
        return None
    return AnsweredConfirmation(
        found.id, found.tool, found.arguments, approved=bool(found.approved)
    )


async def still_open(
    session: AsyncSession, conversation_id: int, turn_id: UUID
) -> Confirmation | None:
    """The question that this turn ended with, as long as nobody answered it."""
    found: Confirmation | None = await session.scalar(
        select(Confirmation).where(
            col(Confirmation.conversation_id) == conversation_id,
            col(Confirmation.turn_id) == turn_id,
            col(Confirmation.answered_at).is_(None),
            col(Confirmation.expires_at) > func.now(),
        )
    )
    return found


async def answer(session: AsyncSession, conversation_id: int, asked: TurnRequest) -> None:
    """Whatever the user says ends a question that was open; yes and no answer it.

    Raises TurnConflict when a particular question was answered that is not open.
    """
    question: Confirmation | None = await session.scalar(
        select(Confirmation)
        .where(
            col(Confirmation.conversation_id) == conversation_id,
            col(Confirmation.answered_at).is_(None),
            col(Confirmation.expires_at) > func.now(),
        )
        .order_by(col(Confirmation.created_at).desc())
        .limit(1)
        .with_for_update()
    )
    if asked.confirmation_id is not None and (
        question is None or question.id != asked.confirmation_id
    ):
        raise no_question()
    if question is None:
        return
    if asked.confirmation_id is not None:
        approved: bool | None = asked.approve
    else:
        approved = reads_as(asked.message)
    await session.execute(
        update(Confirmation)
        .where(col(Confirmation.id) == question.id)
        .values(
            answered_at=func.now(),
            approved=bool(approved),
            answered_in=None if approved is None else asked.turn_id,
        )
    )


def no_question() -> TurnConflict:
    return TurnConflict("This question is not open any more. Ask for it again.")
