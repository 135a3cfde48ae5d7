"""Whether this pod should be sent requests.

The database is asked as seldom as possible: requests that succeed are proof enough, and without any
requests the last answer stands. So a serverless database (Neon) may fall asleep, and a pool that is
busy with real work is not mistaken for a broken one.
"""

import asyncio
import logging
import time

from app import up_to_date
from app.database import Database
from app.errors import DatabaseUnavailable
from app.lifecycle import Lifecycle
from app.schemas.health import NotReady

# Below the probe's own time limit of 3 s, so that the kubelet gets an answer.
LIMIT = 2.0
# While requests come, a success this recent needs no check of its own; the probe asks every 5 s.
FRESH = 5.0

log = logging.getLogger("app.health")


class Readiness:
    """One per process."""

    def __init__(self, database: Database, lifecycle: Lifecycle) -> None:
        self._database = database
        self._lifecycle = lifecycle
        self._running: asyncio.Task[bool] | None = None
        self._migrated = False

    async def problem(self) -> NotReady | None:
        """Why no requests should be sent here, or None."""
        if self._lifecycle.draining:
            return NotReady(status="draining")
        if self._migrated and self._known_good():
            return None
        if not await self.database_answers():
            return NotReady(status="database unavailable")
        return None if self._migrated else NotReady(status="database not migrated")

    async def works(self) -> bool:
        """Asks the database now, which must also have the tables that this version needs."""
        return await self.database_answers() and self._migrated

    async def database_answers(self) -> bool:
        """Asks it now. Callers at the same moment share one question, so that probes never pile up
        on a database that hangs; each waits for LIMIT seconds at most."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._ask())
        done, _ = await asyncio.wait({self._running}, timeout=LIMIT)
        if not done:
            self._database.mark_failure()
            return False
        return self._running.result()

    def _known_good(self) -> bool:
        database = self._database
        attempt, success, failure = (
            database.last_attempt,
            database.last_success,
            database.last_failure,
        )
        if attempt is None or success is None or (failure is not None and failure > success):
            return False
        return attempt <= success or time.monotonic() - success < FRESH

    async def _ask(self) -> bool:
        try:
            if self._migrated:
                await self._database.ping()
            else:
                await self._compare_revision()
        except DatabaseUnavailable as error:
            log.warning("the database does not answer", extra={"cause": str(error.__cause__)})
            return False
        return True

    async def _compare_revision(self) -> None:
        # Once it is the right one it stays so: no program of ours takes a migration back.
        present = await self._database.revision()
        self._migrated = up_to_date.serves(present)
        if not self._migrated:
            log.warning(
                "the database is not migrated: run python -m app.migrate",
                extra={"revision": present, "needed": up_to_date.newest()},
            )

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})
