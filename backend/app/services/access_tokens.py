"""Tokens that a user makes for other programs to reach the MCP server with.

Made, listed and revoked by the user; looked up anew at every use, so that revoking works at once.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import Conflict, NotFound, NotSignedIn
from app.models import AccessToken, User

# So that a leaked one is recognised for what it is, by people and by scanners.
PREFIX = "todo_"
_SHAPE = re.compile(r"todo_[A-Za-z0-9_-]{43}")
# Beyond anybody's number of programs; bounds what one account can fill the table with.
AT_MOST = 50
# `last_used_at` is for people: writing it at every use would make every read a write.
NOTED_EVERY = timedelta(minutes=1)


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def create(
    session: AsyncSession, user_id: str, name: str, days: int
) -> tuple[AccessToken, str]:
    """A new token and its text, which is kept nowhere. Raises Conflict."""
    # Locked, so that of many at once none slips past the limit.
    await session.execute(select(col(User.id)).where(col(User.id) == user_id).with_for_update())
    # Those that are over would count for ever.
    over = (col(AccessToken.user_id) == user_id, col(AccessToken.expires_at) <= func.now())
    await session.execute(delete(AccessToken).where(*over))
    mine = select(func.count()).where(col(AccessToken.user_id) == user_id)
    if (await session.scalar(mine) or 0) >= AT_MOST:
        raise Conflict(f"There are {AT_MOST} access tokens already. Delete one that is not used.")
    text = PREFIX + secrets.token_urlsafe(32)
    made = AccessToken(
        user_id=user_id,
        name=name,
        sha256=fingerprint(text),
        expires_at=datetime.now(UTC) + timedelta(days=days),
    )
    session.add(made)
    await session.flush()
    return made, text


async def list_tokens(session: AsyncSession, user_id: str) -> list[AccessToken]:
    """Newest first, also those that have expired."""
    mine = select(AccessToken).where(col(AccessToken.user_id) == user_id)
    return list(await session.scalars(mine.order_by(col(AccessToken.created_at).desc())))


async def revoke(session: AsyncSession, user_id: str, token_id: UUID) -> None:
    """Raises NotFound, also for another user's."""
    gone = await session.scalar(
        delete(AccessToken)
        .where(col(AccessToken.id) == token_id, col(AccessToken.user_id) == user_id)
        .returning(col(AccessToken.id))
    )
    if gone is None:
        raise NotFound("There is no such access token.")


async def revoke_all(session: AsyncSession, user_id: str) -> None:
    await session.execute(delete(AccessToken).where(col(AccessToken.user_id) == user_id))


async def find(session: AsyncSession, token: str) -> str:
    """The user whose token this is, its use noted. Raises NotSignedIn when it is unknown or has
    expired."""
    if _SHAPE.fullmatch(token) is None:
        raise NotSignedIn
    found = (
        await session.execute(
            select(col(AccessToken.id), col(AccessToken.user_id), col(AccessToken.last_used_at))
            .where(col(AccessToken.sha256) == fingerprint(token))
            .where(col(AccessToken.expires_at) > func.now())
        )
    ).first()
    if found is None:
        raise NotSignedIn
    token_id, user_id, last_used_at = found
    if last_used_at is None or datetime.now(UTC) - last_used_at > NOTED_EVERY:
        noted = col(AccessToken.last_used_at)
        await session.execute(
            update(AccessToken)
            .where(col(AccessToken.id) == token_id)
            .where(or_(noted.is_(None), noted < func.now() - NOTED_EVERY))
            .values(last_used_at=func.now())
        )
    return str(user_id)
