"""How often a user may ask the assistant: counted in the database, by all pods together."""

from datetime import timedelta

from sqlalchemy import case, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chat_errors import RateLimited
from app.models import ChatUsage

WINDOW = timedelta(minutes=1)


async def count(session: AsyncSession, user_id: str, per_minute: int) -> None:
    """Counts one turn. Raises RateLimited. Does not commit."""
    started, turns = col(ChatUsage.window_started_at), col(ChatUsage.turns)
    over = started <= func.now() - WINDOW
    counted = (
        insert(ChatUsage)
        .values(user_id=user_id, turns=1)
        .on_conflict_do_update(
            index_elements=[col(ChatUsage.user_id)],
            set_={
                "turns": case((over, 1), else_=turns + 1),
                "window_started_at": case((over, func.now()), else_=started),
            },
        )
        .returning(turns, func.extract("epoch", started + WINDOW - func.now()))
    )
    used, seconds_left = (await session.execute(counted)).one()
    if used > per_minute:
        raise RateLimited(retry_after=max(1, round(seconds_left)))
