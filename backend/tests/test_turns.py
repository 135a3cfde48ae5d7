"""Who may write for a turn: its holder, and nobody who lost it."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.database_url import normalised_database_url
from app.models import MessageStatus
from app.services import leases, turns
from app.services.limits import TurnLimits
from app.services.turn_records import ClaimedTurn, FinishedTurn, TurnRequest
from tests.chatting import say, stream
from tests.conftest import Start
from tests.people import PASSWORD, register

pytestmark = pytest.mark.anyio

# Enough for the two to meet in every way: while there were two orders, one round in ten met badly.
ROUNDS = {"conversation": 40, "account": 5}


@pytest.mark.parametrize("gone", ["conversation", "account"])
async def test_deleting_does_not_wait_in_a_circle_with_a_turn(
    start: Start, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Deadlocks are not to be got over here, but not to happen.
    monkeypatch.setattr("app.database._AGAIN_AFTER", ())
    client = await start(chat_turns_per_minute=1000)
    person = await register(client)
    for number in range(ROUNDS[gone]):
        if gone == "account":
            person = await register(client)
        begun = await say(person, "show my tasks")
        conversation = begun.json()["conversation_id"]
        turn = asyncio.create_task(
            say(person, "add a task to call mum", conversation_id=conversation)
        )
        await asyncio.sleep(number % 25 / 250)
        if gone == "account":
            deleted = await person.call("POST", "/api/account/delete", {"password": PASSWORD})
        else:
            deleted = await person.call("DELETE", f"/api/conversations/{conversation}")
        assert deleted.status_code == 204, deleted.text
        reply = await turn
        assert reply.status_code in {200, 401, 404, 410}, reply.text
        if reply.status_code == 410:
            assert reply.json()["code"] == "conversation_gone"


async def test_a_turn_whose_conversation_is_gone_says_so(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await register(await start())
    finish = turns.finish

    async def finish_late(
        session: AsyncSession, held: ClaimedTurn, *rest: object
    ) -> FinishedTurn | None:
        path = f"/api/conversations/{held.conversation_id}"
        assert (await person.call("DELETE", path)).status_code == 204
        return await finish(session, held, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("app.services.turns.finish", finish_late)
    heard = await stream(person, "show my tasks")
    assert heard.error["code"] == "conversation_gone"
    assert heard.error["detail"].startswith("This conversation was deleted")
    assert not heard.error["retryable"]
    assert (await say(person, "show my tasks")).status_code == 410


async def test_a_process_that_lost_its_turn_writes_nothing_more(
    client: httpx.AsyncClient, database_url: str
) -> None:
    user = (await register(client)).user_id
    asked = TurnRequest(turn_id=uuid4(), message="add a task to call mum", request_hash="same")
    database = Database(normalised_database_url(database_url), 2)

    async def begin() -> ClaimedTurn:
        async with database.session() as session:
            held = await turns.begin(session, user, asked, TurnLimits(per_minute=100))
            await session.commit()
        assert isinstance(held, ClaimedTurn)
        return held

    async def finish(held: ClaimedTurn) -> FinishedTurn | None:
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
