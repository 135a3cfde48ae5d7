"""Whether the database is at the newest migration: the answer that is nearly always yes, cheaply.

Imports nothing but the driver. Everything that is not plain is left to app.upgrade, which reads the
settings properly and explains what is wrong with them; so this may read the environment by itself.
"""

import logging
import os
import re
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app import logs

VERSIONS = Path(__file__).parent / "migrations" / "versions"
# Seconds; who does not answer so fast is waited for by app.upgrade.
PATIENCE = 5
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_SCHEME = re.compile(r"^postgres(?:ql)?(?:\+\w+)?://")

log = logging.getLogger("app.migrate")


def _revisions() -> set[str]:
    return {file.name[:4] for file in VERSIONS.glob("[0-9]*.py")}


def newest() -> str:
    """The revision of the last file: they are numbered, and each follows the one before."""
    return max(_revisions())


def serves(revision: str | None) -> bool:
    """Whether this version can run on a database at that revision: the newest, or one that it does
    not know, because a newer version was rolled back from. Migrations only ever add."""
    return revision is not None and (revision == newest() or revision not in _revisions())


def known() -> bool:
    """True, and says so in the log; or False for anything else, in silence."""
    parameters = _parameters()
    level = os.environ.get("LOG_LEVEL") or "INFO"
    if not parameters or level not in _LEVELS or _revision(parameters) != newest():
        return False
    logs.configure(level)
    log.info("the database is up to date", extra={"revision": newest()})
    return True


def _parameters() -> dict[str, Any]:
    """The address as libpq understands it; empty for one that has to be translated or explained."""
    given = os.environ.get("DATABASE_DIRECT_URL") or os.environ.get("DATABASE_URL") or ""
    address, is_one = _SCHEME.subn("postgresql://", given.strip())
    try:
        return conninfo_to_dict(address) if is_one else {}
    except psycopg.ProgrammingError:
        return {}


def _revision(parameters: dict[str, Any]) -> str | None:
    defaults: dict[str, Any] = {"connect_timeout": PATIENCE, "application_name": "todo-backend"}
    try:
        with psycopg.connect(**(defaults | parameters)) as connection:
            # LOCAL: a pooler gives the connection to others, with all that was set for longer.
            connection.execute("SET LOCAL statement_timeout = '5s'")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None
