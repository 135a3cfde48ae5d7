"""The database's address, as people, hosting providers and other programs write it."""

from psycopg.pq import Conninfo
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

# Options of other drivers and ORMs (Prisma, asyncpg, node-postgres, JDBC, Supabase, poolers), which
# libpq refuses and whose absence changes nothing here.
_DROPPED = frozenset(
    {
        "command_timeout",
        "connection_limit",
        "max_cached_statement_lifetime",
        "max_cacheable_statement_size",
        "pgbouncer",
        "pool_mode",
        "pool_size",
        "pool_timeout",
        "preparethreshold",
        "prepared_statement_cache_size",
        "prepared_statement_name_func",
        "prepared_statements",
        "socket_timeout",
        "statement_cache_size",
        "supa",
        "uselibpqcompat",
        "workaround",
    }
)
_SCHEMAS = ("schema", "currentSchema")
# Among libpq's: what its manual calls "replication" would make another kind of connection.
_KNOWN = frozenset(option.keyword.decode() for option in Conninfo.get_defaults()) - {"replication"}
_NUMBERS = frozenset(
    {
        "connect_timeout",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "tcp_user_timeout",
    }
)
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# Other drivers' words: asyncpg's `ssl=`, node-postgres' encryption without proof of the server.
_SSL_MODES_ELSEWHERE = {"true": "require", "false": "disable", "no-verify": "require"}


def normalised_database_url(text: str) -> URL:
    """The address as SQLAlchemy's psycopg 3 dialect wants it.

    Accepts `postgres://`, `postgresql://` and any driver suffix (`+asyncpg`, `+psycopg2`, …).
    Options that only other programs know are dropped or translated; one that nobody is known to
    write is named. Raises ValueError, without repeating the text, which holds a password.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise ValueError(
            "is not a database address: postgresql://user:password@host/name"
        ) from None
    if url.drivername.partition("+")[0] not in ("postgres", "postgresql"):
        raise ValueError("must be a PostgreSQL address: postgresql://user:password@host/name")
    if not url.database:
        raise ValueError("names no database: postgresql://user:password@host/name")
    return url.set(drivername="postgresql+psycopg", query=_options(url))


def _options(url: URL) -> dict[str, str | tuple[str, ...]]:
    given = {name: value for name, value in url.query.items() if name.lower() not in _DROPPED}
    for name in _SCHEMAS:
        if given.pop(name, "public") != "public":
            raise ValueError(
                f"has the option {name}, which PostgreSQL does not know. Write "
                "options=-csearch_path%3DNAME for another schema than public"
            )
    if "ssl" in given:
        given.setdefault("sslmode", given.pop("ssl"))
        given.pop("ssl", None)
    if "sslmode" in given:
        given["sslmode"] = _ssl_mode(given["sslmode"])
    unknown = sorted(name for name in given if name not in _KNOWN)
    if unknown:
        raise ValueError(
            f"has the option {unknown[0]!r}, which PostgreSQL does not know. Take it out"
        )
    for name in sorted(_NUMBERS & given.keys()):
        if not str(given[name]).isdecimal():
            raise ValueError(f"has the option {name}, which must be a number of digits")
    return given


def _ssl_mode(given: str | tuple[str, ...]) -> str:
    mode = _SSL_MODES_ELSEWHERE.get(str(given), str(given))
    if mode not in _SSL_MODES:
        raise ValueError(f"has an sslmode that PostgreSQL does not know: {', '.join(_SSL_MODES)}")
    return mode
