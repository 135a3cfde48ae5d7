"""Sign-ins: started by a password, looked up at every request, ended by signing out."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import NotSignedIn
from app.models import SignIn

# A sign-in is renewed while it is used, but after a week the password is asked for again.
LIFETIME = timedelta(days=7)


async def start(session: AsyncSession, user_id: str) -> SignIn:
    """A new sign-in for this user; those of theirs that are over go. Does not commit."""
    await session.execute(
        delete(SignIn).where(col(SignIn.user_id) == user_id, col(SignIn.expires_at) < func.now())
    )
    sign_in = SignIn(user_id=user_id, expires_at=datetime.now(UTC) + LIFETIME)
    session.add(sign_in)
    await session.flush()
    return sign_in


async def find(session: AsyncSession, session_id: str, user_id: str) -> SignIn:
    """The sign-in that a token names. Raises NotSignedIn when it is over or was ended."""
    found = await session.scalar(
        select(SignIn).where(col(SignIn.id) == session_id, col(SignIn.expires_at) > func.now())
    )
    if found is None or found.user_id != user_id:
        raise NotSignedIn
    return found


async def end(session: AsyncSession, session_id: str) -> None:
    """Signs out: every token of this sign-in is worth nothing from now on. Commits."""
    await session.execute(delete(SignIn).where(col(SignIn.id) == session_id))
    await session.commit()
