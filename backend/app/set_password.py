"""`python -m app.set_password [--keep-tokens] EMAIL`: gives an account a new password, read from
standard input.

For whoever runs the application: there is no mail to send a link by, and accounts of an adopted
database may have come without a password. Ends all sign-ins of the account, and its access
tokens too unless `--keep-tokens` is given.
"""

import asyncio
import getpass
import sys

from sqlalchemy import func, select, update
from sqlmodel import col

from app import settings
from app.database import Database
from app.errors import DatabaseUnavailable, WeakPassword
from app.models import User
from app.security.password_rules import check_new_password
from app.security.passwords import PasswordHasher
from app.services import access_tokens, login_limit, sign_ins

# As for a password that is chosen on the sign-up page (schemas/auth.py).
SHORTEST, LONGEST = 8, 128


async def set_password(database: Database, email: str, password: str, *, keep_tokens: bool) -> bool:
    """False when there is no such account. Raises WeakPassword."""
    check_new_password(password, email, "password")
    hasher = PasswordHasher()
    hashed = await hasher.hash(password)
    hasher.close()
    async with database.session() as session:
        user_id = await session.scalar(select(col(User.id)).where(col(User.email) == email.lower()))
        if user_id is None:
            return False
        await session.execute(
            update(User)
            .where(col(User.id) == user_id)
            .values(hashed_password=hashed, updated_at=func.now())
        )
        await sign_ins.end_all(session, user_id)
        if not keep_tokens:
            await access_tokens.revoke_all(session, user_id)
        await login_limit.succeeded(session, login_limit.of_anybody(email.lower()))
        await session.commit()
    return True


async def _run(email: str, password: str, *, keep_tokens: bool) -> bool:
    database = Database(settings.load(settings.DatabaseSettings).url, pool_size=1)
    try:
        return await set_password(database, email, password, keep_tokens=keep_tokens)
    finally:
        await database.close()


def main(arguments: list[str]) -> str | None:
    """What went wrong, for people, or None."""
    keep_tokens = "--keep-tokens" in arguments
    emails = [argument for argument in arguments if argument != "--keep-tokens"]
    if len(emails) != 1 or emails[0].startswith("-"):
        return (
            "Usage: python -m app.set_password [--keep-tokens] EMAIL"
            "   (the password comes on standard input)"
        )
    password = (
        getpass.getpass("New password: ")
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    if not SHORTEST <= len(password) <= LONGEST:
        return f"The password must have {SHORTEST} to {LONGEST} characters; nothing was changed."
    try:
        found = asyncio.run(_run(emails[0], password, keep_tokens=keep_tokens))
    except (DatabaseUnavailable, WeakPassword) as error:
        return error.detail
    return None if found else f"There is no account with the address {emails[0]}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
