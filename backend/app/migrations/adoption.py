"""Making tables fit that other applications made, without Alembic and before this one came.

Nothing that is not ours is dropped: a column or table that we do not know stays with all it holds.
What does change, because rows could not be read or written otherwise:

- a time without a zone becomes one with (those applications wrote UTC);
- a text gets room for all that people may write here;
- JSON becomes JSONB, and an enumeration the same words as lower-case text;
- columns get the defaults that their application filled in by itself, and unknown ones that must
  be filled no longer must;
- a foreign key from `user_id` to another table than `users` goes: whoever signs up with us is not
  in that one.
"""

import logging
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

log = logging.getLogger("app.migrate")


class CannotAdopt(Exception):
    """Why these tables cannot be used, in one sentence for people."""


class Ours(NamedTuple):
    """What we need a column to be."""

    kind: str
    """A key of `_KINDS`."""
    default: str | None = None
    """SQL for rows that have none; then it must be filled. None: it may be empty."""
    required: bool = False
    """Must be filled, by whoever writes the row."""
    longest: int | None = None
    """Characters that a text must have room for. None: any number."""


class Found(NamedTuple):
    """What a column is."""

    type: str
    nullable: bool
    default: str | None
    """Also of columns that number or compute themselves."""


# Data types, in PostgreSQL's own words, that will do; and how to make one out of others.
_KINDS: dict[str, tuple[set[str], dict[str, tuple[str, str]]]] = {
    "number": ({"integer", "bigint"}, {}),
    "text": (
        {"character varying", "text"},
        {"USER-DEFINED": ("varchar", "lower({0}::text)"), "character": ("varchar", "{0}")},
    ),
    "truth": ({"boolean"}, {}),
    "moment": (
        {"timestamp with time zone"},
        {"timestamp without time zone": ("timestamptz", "{0} AT TIME ZONE 'UTC'")},
    ),
    "json": (
        {"jsonb"},
        # JSON may hold the character NUL, JSONB may not: its escape becomes that of U+FFFD.
        {"json": ("jsonb", r"replace({0}::text, '\u0000', '\ufffd')::jsonb")},
    ),
}


def columns(connection: Connection, table: str) -> dict[str, Found]:
    """What a table has; nothing when there is no such table."""
    rows = connection.execute(
        text(
            """
            SELECT column_name, data_type, is_nullable = 'YES',
                CASE WHEN is_identity = 'YES' OR is_generated = 'ALWAYS' THEN 'by itself'
                    ELSE column_default END
            FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = :table
            """
        ),
        {"table": table},
    )
    return {name: Found(*rest) for name, *rest in rows}


def fit(connection: Connection, table: str, ours: dict[str, Ours]) -> None:
    """Makes a table fit that has all our columns. Raises CannotAdopt."""
    found = columns(connection, table)
    for name, need in ours.items():
        if name not in found:
            raise CannotAdopt(
                f"The table {table} is there already, but it has no column {name}. Rename that "
                "table, or use another database."
            )
        _make_kind(connection, table, name, need, found[name])
        if need.kind == "text":
            _widen(connection, table, name, need.longest)
        if need.default is not None:
            # An old default may be of the type that was left behind, or an hour of another zone.
            _alter(connection, table, f"ALTER {name} SET DEFAULT {need.default}")
            empty = f"{name} IS NULL"
            _execute(connection, f"UPDATE {table} SET {name} = {need.default} WHERE {empty}")  # noqa: S608
        if need.required or need.default is not None:
            _alter(connection, table, f"ALTER {name} SET NOT NULL")
        else:
            _alter(connection, table, f"ALTER {name} DROP NOT NULL")
    for name, column in found.items():
        if name not in ours and name != "id" and not column.nullable and column.default is None:
            _alter(connection, table, f"ALTER {_quoted(name)} DROP NOT NULL")
    if ours["id"].kind == "number" and found["id"].default is None:
        raise CannotAdopt(
            f"The table {table} is there already, and its rows are not numbered by the database "
            "(its id has no default), which this application relies on."
        )
    if "user_id" in ours:
        _let_go_of_other_users(connection, table)


def _make_kind(connection: Connection, table: str, name: str, need: Ours, found: Found) -> None:
    accepted, convertible = _KINDS[need.kind]
    if found.type in accepted:
        return
    if found.type not in convertible:
        raise CannotAdopt(
            f"The table {table} is there already, and its column {name} is of the type "
            f"{found.type}, which this application cannot use (it needs {need.kind}). Use another "
            "database, or change that column first."
        )
    wanted, expression = convertible[found.type]
    if found.default is not None:
        _alter(connection, table, f"ALTER {name} DROP DEFAULT")
    _alter(connection, table, f"ALTER {name} TYPE {wanted} USING {expression.format(name)}")


def widen(connection: Connection, table: str, ours: dict[str, Ours]) -> None:
    """Makes room in a table that was adopted before this was done."""
    for name, need in ours.items():
        if need.kind == "text":
            _widen(connection, table, name, need.longest)


def _widen(connection: Connection, table: str, name: str, longest: int | None) -> None:
    """Another application may have needed less, such as the 60 characters of its own hashes. Takes
    no time, however many rows there are."""
    room = connection.scalar(_ROOM, {"table": table, "name": name})
    if room is None or (longest is not None and room >= longest):
        return
    wanted = "text" if longest is None else f"varchar({longest})"
    try:
        with connection.begin_nested():
            _alter(connection, table, f"ALTER {name} TYPE {wanted}")
    except DBAPIError as error:
        # Such as a view that shows it. The column goes on being as narrow as it was.
        log.warning(
            "a column is too narrow for all that people may write, and could not be widened",
            extra={"table": table, "column": name, "reason": str(error.orig)},
        )


_ROOM = text(
    """
    SELECT character_maximum_length FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = :table AND column_name = :name
    """
)


def _let_go_of_other_users(connection: Connection, table: str) -> None:
    keys = connection.execute(
        text(
            """
            SELECT conname FROM pg_constraint
            JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND conrelid = CAST(:table AS regclass) AND attname = 'user_id'
                AND cardinality(conkey) = 1 AND confrelid <> CAST('users' AS regclass)
            """
        ),
        {"table": table},
    ).scalars()
    for key in list(keys):
        _alter(connection, table, f"DROP CONSTRAINT {_quoted(key)}")


def _alter(connection: Connection, table: str, change: str) -> None:
    _execute(connection, f"ALTER TABLE {table} {change}")


def _execute(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
