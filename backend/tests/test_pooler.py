"""Behind PgBouncer in transaction mode a server's connection is everybody's, one after another."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.adopted import layout_a
from tests.conftest import Start
from tests.people import register
from tests.pgbouncer import SERVERS, pooler, program
from tests.process import run
from tests.test_migrate import HEAD, messages, revisions

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(program() is None, reason="PgBouncer is not installed (apt: pgbouncer)"),
]

# What a program can set for a session and would leave to the next.
LIMITS = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "search_path",
    "default_transaction_isolation",
    "TimeZone",
)
ROWS = 300_000


@pytest.fixture
def pooled(empty_database: str) -> Iterator[str]:
    with pooler(empty_database) as address:
        yield address


def settings_of_every_server(address: str) -> set[tuple[str, ...]]:
    """What each of the pooler's servers has, asked in transactions that are open together."""
    question = ", ".join(f"current_setting('{name}')" for name in LIMITS)
    with ExitStack() as stack:
        asking = [stack.enter_context(psycopg.connect(address)) for _ in range(SERVERS)]
        rows = [
            one.execute(f"SELECT pg_backend_pid()::text, {question}".encode()).fetchone()
            for one in asking
        ]
    assert len({row[0] for row in rows if row}) == SERVERS, "one server answered for two"
    return {row[1:] for row in rows if row}


async def test_nothing_is_left_on_a_connection_that_others_use(pooled: str, start: Start) -> None:
    untouched = settings_of_every_server(pooled)
    for said in ("migrated", "the database is up to date"):
        done = run("app.migrate", DATABASE_URL=pooled)
        assert (done.returncode, done.stderr) == (0, "")
        assert messages(done.stdout)[-1] == said
        assert settings_of_every_server(pooled) == untouched
    ann = await register(await start(database_url=pooled))
    for _ in range(2 * SERVERS):
        assert (await ann.call("POST", "/tasks/", {"title": "Buy milk"})).status_code == 201
    assert settings_of_every_server(pooled) == untouched


def test_a_large_table_is_migrated_through_it_however_long_that_takes(
    empty_database: str,
) -> None:
    layout_a(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute(
            "INSERT INTO tasks (user_id, title, completed, created_at, updated_at, colour)"
            " SELECT 'u1', 'task ' || n, false, now(), now(), 'red'"
            " FROM generate_series(1, %s) AS n",
            (ROWS,),
        )
        # The owner lets a statement take far less than rewriting this table does.
        name = make_url(empty_database).database
        connection.execute(f"ALTER DATABASE {name} SET statement_timeout = '100ms'".encode())
    with pooler(empty_database) as pooled:
        done = run("app.migrate", DATABASE_URL=pooled)
    assert (done.returncode, done.stderr) == (0, "")
    assert revisions(empty_database) == [HEAD]
