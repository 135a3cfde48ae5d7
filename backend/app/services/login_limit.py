"""How often a password may be guessed: counted in the database, by all pods together.

Client addresses are of no use here, the front end's forwarder hides them. An attempt is counted
before the password is looked at, so that guesses sent all at once count too. Guesses are counted
apart for whoever proves something that a stranger cannot: that they are signed in, or were on this
device before (security.device_tokens). So a stranger's guesses slow down other strangers, and never
keep the owner out.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import TooManyAttempts
from app.models import LoginThrottle

# OWASP's authentication guide asks for a limit per account and leaves the number open: ten wrong
# passwords are beyond anybody's typing.
FAILURES = 10
WINDOW = timedelta(minutes=10)
# From the tenth on there is one attempt in this time, for whoever comes first: an owner on a new
# device gets a turn, and the 4,000 guesses a day that this makes are hopeless.
PAUSE = timedelta(seconds=30)
# More than one sign-in can leave behind, so that the table shrinks; few enough to cost nothing.
CLEANED_AT_ONCE = 100


def of_anybody(email: str) -> str:
    """What the attempts of whoever proves nothing are counted under."""
    return hashlib.sha256(email.encode()).hexdigest()


def of_owner(user_id: str) -> str:
    """The same for whoever is signed in, or was on this device before."""
    return hashlib.sha256(f"owner {user_id}".encode()).hexdigest()


async def count_attempt(session: AsyncSession, account: str) -> None:
    """Counts one attempt as failed until `succeeded` or `not_tried` says otherwise. One that is
    refused is not counted, or asking would itself keep everybody out.

    Raises TooManyAttempts.
    """
    started, failures = col(LoginThrottle.window_started_at), col(LoginThrottle.failures)
    over = started < func.now() - WINDOW
    # The window is that of the tenth failure, once there is one.
    stopped = failures >= FAILURES
    pauses = func.floor(func.extract("epoch", func.now() - started) / PAUSE.total_seconds())
    attempt = (
        insert(LoginThrottle)
        .values(account=account, failures=1)
        .on_conflict_do_update(
            index_elements=[col(LoginThrottle.account)],
            set_={
                "failures": case((over, 1), else_=failures + 1),
                "window_started_at": case(
                    (or_(over, failures == FAILURES - 1), func.now()), else_=started
                ),
            },
            where=or_(over, ~stopped, failures < FAILURES + pauses),
        )
        .returning(failures)
    )
    if await session.scalar(attempt) is None:
        raise TooManyAttempts(retry_after=int(PAUSE.total_seconds()))


async def succeeded(session: AsyncSession, account: str) -> None:
    """The password was right: nothing is held against the account."""
    await session.execute(delete(LoginThrottle).where(col(LoginThrottle.account) == account))


async def not_tried(session: AsyncSession, account: str) -> None:
    """The attempt came to nothing for a reason of ours: it does not count."""
    await session.execute(
        update(LoginThrottle)
        .where(col(LoginThrottle.account) == account)
        .values(failures=col(LoginThrottle.failures) - 1)
    )


async def forget_old(session: AsyncSession) -> None:
    """Removes the oldest of the windows that are over, so that guessing fills no table."""
    # Skipping what another pod has locked: two clean-ups never wait for each other.
    old = (
        select(col(LoginThrottle.account))
        .where(col(LoginThrottle.window_started_at) < func.now() - WINDOW)
        .order_by(col(LoginThrottle.window_started_at))
        .limit(CLEANED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(LoginThrottle).where(col(LoginThrottle.account).in_(old)))
