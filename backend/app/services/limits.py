"""What one user may take of everybody's application: so many tasks, so many changes a minute.

None of the functions with a session commits.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.database import Database
from app.errors import TooManyChanges, TooManyRegistrations, TooManyTasks
from app.models import RateLimit, Task
from app.services import rate_limits

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Limits:
    """As the settings have them."""

    tasks: int
    """The most that a user has at a time, deleted ones not counted."""
    writes_per_minute: int

    async def count_write(self, session: AsyncSession, user_id: str) -> None:
        """Counts one change with the transaction in which it is made. Raises TooManyChanges."""
        used = await rate_limits.count(session, _writes(user_id), _MINUTE)
        if used.number > self.writes_per_minute:
            raise TooManyChanges(retry_after=used.seconds_left)

    async def check_room(self, session: AsyncSession, user_id: str) -> None:
        """Whether there may be one more task. Of some that are added at the same moment a few may
        slip past: the limit is there for memory, not for the number. Raises TooManyTasks."""
        mine = select(func.count()).where(col(Task.user_id) == user_id)
        if (await session.scalar(mine) or 0) >= self.tasks:
            raise TooManyTasks(
                f"There are {self.tasks:,} tasks already, the most that an account can hold. "
                "Delete some that are no longer needed."
            )


@dataclass(frozen=True)
class TurnLimits:
    """Of one user's turns of the assistant, as the settings have them."""

    per_minute: int
    history: int = 30
    """How many of the messages before it the model is shown."""


async def count_registration(database: Database, per_minute: int) -> None:
    """Counts one attempt, whatever comes of it. Raises TooManyRegistrations."""
    used = await database.transaction(
        lambda session: rate_limits.count(session, "registrations", _MINUTE)
    )
    if used.number > per_minute:
        raise TooManyRegistrations(retry_after=used.seconds_left)


async def forget(session: AsyncSession, user_id: str) -> None:
    """What was counted of a user who leaves."""
    await session.execute(delete(RateLimit).where(col(RateLimit.name) == _writes(user_id)))


def _writes(user_id: str) -> str:
    return f"writes {user_id}"
