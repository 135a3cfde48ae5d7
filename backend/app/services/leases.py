"""Who may run a turn: a process holds it by a lease that it renews, or is fenced off.

None of these functions commits.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chat_errors import TurnInProgress
from app.models import Conversation, Turn, TurnState
from app.services.turn_records import ClaimedTurn

# A process that did not renew for so long is taken for dead. Renewed at a third of it.
LEASE = timedelta(seconds=15)


async def renew(session: AsyncSession, held: ClaimedTurn) -> bool:
    """Keeps the turn for another LEASE. False: it is not ours any more."""
    kept = await session.scalar(
        update(Turn)
        .where(*is_held(held))
        .values(lease_until=func.now() + LEASE)
        .returning(col(Turn.id))
    )
    return kept is not None


async def hold(session: AsyncSession, turn: Turn) -> None:
    """Gives the turn to its `holder` for one LEASE."""
    await session.execute(
        update(Turn)
        .where(
            col(Turn.conversation_id) == turn.conversation_id,
            col(Turn.id) == turn.id,
        )
        .values(
            state=TurnState.RUNNING,
            holder=turn.holder,
            lease_until=func.now() + LEASE,
            finished_at=None,
        )
        .execution_options(synchronize_session=False)
    )


async def nobody_at_work(session: AsyncSession, conversation: Conversation) -> None:
    """One turn at a time; one whose process died is over. Raises TurnInProgress."""
    busy = await session.scalar(
        select(col(Turn.id))
        .where(
            col(Turn.conversation_id) == conversation.id,
            col(Turn.state) == TurnState.RUNNING,
            col(Turn.lease_until) > func.now(),
        )
        .limit(1)
    )
    if busy is not None:
        raise TurnInProgress(retry_after=2)
    # Its process may only have stalled: from now on it cannot act any more.
    await session.execute(
        update(Turn)
        .where(
            col(Turn.conversation_id) == conversation.id,
            col(Turn.state) == TurnState.RUNNING,
        )
        .values(state=TurnState.FAILED, finished_at=func.now())
        .execution_options(synchronize_session=False)
    )


def is_held(held: ClaimedTurn) -> tuple[Any, ...]:
    """The turn, as long as it is this holder's: a condition for whatever is written for it."""
    return (
        col(Turn.conversation_id) == held.conversation_id,
        col(Turn.id) == held.turn_id,
        col(Turn.holder) == held.holder,
        col(Turn.state) == TurnState.RUNNING,
    )
