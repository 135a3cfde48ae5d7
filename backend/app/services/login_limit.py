"""How often a password may be guessed: counted per account, in the database, by all pods together.

Client addresses are of no use here, the front end's forwarder hides them. An attempt is counted
before the password is looked at, so that guesses sent all at once count too.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import TooManyAttempts
from app.models import LoginThrottle

# OWASP's authentication guide asks for a limit per account and leaves the number open: ten wrong
# passwords are beyond anybody's typing, and 1,440 guesses a day are hopeless.
FAILURES = 10
WINDOW = timedelta(minutes=10)
# More than one sign-in can leave behind, so that the table shrinks; few enough to cost nothing.
CLEANED_AT_ONCE = 100


def account_key(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


async def count_attempt(session: AsyncSession, email: str) -> None:
    """Counts one attempt as failed until `succeeded` or `not_tried` says otherwise.

    Raises TooManyAttempts. Commits.
    """
    started, failures = col(LoginThrottle.window_started_at), col(LoginThrottle.failures)
    over = started < func.now() - WINDOW
    attempt = (
        insert(LoginThrottle)
        .values(account=account_key(email), failures=1)
        .on_conflict_do_update(
            index_elements=[col(LoginThrottle.account)],
            set_={
                "failures": case((over, 1), else_=failures + 1),
                "window_started_at": case((over, func.now()), else_=started),
            },
        )
        .returning(failures, func.extract("epoch", started + WINDOW - func.now()))
    )
    count, seconds_left = (await session.execute(attempt)).one()
    await session.commit()
    if count > FAILURES:
        raise TooManyAttempts(retry_after=max(1, round(seconds_left)))


async def succeeded(session: AsyncSession, email: str) -> None:
    """The password was right: nothing is held against the account."""
    await session.execute(
        delete(LoginThrottle).where(col(LoginThrottle.account) == account_key(email))
    )


async def not_tried(session: AsyncSession, email: str) -> None:
    """The attempt came to nothing for a reason of ours: it does not count. Commits."""
    await session.execute(
        update(LoginThrottle)
        .where(col(LoginThrottle.account) == account_key(email))
        .values(failures=col(LoginThrottle.failures) - 1)
    )
    await session.commit()


async def forget_old(session: AsyncSession) -> None:
    """Removes the oldest of the windows that are over, so that guessing fills no table. Commits."""
    # Skipping what another pod has locked: two clean-ups never wait for each other.
    old = (
        select(col(LoginThrottle.account))
        .where(col(LoginThrottle.window_started_at) < func.now() - WINDOW)
        .order_by(col(LoginThrottle.window_started_at))
        .limit(CLEANED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(LoginThrottle).where(col(LoginThrottle.account).in_(old)))
    await session.commit()
