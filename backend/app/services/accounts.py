"""Registering, signing in, and leaving for good."""

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.database import Database
from app.errors import AlreadyRegistered, Conflict, NoPassword, WrongCredentials
from app.models import (
    AccessToken,
    ChatUsage,
    Conversation,
    DeletedTask,
    Message,
    SignIn,
    Task,
    Turn,
    User,
)
from app.security.passwords import PasswordHasher, is_known
from app.services import limits, login_limit, passwords, sign_ins
from app.services.sign_ins import SignInRules


@dataclass(frozen=True)
class Credentials:
    """What somebody gave to be let in."""

    email: str
    password: str
    user_agent: str = ""
    """The browser or program that they use, as it calls itself."""
    device_token: str = ""
    """What they were given when they signed in on this device before."""


async def register(
    database: Database, hasher: PasswordHasher, rules: SignInRules, given: Credentials
) -> tuple[SignIn, str]:
    """Makes an account and signs it in: the sign-in and its refresh token. Raises
    AlreadyRegistered, Busy."""
    hashed = await hasher.hash_of_newcomer(given.password)
    user = User(email=given.email.lower(), hashed_password=hashed)
    async with database.session() as session:
        # One statement decides, so that of two registrations at once exactly one succeeds.
        made = await session.scalar(
            insert(User)
            .values(id=user.id, email=user.email, hashed_password=user.hashed_password)
            .on_conflict_do_nothing()
            .returning(col(User.id))
        )
        if made is None:
            raise AlreadyRegistered
        started = await sign_ins.start(session, rules, made, given.user_agent)
        await session.commit()
    return started


# Seconds. A sign-in is refused at a multiple of this after it was asked for: adopted hashes take
# longer or shorter to compare with than ours, which would tell who has an account.
REFUSED_EVERY = 0.5


async def log_in(
    database: Database, hasher: PasswordHasher, rules: SignInRules, given: Credentials
) -> tuple[SignIn, str]:
    """Starts a sign-in: it and its refresh token. Raises WrongCredentials, NoPassword,
    TooManyAttempts, Busy."""
    began = time.monotonic()
    try:
        return await _log_in(database, hasher, rules, given)
    except (WrongCredentials, NoPassword):
        await asyncio.sleep(REFUSED_EVERY - (time.monotonic() - began) % REFUSED_EVERY)
        raise


async def _log_in(
    database: Database, hasher: PasswordHasher, rules: SignInRules, given: Credentials
) -> tuple[SignIn, str]:
    email, password = given.email.lower(), given.password
    async with database.session() as session:
        await login_limit.forget_old(session)
        found = await session.execute(
            select(col(User.id), col(User.hashed_password)).where(col(User.email) == email)
        )
        user_id, hashed = found.first() or (None, None)
        await session.commit()
    account = login_limit.of_anybody(email)
    if user_id is not None and rules.devices.is_genuine(given.device_token, user_id):
        account = login_limit.of_owner(user_id)
    fits = await passwords.fits(database, hasher, account, password, hashed)
    if user_id is not None and not is_known(hashed):
        raise NoPassword
    if user_id is None or hashed is None or not fits:
        raise WrongCredentials
    await passwords.keep_as_argon2(database, hasher, user_id, password, hashed)
    async with database.session() as session:
        started = await sign_ins.start(session, rules, user_id, given.user_agent)
        await session.commit()
    return started


async def delete_account(
    database: Database, hasher: PasswordHasher, user_id: str, password: str
) -> None:
    """Everything of the user's goes, at once and for good. Raises as passwords.check_own, and
    Conflict when a table that is not ours holds on to the account."""
    await passwords.check_own(database, hasher, user_id, password)
    await database.transaction(lambda session: _delete_all(session, user_id))


async def _delete_all(session: AsyncSession, user_id: str) -> None:
    mine = select(col(Conversation.id)).where(col(Conversation.user_id) == user_id)
    # First, waiting for requests that note their use of one, while nothing else is locked yet.
    await sign_ins.end_all(session, user_id)
    await limits.forget(session, user_id)
    # The conversations next, as whoever else locks them and their turns does.
    await session.execute(mine.order_by(col(Conversation.id)).with_for_update())
    # Table by table: in an adopted database the foreign keys may be missing, or may not delete
    # along. What hangs on a turn goes with it; the turns are ours.
    await session.execute(delete(Turn).where(col(Turn.user_id) == user_id))
    await session.execute(delete(Message).where(col(Message.conversation_id).in_(mine)))
    for owned in (Conversation, Task, DeletedTask, AccessToken, ChatUsage):
        await session.execute(delete(owned).where(col(owned.user_id) == user_id))
    try:
        await session.execute(delete(User).where(col(User.id) == user_id))
    except IntegrityError as error:
        raise Conflict(
            "A table that this application does not know still refers to this account. "
            "Whoever runs the application has to clear that first; nothing was deleted."
        ) from error
