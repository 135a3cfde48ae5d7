"""The connection pool to PostgreSQL, and what is known of the database's health from using it."""

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import event, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from app.errors import (
    DatabaseTooSlow,
    DatabaseUnavailable,
    DoesNotFit,
    ServiceError,
    TransactionConflict,
)

# How long a request waits for a free connection of the pool, in seconds. With 3, on processors that
# a rollout takes, one of 3,283 requests at 70 % of the capacity waited longer (measured). Behind a
# lost database nobody waits, see LOST_AFTER.
POOL_WAIT = 5
# libpq's own limits: an unreachable host is given up after `connect_timeout` seconds, a peer that
# went silent after `tcp_user_timeout` milliseconds, instead of the kernel's many minutes.
_CONNECT_ARGS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 30,
    "application_name": "todo-backend",
}
# Seconds after which a connection is tried before it is used again.
RESTED = 5.0
# Seconds of failures without one success after which nobody queues for the database any more. A
# restart of PostgreSQL's own processes is shorter and fails only what it cuts off.
LOST_AFTER = 1.0
# Seconds that the driver gets to have the server cancel a statement that ran out of time; after
# them the connection is closed, whatever the server does.
CANCEL_SECONDS = 1.0
# Seconds before a transaction that another one was in the way of is done anew.
_AGAIN_AFTER = (0.02, 0.1, 0.3)
# SQLSTATEs: deadlock, serialisation failure, a lock that was not to be had in time.
_CONFLICTS = frozenset({"40P01", "40001", "55P03"})
# Cancelled: by its own time limit, or by whoever runs the database.
_CANCELLED = "57014"
# A text for a column that has no room for it.
_TOO_LONG = "22001"

Result = TypeVar("Result")


def connect_args(url: URL) -> dict[str, Any]:
    """For a connection to `url`, whose own options come first."""
    return {
        **{name: value for name, value in _CONNECT_ARGS.items() if name not in url.query},
        # Prepared statements do not survive a transaction pooler such as PgBouncer.
        "prepare_threshold": None,
    }


async def first_of(session: AsyncSession, read: Callable[[], Awaitable[Result]]) -> Result:
    """What `read` gave, the first that is done in the session: tried once more where the connection
    turned out to be dead, as it may when it was used a moment before."""
    try:
        return await read()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        await session.rollback()
        return await read()


def _note_return(_: object, record: ConnectionPoolEntry) -> None:
    record.info["returned"] = time.monotonic()


class Database:
    """One pool per process. `session()` is the only way to a connection."""

    def __init__(self, url: URL, pool_size: int, seconds: float = 10.0) -> None:
        """`seconds` is the longest that a session takes, all its statements together."""
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_WAIT,
            pool_recycle=300,
            # Errors are logged; the values in a statement (hashes, texts) must not be.
            hide_parameters=True,
            connect_args=connect_args(url),
        )
        self._pool_size = pool_size
        self._seconds = seconds
        self._sessions_open = 0
        self._failing_since: float | None = None
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        self.last_attempt: float | None = None
        self.last_success: float | None = None
        self.last_failure: float | None = None
        event.listen(self._engine.sync_engine, "after_cursor_execute", self._mark_success)
        event.listen(self._engine.sync_engine, "checkin", _note_return)
        event.listen(self._engine.sync_engine, "checkout", self._try_after_rest)

    def _try_after_rest(
        self, connection: DBAPIConnection, record: ConnectionPoolEntry, _: object
    ) -> None:
        """What died while idle (restart, suspended Neon) is replaced, not handed out.

        SQLAlchemy's own pre-ping would ask before every use: three round trips to save none.
        """
        if time.monotonic() - record.info.get("returned", math.inf) < RESTED:
            return
        try:
            self._engine.dialect.do_ping(connection)
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    def _mark_success(self, *_: object) -> None:
        self.last_success = time.monotonic()
        self._failing_since = None

    def mark_failure(self) -> None:
        self.last_failure = time.monotonic()

    def _mark_broken(self) -> None:
        self.mark_failure()
        if self._failing_since is None:
            self._failing_since = self.last_failure

    def _is_lost(self) -> bool:
        since = self._failing_since
        return since is not None and time.monotonic() - since > LOST_AFTER

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session that is closed at the end; what was not committed is rolled back.

        Raises DatabaseUnavailable when there is no connection to be had or it broke; at once, where
        the database is lost and as many sessions as the pool has connections try it already: to
        wait behind those would only take everybody longer to hear the same. Raises DatabaseTooSlow
        at the end of its time, and TransactionConflict.
        """
        self.last_attempt = time.monotonic()
        if self._is_lost() and self._sessions_open >= self._pool_size:
            raise DatabaseUnavailable(retry_after=2)
        self._sessions_open += 1
        # Here and not in the database, where a limit could only be set for a session, which a
        # pooler gives to others; and a server that is stopped would keep no limit of its own.
        limit = asyncio.timeout(self._seconds)
        try:
            # The driver answers a cancelled task by having the server cancel the statement. The
            # second limit ends that too.
            async with (
                asyncio.timeout(self._seconds + CANCEL_SECONDS),
                limit,
                self._sessions() as session,
            ):
                yield session
        except PoolTimeout as error:
            self.mark_failure()
            raise DatabaseUnavailable(retry_after=2) from error
        except TimeoutError as error:
            if not limit.expired():
                raise
            self.mark_failure()
            raise DatabaseTooSlow(retry_after=2) from error
        except DBAPIError as error:
            if (known := self._known(error)) is None:
                raise
            raise known from error
        finally:
            self._sessions_open -= 1

    def _known(self, error: DBAPIError) -> ServiceError | None:
        """What to tell of it, or None for an error in what was asked. What another transaction or
        a slow statement brought about says nothing of the database's health."""
        state = getattr(error.orig, "sqlstate", None)
        if state in _CONFLICTS:
            return TransactionConflict(retry_after=1)
        if state == _CANCELLED:
            return DatabaseTooSlow(retry_after=2)
        if state == _TOO_LONG:
            return DoesNotFit()
        if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
            self._mark_broken()
            return DatabaseUnavailable(retry_after=2)
        return None

    async def transaction(self, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
        """What `work` gave, committed; done anew where another transaction was in its way, so it
        must do nothing but use the session. Raises as `session`."""
        for wait in _AGAIN_AFTER:
            try:
                return await self._once(work)
            except TransactionConflict:
                # Not all at the same moment again.
                await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
        return await self._once(work)

    async def _once(self, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
        async with self.session() as session:
            result = await work(session)
            await session.commit()
            return result

    def connections_in_use(self) -> int:
        pool = self._engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    async def ping(self) -> None:
        """One round trip. Raises DatabaseUnavailable."""
        async with self.session() as session:
            await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
            await session.execute(text("SELECT 1"))

    async def revision(self) -> str | None:
        """The schema's; None for one that was never migrated. Raises DatabaseUnavailable."""
        async with self.session() as session:
            if await session.scalar(text("SELECT to_regclass('alembic_version')")) is None:
                return None
            found: str | None = await session.scalar(
                text("SELECT version_num FROM alembic_version")
            )
            return found

    async def close(self) -> None:
        await self._engine.dispose()
