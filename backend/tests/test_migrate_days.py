"""Days that were kept as instants become days, and versions that know no days stay right."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from app.database_url import normalised_database_url
from app.upgrade import connect
from tests.adopted import layout_a, layout_b
from tests.process import BACKEND, run

Layout = Callable[[str], None]


def fresh(_: str) -> None:
    """No tables at all."""


LAYOUTS = pytest.mark.parametrize("layout", [fresh, layout_a, layout_b], ids=["fresh", "A", "B"])


@contextmanager
def migrations(url: str) -> Iterator[tuple[Config, Connection]]:
    config = Config()
    config.set_main_option("script_location", str(Path(BACKEND) / "app" / "migrations"))
    engine = connect(normalised_database_url(url))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        yield config, connection
    engine.dispose()


def migrate_to(url: str, revision: str) -> None:
    with migrations(url) as (config, _):
        command.upgrade(config, revision)


def sql(url: str, statement: str, *values: object) -> list[Any]:
    with psycopg.connect(url) as connection:
        done = connection.execute(statement.encode(), values)
        return done.fetchall() if done.description else []


def add_user(url: str) -> None:
    sql(url, "INSERT INTO users (id, email) VALUES ('me', 'me@example.com')")


def add_task(url: str, title: str, due_at: str | None) -> None:
    sql(url, "INSERT INTO tasks (user_id, title, due_at) VALUES ('me', %s, %s)", title, due_at)


def days(url: str) -> dict[str, tuple[date | None, datetime | None]]:
    rows = sql(
        url,
        "SELECT title, due_date, due_at AT TIME ZONE 'UTC' FROM tasks WHERE user_id = 'me'",
    )
    return {title: (day, due and due.replace(tzinfo=UTC)) for title, day, due in rows}


NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@LAYOUTS
def test_noon_utc_becomes_the_day_and_everything_else_stays(
    layout: Layout, empty_database: str
) -> None:
    layout(empty_database)
    migrate_to(empty_database, "0002")
    add_user(empty_database)
    add_task(empty_database, "noon", "2026-11-27 12:00+00")
    add_task(empty_database, "the same noon, elsewhere", "2026-11-28 01:00+13")
    add_task(empty_database, "nearly", "2026-11-27 12:00:01+00")
    add_task(empty_database, "last minute", "2026-11-27 22:59+00")
    add_task(empty_database, "never", None)
    before = sql(empty_database, "SELECT id, title, updated_at FROM tasks ORDER BY id")
    done = run("app.migrate", DATABASE_URL=empty_database)
    assert (done.returncode, done.stderr) == (0, "")
    assert days(empty_database) == {
        "noon": (date(2026, 11, 27), NOON),
        "the same noon, elsewhere": (date(2026, 11, 27), NOON),
        "nearly": (None, NOON.replace(second=1)),
        "last minute": (None, datetime(2026, 11, 27, 22, 59, tzinfo=UTC)),
        "never": (None, None),
    }
    assert sql(empty_database, "SELECT id, title, updated_at FROM tasks ORDER BY id") == before


@LAYOUTS
def test_what_the_migration_did_it_does_not_do_again(layout: Layout, empty_database: str) -> None:
    layout(empty_database)
    migrate_to(empty_database, "0003")
    add_user(empty_database)
    add_task(empty_database, "a real noon", "2026-11-27 12:00+00")
    sql(empty_database, "UPDATE alembic_version SET version_num = '0002'")
    migrate_to(empty_database, "0003")
    assert days(empty_database) == {"a real noon": (None, NOON)}


def test_a_deleted_task_comes_back_with_its_day(empty_database: str) -> None:
    migrate_to(empty_database, "0002")
    add_user(empty_database)
    add_task(empty_database, "noon", "2026-11-27 12:00+00")
    sql(
        empty_database,
        "WITH gone AS (DELETE FROM tasks RETURNING *) INSERT INTO deleted_tasks (id, user_id, task)"
        " SELECT id, user_id, to_jsonb(gone) FROM gone",
    )
    migrate_to(empty_database, "0003")
    kept = sql(empty_database, "SELECT task ->> 'due_date' FROM deleted_tasks")
    assert kept == [("2026-11-27",)]


def _as_an_older_version_does(url: str, due_at: str | None) -> None:
    sql(url, "UPDATE tasks SET due_at = %s, updated_at = now()", due_at)


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        ("2026-11-28 17:00+00", (None, datetime(2026, 11, 28, 17, tzinfo=UTC))),
        (None, (None, None)),
        # It wrote back what it had read.
        ("2026-11-27 12:00+00", (date(2026, 11, 27), NOON)),
    ],
)
def test_an_older_version_beside_this_one_changes_what_it_means_to(
    empty_database: str, due_at: str | None, expected: tuple[date | None, datetime | None]
) -> None:
    migrate_to(empty_database, "0002")
    add_user(empty_database)
    add_task(empty_database, "noon", "2026-11-27 12:00+00")
    migrate_to(empty_database, "0003")
    _as_an_older_version_does(empty_database, due_at)
    assert days(empty_database) == {"noon": expected}


def test_an_older_version_that_changes_something_else_leaves_the_day(empty_database: str) -> None:
    migrate_to(empty_database, "0002")
    add_user(empty_database)
    add_task(empty_database, "noon", "2026-11-27 12:00+00")
    migrate_to(empty_database, "0003")
    sql(empty_database, "UPDATE tasks SET completed = true, updated_at = now()")
    assert days(empty_database) == {"noon": (date(2026, 11, 27), NOON)}


@pytest.mark.parametrize(
    ("type_of_column", "value", "expected"),
    [
        ("date NOT NULL", "2026-11-27", (date(2026, 11, 27), "2026-11-27 23:59")),
        ("timestamp", "2026-11-27 00:00", (date(2026, 11, 27), "2026-11-27 23:59")),
        ("timestamp", "2026-11-27 17:30", (None, "2026-11-27 17:30")),
        ("timestamptz", "2026-11-27 17:31+05:30", (None, "2026-11-27 12:01")),
        ("timestamptz", "infinity", (None, None)),
        ("text", "next week", (None, None)),
    ],
)
def test_another_applications_due_dates_are_taken_over_and_kept(
    empty_database: str,
    type_of_column: str,
    value: str,
    expected: tuple[date | None, str | None],
) -> None:
    layout_a(empty_database)
    sql(empty_database, f"ALTER TABLE tasks ADD COLUMN due_date {type_of_column} DEFAULT '{value}'")
    sql(empty_database, "ALTER TABLE tasks ALTER due_date DROP DEFAULT")
    kept = sql(empty_database, "SELECT due_date::text FROM tasks")
    done = run("app.migrate", DATABASE_URL=empty_database)
    assert (done.returncode, done.stderr) == (0, "")
    day, at = expected
    told = sql(
        empty_database,
        "SELECT due_date, to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM tasks",
    )
    assert told == [(day, at)] * 2
    assert sql(empty_database, "SELECT due_date_adopted::text FROM tasks") == kept
    sql(empty_database, "INSERT INTO tasks (user_id, title) VALUES ('u1', 'new')")
