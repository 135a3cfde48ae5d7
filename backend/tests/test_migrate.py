"""Bringing a database to the schema: alone, all at once, late, and over what is already there."""

import json
import subprocess
import sys
import time

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from app.database_url import normalised_database_url
from app.up_to_date import newest
from app.upgrade import LOCK, connect
from tests.postgres import free_port
from tests.process import BACKEND, environment, run

HEAD = "0007"


def begin(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app.migrate"],
        cwd=BACKEND,
        env=environment(DATABASE_URL=url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def messages(out: str) -> list[str]:
    return [json.loads(line)["message"] for line in out.splitlines()]


def revisions(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]


def test_pods_that_start_at_once_migrate_once(empty_database: str) -> None:
    with psycopg.connect(empty_database) as other:
        # As if one more pod were migrating: all the rest have to wait for it.
        other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        pods = [begin(empty_database) for _ in range(3)]
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        deadline = time.monotonic() + 110
        while other.execute(waiting).fetchone() != (3,):
            assert time.monotonic() < deadline, "the pods do not wait for the lock"
            time.sleep(0.05)
        assert [pod.poll() for pod in pods] == [None] * 3
    ends = [pod.communicate(timeout=110) for pod in pods]
    assert [(pod.returncode, err) for pod, (_, err) in zip(pods, ends, strict=True)] == [
        (0, "")
    ] * 3
    said = sorted(messages(out)[-1] for out, _ in ends)
    assert said == ["migrated"] + ["the database is up to date"] * 2
    assert revisions(empty_database) == [HEAD]


def test_the_tables_are_those_that_the_models_describe(database_url: str) -> None:
    with connect(normalised_database_url(database_url)).connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_database_that_does_not_come_is_waited_for_and_then_named() -> None:
    address = f"postgresql://todo:hunter2@127.0.0.1:{free_port()}/todo"
    done = run("app.migrate", DATABASE_URL=address, MIGRATION_WAIT_SECONDS="1")
    assert done.returncode == 1
    assert messages(done.stdout) == ["waiting for the database"]
    assert done.stderr.startswith("The database did not answer within 1 s. Check DATABASE_URL")
    assert "Connection refused" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_what_waiting_does_not_mend_is_said_at_once(empty_database: str) -> None:
    wrong = make_url(empty_database).set(password="hunter2", database="nowhere")
    address = wrong.render_as_string(hide_password=False)
    done = run("app.migrate", DATABASE_URL=address, MIGRATION_WAIT_SECONDS="600")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("The database refused the connection. Check DATABASE_URL;")
    assert "hunter2" not in done.stderr


def test_the_direct_address_is_preferred(empty_database: str) -> None:
    pooler = f"postgresql://todo@127.0.0.1:{free_port()}/todo"
    done = run("app.migrate", DATABASE_URL=pooler, DATABASE_DIRECT_URL=empty_database)
    assert (done.returncode, done.stderr) == (0, "")
    assert revisions(empty_database) == [HEAD]


def test_a_version_that_was_rolled_back_to_runs_on_the_newer_schema(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    done = run("app.migrate", DATABASE_URL=database_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert messages(done.stdout) == ["the database is newer than this version"]
    assert revisions(database_url) == ["9999"]


def test_the_last_file_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(BACKEND / "app" / "migrations"))
    assert newest() == ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_database_that_is_up_to_date_is_recognised_without_loading_what_migrating_takes(
    database_url: str,
) -> None:
    loaded = "import sys, app.migrate; app.migrate.main(); print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", loaded],
        cwd=BACKEND,
        env=environment(DATABASE_URL=database_url.replace("postgresql:", "postgres:")),
        capture_output=True,
        text=True,
        check=True,
    )
    line, modules = done.stdout.splitlines()
    assert json.loads(line)["message"] == "the database is up to date"
    assert json.loads(line)["revision"] == HEAD
    assert not {"alembic", "sqlalchemy", "pydantic", "fastapi"} & set(modules.split())


def test_an_address_that_must_be_translated_is_understood_too(database_url: str) -> None:
    for address in (
        database_url.replace("postgresql:", "postgresql+asyncpg:"),
        database_url + "?pgbouncer=true",
        database_url + "?schema=public",
        database_url + "?ssl=disable",
        database_url + "?sslmode=disable&",
    ):
        done = run("app.migrate", DATABASE_URL=address)
        assert (done.returncode, done.stderr) == (0, ""), address
        assert messages(done.stdout) == ["the database is up to date"]


def test_a_wrong_address_is_explained() -> None:
    done = run("app.migrate", DATABASE_URL="sqlite:///todo.db")
    assert done.returncode == 1
    assert done.stderr == (
        "DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host/name.\n"
    )
