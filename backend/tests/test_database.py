"""Transactions that meet, and errors that say nothing of the database's health."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.database_url import normalised_database_url
from app.errors import TransactionConflict

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(empty_database: str) -> AsyncIterator[Database]:
    database = Database(normalised_database_url(empty_database), 2)
    async with database.session() as session:
        await session.execute(text("CREATE TABLE pairs (id integer PRIMARY KEY, n integer)"))
        await session.execute(text("INSERT INTO pairs VALUES (1, 0), (2, 0)"))
        await session.commit()
    yield database
    await database.close()


async def increase(session: AsyncSession, row: int) -> None:
    await session.execute(text("UPDATE pairs SET n = n + 1 WHERE id = :row"), {"row": row})


async def test_of_two_that_wait_for_each_other_the_one_that_was_ended_is_done_anew(
    database: Database,
) -> None:
    both_hold_one = asyncio.Barrier(2)
    attempts: list[int] = []

    async def change(first: int, second: int) -> None:
        async def work(session: AsyncSession) -> None:
            await increase(session, first)
            attempts.append(first)
            if len(attempts) <= 2:
                await both_hold_one.wait()
            await increase(session, second)

        await database.transaction(work)

    await asyncio.gather(change(1, 2), change(2, 1))
    assert len(attempts) == 3
    async with database.session() as session:
        rows = await session.scalars(text("SELECT n FROM pairs ORDER BY id"))
        assert list(rows) == [2, 2], "each was done once"
    assert database.last_failure is None


async def test_a_lock_that_is_not_to_be_had_says_nothing_of_the_databases_health(
    database: Database,
) -> None:
    async with database.session() as holder:
        await increase(holder, 1)
        with pytest.raises(TransactionConflict) as refused:
            async with database.session() as session:
                await session.execute(text("SELECT FROM pairs WHERE id = 1 FOR UPDATE NOWAIT"))
    assert timedelta(seconds=refused.value.retry_after or 0) > timedelta(0)
    assert database.last_failure is None
