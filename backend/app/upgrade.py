"""Bringing the database to the schema that this version needs, with all that this takes.

Any number of pods may start at once: one holds the lock and migrates, the rest wait for it and then
find nothing to do. All of it is one transaction, so a migration happens whole or not at all, and
the lock (a transaction's) also works through a pooler.
"""

import logging
import re
import sys
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from app import logs, settings
from app.database import connect_args
from app.migrations.adoption import CannotAdopt

# "todo" in ASCII: any number will do, if all versions of this program use the same.
LOCK = 0x746F646F
# How long to wait for another pod's migration, and for a table that a long transaction holds.
OTHERS_SECONDS = 120
TABLE_SECONDS = 10

# What no waiting mends. libpq tells these apart from a server that starts by its words alone.
_HOPELESS = re.compile(
    r"password authentication failed|no password supplied|no pg_hba.conf entry"
    r'|(role|database) ".*" does not exist'
)

log = logging.getLogger("app.migrate")


class MigrationError(Exception):
    """Why the database is not up to date, in one sentence for people."""


def connect(url: URL) -> Engine:
    return create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args=connect_args(url)
    )


def wait_until_it_answers(engine: Engine, seconds: float) -> None:
    """Tries once a second. Raises MigrationError after `seconds`, with the last reason; at once for
    one that waiting does not mend, such as a wrong password."""
    deadline = time.monotonic() + seconds
    said = ""
    while True:
        try:
            with engine.connect():
                return
        except OperationalError as error:
            reason = " ".join(str(error.orig).split())
        if _HOPELESS.search(reason):
            raise MigrationError(
                f"The database refused the connection. Check DATABASE_URL; the reason was: {reason}"
            )
        if time.monotonic() >= deadline:
            raise MigrationError(
                f"The database did not answer within {seconds:g} s. Check DATABASE_URL and that "
                f"the database runs; the last reason was: {reason}"
            )
        if reason != said:
            log.info("waiting for the database", extra={"reason": reason})
            said = reason
        time.sleep(1)


def upgrade(engine: Engine) -> str:
    """Migrates if need be; returns the revision that the database is at."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in scripts.walk_revisions()}
    head = scripts.get_current_head()
    assert head is not None  # noqa: S101 - there is always a first revision
    with engine.begin() as connection:
        if (present := _nothing_to_do(connection, head, known)) is not None:
            return present
        _lift_time_limits(connection)
        _lock(connection)
        # Looked at again: another pod may have migrated while this one waited.
        if (present := _nothing_to_do(connection, head, known)) is not None:
            return present
        connection.execute(text(f"SET LOCAL lock_timeout = '{TABLE_SECONDS}s'"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CannotAdopt as error:
            raise MigrationError(f"{error} Nothing was changed.") from error
        except DBAPIError as error:
            raise MigrationError(
                f"Migrating to {head} failed and nothing was changed: "
                f"{' '.join(str(error.orig).split())}"
            ) from error
    log.info("migrated", extra={"revision": head})
    return head


def _nothing_to_do(connection: Connection, head: str, known: set[str]) -> str | None:
    present = MigrationContext.configure(connection).get_current_revision()
    if present == head:
        log.info("the database is up to date", extra={"revision": present})
        return present
    if present is not None and present not in known:
        # An older version was rolled back to. Migrations only ever add, so it can run on this.
        log.warning("the database is newer than this version", extra={"revision": present})
        return present
    return None


def _lift_time_limits(connection: Connection) -> None:
    """A large table takes as long as it takes, whatever the role or the database allows a request.

    For this transaction alone, as everything that is set here: behind a pooler the connection is
    others' afterwards.
    """
    limits = ["statement_timeout", "idle_in_transaction_session_timeout"]
    if (connection.dialect.server_version_info or (0,)) >= (17,):
        limits.append("transaction_timeout")
    for limit in limits:
        connection.execute(text(f"SET LOCAL {limit} = 0"))


def _lock(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{OTHERS_SECONDS}s'"))
    try:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    except OperationalError as error:
        raise MigrationError(
            f"Another migration has been running for {OTHERS_SECONDS} s. Wait for it, or end its "
            "connection (pg_stat_activity, application_name todo-backend)."
        ) from error


def main() -> None:
    configuration = settings.load(settings.DatabaseSettings)
    logs.configure(configuration.log_level)
    engine = connect(configuration.direct_url)
    try:
        wait_until_it_answers(engine, configuration.migration_wait_seconds)
        upgrade(engine)
    except (MigrationError, OperationalError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the last words, for people
        raise SystemExit(1) from None
