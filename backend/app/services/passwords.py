"""Checking a password that somebody gave, and setting a new one.

No connection of the pool is held while a password is hashed: hashing is slow, connections are few.
"""

import logging
from dataclasses import dataclass

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.database import Database
from app.errors import Busy, DoesNotFit, NoPassword, NotSignedIn, WeakPassword, WrongPassword
from app.models import SignIn, User
from app.security.password_rules import check_new_password
from app.security.passwords import PasswordHasher, is_known
from app.services import access_tokens, login_limit, sign_ins

log = logging.getLogger("app.passwords")


async def fits(
    database: Database, hasher: PasswordHasher, account: str, password: str, hashed: str | None
) -> bool:
    """Whether the password is that of `hashed` (None: of nobody), counted under `account` by the
    login limit.

    A right one clears the count. Raises TooManyAttempts, Busy.
    """
    await database.transaction(lambda session: login_limit.count_attempt(session, account))
    try:
        right = await hasher.verify(password, hashed)
    except Busy:
        await database.transaction(lambda session: login_limit.not_tried(session, account))
        raise
    if right:
        await database.transaction(lambda session: login_limit.succeeded(session, account))
    return right


@dataclass(frozen=True)
class Proven:
    """Somebody who has just shown that they know their password."""

    email: str
    hashed_password: str


async def check_own(
    database: Database, hasher: PasswordHasher, user_id: str, password: str
) -> Proven:
    """Whether this is the user's present password.

    Raises WrongPassword, NoPassword, TooManyAttempts, Busy.
    """
    async with database.session() as session:
        user = await session.get(User, user_id)
    if user is None:
        raise NotSignedIn
    hashed = user.hashed_password
    if hashed is None or not is_known(hashed):
        raise NoPassword
    if not await fits(database, hasher, login_limit.of_owner(user_id), password, hashed):
        raise WrongPassword
    return Proven(user.email, hashed)


@dataclass(frozen=True)
class Change:
    """A new password, with the present one as proof."""

    current: str
    new: str
    revoke_tokens: bool
    """Whether programs' access tokens end too, as they may be in the hands that it is about."""


async def change(
    database: Database, hasher: PasswordHasher, sign_in: SignIn, wanted: Change
) -> None:
    """Ends every other sign-in of the user's. Raises as `check_own`, and WeakPassword."""
    user_id = sign_in.user_id
    proven = await check_own(database, hasher, user_id, wanted.current)
    if wanted.new == wanted.current:
        words = "That is the password that you have already."
        raise WeakPassword("new_password", "password_unchanged", words)
    check_new_password(wanted.new, proven.email, "new_password")
    hashed = await hasher.hash(wanted.new)
    async with database.session() as session:
        if not await _replace(session, user_id, proven.hashed_password, hashed):
            raise WrongPassword  # somebody else changed it meanwhile
        await sign_ins.end_all(session, user_id, keep=sign_in)
        if wanted.revoke_tokens:
            await access_tokens.revoke_all(session, user_id)
        await session.commit()


async def keep_as_argon2(
    database: Database, hasher: PasswordHasher, user_id: str, password: str, hashed: str
) -> None:
    """Replaces an adopted or outdated hash, now that the password behind it is at hand."""
    if hasher.is_current(hashed):
        return
    try:
        new = await hasher.hash(password)
    except Busy:
        return  # at the next sign-in then
    try:
        async with database.session() as session:
            await _replace(session, user_id, hashed, new)
            await session.commit()
    except DoesNotFit:
        log.warning("users.hashed_password has no room for an argon2 hash", extra={"needs": 97})


async def _replace(session: AsyncSession, user_id: str, before: str, after: str) -> bool:
    replaced = await session.scalar(
        update(User)
        .where(col(User.id) == user_id, col(User.hashed_password) == before)
        .values(hashed_password=after, updated_at=func.now())
        .returning(col(User.id))
    )
    return replaced is not None
