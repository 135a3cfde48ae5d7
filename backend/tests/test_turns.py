"""Who may write for a turn: its holder, and nobody who lost it."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from app.database import Database
from app.database_url import normalised_database_url
from app.models import MessageStatus
from app.services import leases, turns
from app.services.turn_records import Asked, Finished, Held
from tests.people import register

pytestmark = pytest.mark.anyio


async def test_a_process_that_lost_its_turn_writes_nothing_more(
    client: httpx.AsyncClient, database_url: str
) -> None:
    user = (await register(client)).user_id
    asked = Asked(turn_id=uuid4(), message="add a task to call mum", request_hash="same")
    database = Database(normalised_database_url(database_url), 2)

    async def begin() -> Held:
        async with database.session() as session:
            held = await turns.begin(session, user, asked, per_minute=100)
            await session.commit()
        assert isinstance(held, Held)
        return held

    async def finish(held: Held) -> Finished | None:
        async with database.session() as session:
            done = await turns.finish(session, held, MessageStatus.DONE, "Done.", [])
            await session.commit()
        return done

    try:
        stalled = await begin()
        async with database.session() as session:
            await session.execute(text("UPDATE turns SET lease_until = now() - interval '1 s'"))
            await session.commit()
        takes_over = await begin()
        async with database.session() as session:
            assert not await leases.renew(session, stalled)
        assert await finish(stalled) is None
        async with database.session() as session:
            assert await leases.renew(session, takes_over)
            await session.commit()
        assert await finish(takes_over) is not None
    finally:
        await database.close()
