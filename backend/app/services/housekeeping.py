"""Removing what is kept for a time only, also when nobody does anything that would remove it."""

import asyncio
import logging
import random
from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.database import Database
from app.errors import DatabaseUnavailable
from app.models import DeletedTask, LoginThrottle, RateLimit, SignIn
from app.services import deleted_tasks, login_limit

# Twice a day: a serverless database that sleeps is woken no more often than that.
EVERY = timedelta(hours=12)
# After the start, in seconds: not while a pod has better to do, nor all pods at the same moment.
_FIRST = (60, 600)
# The longest window in which anything is counted is ten minutes.
_COUNTED = timedelta(hours=1)

log = logging.getLogger("app.housekeeping")


async def run(database: Database) -> None:
    """Until it is cancelled."""
    await asyncio.sleep(random.uniform(*_FIRST))  # noqa: S311 - no secret
    while True:
        try:
            await database.transaction(clean)
        except DatabaseUnavailable:
            log.warning("nothing was cleaned up: the database does not answer")
        except Exception:
            log.exception("cleaning up failed")
        await asyncio.sleep(EVERY.total_seconds())


async def clean(session: AsyncSession) -> None:
    """Does not commit."""
    for kept, since, life in (
        (DeletedTask, DeletedTask.deleted_at, deleted_tasks.RESTORABLE),
        (LoginThrottle, LoginThrottle.window_started_at, login_limit.WINDOW),
        (RateLimit, RateLimit.window_started_at, _COUNTED),
        (SignIn, SignIn.expires_at, timedelta(0)),
    ):
        await session.execute(delete(kept).where(col(since) < func.now() - life))
