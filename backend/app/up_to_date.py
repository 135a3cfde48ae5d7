"""Whether the database is at the newest migration: the answer that is nearly always yes, cheaply.

Imports nothing but the driver. Everything that is not plain is left to app.upgrade, which reads the
settings properly and explains what is wrong with them; so this may read the environment by itself.
"""

import logging
import os
import re
from pathlib import Path

import psycopg

from app import logs

VERSIONS = Path(__file__).parent / "migrations" / "versions"
# Seconds; who does not answer so fast is waited for by app.upgrade.
PATIENCE = 5
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_PLAIN_ADDRESS = re.compile(r"postgres(?:ql)?(?:\+\w+)?(://[^?\s]+(?:\?(?:[a-z_]+=[^&\s]*&?)*)?)")
# Options that libpq knows; with any other the address needs to be translated.
_PLAIN_OPTIONS = {"sslmode", "channel_binding", "host", "sslrootcert", "options"}

log = logging.getLogger("app.migrate")


def newest() -> str:
    """The revision of the last file: they are numbered, and each follows the one before."""
    return max(file.name[:4] for file in VERSIONS.glob("[0-9]*.py"))


def known() -> bool:
    """True, and says so in the log; or False for anything else, in silence."""
    address = _address()
    level = os.environ.get("LOG_LEVEL") or "INFO"
    if address is None or level not in _LEVELS or _revision(address) != newest():
        return False
    logs.configure(level)
    log.info("the database is up to date", extra={"revision": newest()})
    return True


def _address() -> str | None:
    """As libpq wants it."""
    given = os.environ.get("DATABASE_DIRECT_URL") or os.environ.get("DATABASE_URL") or ""
    plain = _PLAIN_ADDRESS.fullmatch(given.strip())
    if plain is None:
        return None
    names = {option.partition("=")[0] for option in given.partition("?")[2].split("&") if option}
    return f"postgresql{plain[1]}" if names <= _PLAIN_OPTIONS else None


def _revision(address: str) -> str | None:
    try:
        with psycopg.connect(
            address, connect_timeout=PATIENCE, application_name="todo-backend", autocommit=True
        ) as connection:
            connection.execute("SET statement_timeout = '5s'")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None
