"""Taking over the accounts of an application whose database we adopt.

Three places are known where such an application keeps its users:

- `users` with a text as id: this is our own table too, and it is used as it is;
- `better_auth_users`, next to a `users` that is numbered by integers and referred to by nothing of
  ours: the numbered one is renamed to `users_numbered` (it keeps its rows, and what refers to it
  goes on doing so), because one name cannot be two tables and `users` is the name that the plan
  gives to ours;
- Better Auth's own `user`, with the passwords in `account`.

Accounts of the others are copied into ours under the same id, so that `tasks.user_id` names the
same person as before; the originals stay. An address is taken once, from the first place in this
order. Hashes are copied as they are: see app.security.adopted_passwords for those that still open.
"""

import logging

from sqlalchemy import Connection, text

from app.migrations.adoption import CannotAdopt, columns

ASIDE = "users_numbered"
_HASH_COLUMNS = ("hashed_password", "password_hash", "password")

log = logging.getLogger("app.migrate")


def set_numbered_aside(connection: Connection) -> None:
    """Raises CannotAdopt when both names are taken."""
    users = columns(connection, "users")
    if "id" not in users or users["id"].type not in ("integer", "bigint", "smallint"):
        return
    if columns(connection, ASIDE):
        raise CannotAdopt(
            f"The table users is numbered by integers and cannot be set aside, because there is a "
            f"table {ASIDE} already. Rename one of them."
        )
    connection.execute(text(f"ALTER TABLE users RENAME TO {ASIDE}"))
    log.info("set another application's table aside", extra={"was": "users", "now": ASIDE})


def tidy(connection: Connection) -> None:
    """Addresses in lower case, where that makes no two alike; each is there once from now on.

    Raises CannotAdopt when one is there twice.
    """
    connection.execute(
        text(
            """
            UPDATE users SET email = lower(email)
            WHERE email <> lower(email) AND NOT EXISTS (
                SELECT FROM users AS other
                WHERE other.id <> users.id AND lower(other.email) = lower(users.email)
            )
            """
        )
    )
    twice = connection.scalar(
        text("SELECT count(*) FROM (SELECT FROM users GROUP BY email HAVING count(*) > 1) AS same")
    )
    if twice:
        raise CannotAdopt(
            f"The table users is there already and holds {twice} email addresses more than once. "
            "Decide which account is whose and change the others' addresses."
        )
    if not connection.scalar(_UNIQUE):
        connection.execute(text("ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email)"))


_UNIQUE = text(
    """
    SELECT EXISTS (
        SELECT FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indrelid = CAST('users' AS regclass) AND indisunique AND indnkeyatts = 1
            AND attname = 'email' AND indpred IS NULL
    )
    """
)


def take_over(connection: Connection) -> None:
    """Copies the accounts of the other places into `users`."""
    for table in ("better_auth_users", "user", ASIDE):
        found = columns(connection, table)
        if {"id", "email"} <= set(found):
            _copy(connection, table, set(found))
    account = columns(connection, "account")
    for owner, provider in (("userId", "providerId"), ("user_id", "provider_id")):
        if {owner, provider, "password"} <= set(account):
            _copy_passwords(connection, owner, provider)


def _copy(connection: Connection, table: str, found: set[str]) -> None:
    hashed = next((name for name in _HASH_COLUMNS if name in found), "NULL")
    copied = connection.execute(
        text(
            f"""
            INSERT INTO users (id, email, hashed_password)
            SELECT DISTINCT ON (lower(email)) id::text, lower(email), {hashed}
            FROM "{table}" AS theirs
            WHERE email IS NOT NULL AND NOT EXISTS (
                SELECT FROM users WHERE lower(users.email) = lower(theirs.email)
            )
            ORDER BY lower(email), id
            ON CONFLICT DO NOTHING
            """  # noqa: S608 - names from the lists above
        )
    ).rowcount
    log.info("took accounts over", extra={"source": table, "accounts": copied})


def _copy_passwords(connection: Connection, owner: str, provider: str) -> None:
    connection.execute(
        text(
            f"""
            UPDATE users SET hashed_password = account.password FROM account
            WHERE account."{owner}"::text = users.id AND account."{provider}" = 'credential'
                AND account.password IS NOT NULL AND users.hashed_password IS NULL
            """  # noqa: S608 - names from the list above
        )
    )
