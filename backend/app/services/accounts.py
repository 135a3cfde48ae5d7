"""Registering, signing in, and leaving for good."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
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
from app.services import login_limit, passwords, sign_ins


async def register(database: Database, hasher: PasswordHasher, email: str, password: str) -> SignIn:
    """Makes an account and signs it in. Raises AlreadyRegistered, Busy."""
    user = User(email=email.lower(), hashed_password=await hasher.hash(password))
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
        sign_in = await sign_ins.start(session, made)
        await session.commit()
    return sign_in


async def log_in(database: Database, hasher: PasswordHasher, email: str, password: str) -> SignIn:
    """Starts a sign-in. Raises WrongCredentials, NoPassword, TooManyAttempts, Busy."""
    email = email.lower()
    async with database.session() as session:
        await login_limit.forget_old(session)
        found = await session.execute(
            select(col(User.id), col(User.hashed_password)).where(col(User.email) == email)
        )
        user_id, hashed = found.first() or (None, None)
    fits = await passwords.fits(database, hasher, email, password, hashed)
    if user_id is not None and not is_known(hashed):
        raise NoPassword
    if user_id is None or hashed is None or not fits:
        raise WrongCredentials
    await passwords.keep_as_argon2(database, hasher, user_id, password, hashed)
    async with database.session() as session:
        sign_in = await sign_ins.start(session, user_id)
        await session.commit()
    return sign_in


async def delete_account(
    database: Database, hasher: PasswordHasher, user_id: str, password: str
) -> None:
    """Everything of the user's goes, at once and for good. Raises as passwords.check_own, and
    Conflict when a table that is not ours holds on to the account."""
    await passwords.check_own(database, hasher, user_id, password)
    mine = select(col(Conversation.id)).where(col(Conversation.user_id) == user_id)
    async with database.session() as session:
        # Table by table: in an adopted database the foreign keys may be missing, or may not
        # delete along. What hangs on a turn goes with it; the turns are ours.
        await session.execute(delete(Turn).where(col(Turn.user_id) == user_id))
        await session.execute(delete(Message).where(col(Message.conversation_id).in_(mine)))
        for owned in (Conversation, Task, DeletedTask, AccessToken, ChatUsage, SignIn):
            await session.execute(delete(owned).where(col(owned.user_id) == user_id))
        try:
            await session.execute(delete(User).where(col(User.id) == user_id))
        except IntegrityError as error:
            raise Conflict(
                "A table that this application does not know still refers to this account. "
                "Whoever runs the application has to clear that first; nothing was deleted."
            ) from error
        await session.commit()
