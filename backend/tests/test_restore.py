"""Deleted tasks: kept for a day, and brought back into whatever the table has become meanwhile."""

from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest

from app.database import Database
from app.database_url import normalised_database_url
from app.services import housekeeping
from tests.people import Person, register

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ann(client: httpx.AsyncClient) -> Person:
    return await register(client)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(normalised_database_url(database_url), 1)
    yield database
    await database.close()


async def delete_one(ann: Person) -> int:
    task: int = (await ann.call("POST", "/tasks/", {"title": "Buy milk"})).json()["id"]
    assert (await ann.call("DELETE", f"/tasks/{task}")).status_code == 204
    return task


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        done = [connection.execute(statement.encode()) for statement in statements][-1]
        return done.fetchall() if done.description else []


async def test_a_task_comes_back_over_the_next_migration(ann: Person, database_url: str) -> None:
    task = await delete_one(ann)
    run(
        database_url,
        "ALTER TABLE tasks ADD COLUMN position integer NOT NULL DEFAULT 7",
        "ALTER TABLE deleted_tasks ADD COLUMN reason text",
    )
    back = await ann.call("POST", f"/tasks/{task}/restore")
    assert (back.status_code, back.json()["title"]) == (200, "Buy milk")
    assert run(database_url, "SELECT id, position FROM tasks") == [(task, 7)]


async def test_a_task_comes_back_into_columns_that_the_database_fills(
    ann: Person, database_url: str
) -> None:
    run(
        database_url,
        "ALTER TABLE tasks ADD COLUMN search tsvector"
        " GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED",
        "ALTER TABLE tasks ADD COLUMN \"odd: :name %\" text DEFAULT 'kept'",
        "ALTER TABLE tasks ALTER id DROP DEFAULT",
        "ALTER TABLE tasks ALTER id ADD GENERATED ALWAYS AS IDENTITY",
    )
    task = await delete_one(ann)
    back = await ann.call("POST", f"/tasks/{task}/restore")
    assert (back.status_code, back.json()["id"]) == (200, task)
    assert run(database_url, 'SELECT search::text, "odd: :name %" FROM tasks') == [
        ("'buy':1 'milk':2", "kept")
    ]
    again = await ann.call("POST", f"/tasks/{task}/restore")
    assert again.status_code == 404


async def test_what_is_kept_for_a_time_goes_though_nobody_does_anything(
    ann: Person, database: Database, database_url: str
) -> None:
    old, new = await delete_one(ann), await delete_one(ann)
    run(
        database_url,
        f"UPDATE deleted_tasks SET deleted_at = now() - interval '25 h' WHERE id = {old}",  # noqa: S608
        "INSERT INTO login_throttle VALUES ('old', now() - interval '11 min', 1)",
        "INSERT INTO rate_limits VALUES ('old', now() - interval '2 h', 1)",
        "UPDATE rate_limits SET used = 5 WHERE name <> 'old'",
    )
    await database.transaction(housekeeping.clean)
    assert run(database_url, "SELECT id FROM deleted_tasks") == [(new,)]
    assert run(database_url, "SELECT account FROM login_throttle") == []
    assert all(name != "old" for (name,) in run(database_url, "SELECT name FROM rate_limits"))
    assert (await ann.call("GET", "/tasks/")).status_code == 200, "who is signed in stays so"
