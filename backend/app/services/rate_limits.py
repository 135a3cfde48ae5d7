"""Counting in windows of time: in the database, by all pods together. Does not commit."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import case, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import RateLimit


class Used(NamedTuple):
    """How often something happened in the present window, this time included."""

    number: int
    seconds_left: int
    """Until the window is over; at least 1."""


async def count(session: AsyncSession, name: str, window: timedelta) -> Used:
    """Counts one more under this name."""
    started, used = col(RateLimit.window_started_at), col(RateLimit.used)
    over = started <= func.now() - window
    counted = (
        insert(RateLimit)
        .values(name=name, used=1)
        .on_conflict_do_update(
            index_elements=[col(RateLimit.name)],
            set_={
                "used": case((over, 1), else_=used + 1),
                "window_started_at": case((over, func.now()), else_=started),
            },
        )
        .returning(used, func.extract("epoch", started + window - func.now()))
    )
    number, seconds = (await session.execute(counted)).one()
    return Used(number, max(1, round(seconds)))
