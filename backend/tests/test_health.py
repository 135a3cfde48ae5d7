"""What the probes say, and whom they ask."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import psycopg
import pytest
from sqlalchemy import text

from app.database_url import normalised_database_url
from app.lifecycle import Lifecycle
from app.upgrade import connect, upgrade
from tests.conftest import Start
from tests.people import register
from tests.wire import Wire, wire_to

pytestmark = pytest.mark.anyio

UNAVAILABLE = "The database cannot be reached right now. Try again in a moment."
TOO_SLOW = "The database took too long over this. Try again in a moment, or ask for less at once."


async def answers(client: httpx.AsyncClient, path: str, status: int) -> None:
    """Waits as long as it takes: half a minute is only there to end a broken run."""
    async with asyncio.timeout(30):
        while (await client.get(path)).status_code != status:  # noqa: ASYNC110 - it is the database that comes back
            await asyncio.sleep(0.05)


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    async with wire_to(database_url) as wire:
        yield wire


@pytest.fixture
async def client(start: Start, wire: Wire) -> httpx.AsyncClient:
    return await start(database_url=wire.url)


async def test_health_is_as_the_plan_defines_it(client: httpx.AsyncClient) -> None:
    reply = await client.get("/health")
    assert reply.status_code == 200
    body = reply.json()
    moment = datetime.fromisoformat(body.pop("timestamp").removesuffix("Z")).replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 60
    assert body == {"status": "healthy", "service": "backend", "checks": {"database": "ok"}}


@pytest.mark.parametrize("fault", ["stopped", "silent"])
async def test_a_lost_database_is_reported_and_its_return_noticed(
    client: httpx.AsyncClient, wire: Wire, fault: str
) -> None:
    ann = await register(client)
    assert (await client.get("/readyz")).status_code == 200

    if fault == "stopped":
        await wire.cut()
    else:
        wire.silence()
    sick = await client.get("/health")
    assert sick.status_code == 503
    body = sick.json()
    del body["timestamp"]
    assert body == {"status": "unhealthy", "service": "backend", "checks": {"database": "failed"}}
    assert (await client.get("/livez")).status_code == 200, "a restart would not help"
    assert (await client.get("/readyz")).status_code == 503
    if fault == "stopped":
        refused = await ann.call("GET", "/tasks/")
        assert (refused.status_code, refused.json()) == (503, {"detail": UNAVAILABLE})
        assert int(refused.headers["Retry-After"]) > 0

    await wire.mend()
    await answers(client, "/health", 200)
    assert (await client.get("/readyz")).status_code == 200
    assert (await ann.call("GET", "/tasks/")).status_code == 200


async def test_a_pod_without_a_database_is_not_ready(client: httpx.AsyncClient, wire: Wire) -> None:
    await wire.cut()
    reply = await client.get("/readyz")
    assert (reply.status_code, reply.json()) == (503, {"status": "database unavailable"})
    await wire.mend()
    await answers(client, "/readyz", 200)


async def test_a_pod_on_a_schema_that_is_not_its_own_is_not_ready(
    start: Start, empty_database: str
) -> None:
    client = await start(database_url=empty_database)
    refused = {"status": "database not migrated"}
    reply = await client.get("/readyz")
    assert (reply.status_code, reply.json()) == (503, refused), "on an empty database"
    sick = await client.get("/health")
    assert (sick.status_code, sick.json()["status"]) == (503, "unhealthy")

    engine = connect(normalised_database_url(empty_database))
    upgrade(engine)
    with engine.begin() as connection:
        newest = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    reply = await client.get("/readyz")
    assert (reply.status_code, reply.json()) == (503, refused), "on an old schema"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": newest})
    engine.dispose()
    assert (await client.get("/readyz")).status_code == 200
    assert (await client.get("/health")).status_code == 200


async def test_a_version_that_was_rolled_back_to_is_ready_on_the_newer_schema(
    start: Start, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert (await (await start()).get("/readyz")).status_code == 200


async def test_a_statement_that_takes_too_long_ends_and_says_nothing_of_the_database(
    start: Start, database_url: str
) -> None:
    client = await start(database_timeout_seconds=0.5)
    ann = await register(client)
    assert (await client.get("/readyz")).status_code == 200
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")
        for _ in range(5):
            slow = await ann.call("GET", "/tasks/")
            assert (slow.status_code, slow.json()) == (503, {"detail": TOO_SLOW})
            assert int(slow.headers["Retry-After"]) > 0
            assert (await client.get("/readyz")).status_code == 200
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        assert other.execute(waiting).fetchone() == (0,), "a statement goes on without its request"
    async with asyncio.timeout(30):
        # On a busy machine half a second is short for an honest request too.
        while (await ann.call("GET", "/tasks/")).status_code != 200:
            pass


async def test_a_server_that_stands_still_holds_no_request_for_ever(
    start: Start, wire: Wire
) -> None:
    client = await start(database_url=wire.url, database_timeout_seconds=0.5)
    ann = await register(client)
    wire.silence()
    stuck = await ann.call("GET", "/tasks/")
    assert (stuck.status_code, stuck.json()) == (503, {"detail": TOO_SLOW})
    await wire.mend()
    assert (await ann.call("GET", "/tasks/")).status_code == 200


async def test_requests_that_hang_are_a_reason_to_look_again(
    client: httpx.AsyncClient, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.health.FRESH", 0.0)
    ann = await register(client)
    assert (await client.get("/readyz")).status_code == 200
    wire.silence()
    hanging = asyncio.create_task(ann.call("GET", "/tasks/"))
    await answers(client, "/readyz", 503)
    await wire.mend()
    assert (await hanging).status_code == 200
    await answers(client, "/readyz", 200)


async def test_nobody_queues_for_a_database_that_is_lost(
    start: Start, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.LOST_AFTER", 0.0)
    monkeypatch.setattr("app.database.POOL_WAIT", 60)
    client = await start(database_url=wire.url, database_pool_size=2)
    ann = await register(client)
    await wire.cut()
    assert (await ann.call("GET", "/tasks/")).status_code == 503
    wire.silence()
    await wire.listen()
    trying = [asyncio.create_task(ann.call("GET", "/tasks/")) for _ in range(2)]
    while wire.opened < 2:  # noqa: ASYNC110 - what comes from outside has no event
        await asyncio.sleep(0.01)
    third = asyncio.create_task(ann.call("GET", "/tasks/"))
    done, _ = await asyncio.wait([*trying, third], return_when=asyncio.FIRST_COMPLETED)
    assert done == {third}, "it waited behind those that try"
    assert third.result().status_code == 503
    await wire.mend()
    assert [reply.status_code for reply in await asyncio.gather(*trying)] == [200, 200]
    assert (await ann.call("GET", "/tasks/")).status_code == 200


async def test_probes_let_an_idle_database_sleep(client: httpx.AsyncClient, wire: Wire) -> None:
    assert (await client.get("/readyz")).status_code == 200
    passed = wire.passed
    assert passed > 0
    for _ in range(20):
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/livez")).status_code == 200
    assert wire.passed == passed


async def test_a_draining_pod_is_not_ready_but_still_answers(start: Start) -> None:
    lifecycle = Lifecycle()
    client = await start(lifecycle)
    ann = await register(client)
    lifecycle.draining = True
    reply = await client.get("/readyz")
    assert (reply.status_code, reply.json()) == (503, {"status": "draining"})
    answered = await ann.call("GET", "/tasks/")
    assert answered.status_code == 200
    assert answered.headers["connection"] == "close"


@pytest.mark.parametrize("rested", [0.0, 3600.0], ids=["tried before use", "used at once"])
async def test_a_connection_that_died_while_idle_costs_no_request(
    start: Start, database_url: str, monkeypatch: pytest.MonkeyPatch, rested: float
) -> None:
    monkeypatch.setattr("app.database.RESTED", rested)
    client = await start()
    ann = await register(client)
    with psycopg.connect(database_url) as other:
        ended = other.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert ended.fetchone() != (0,)
    assert (await ann.call("GET", "/tasks/")).status_code == 200
