"""Registering and signing in.

No connection of the pool is held while a password is hashed: hashing is slow, connections are few.
"""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.database import Database
from app.errors import AlreadyRegistered, Busy, WrongCredentials
from app.models import Session, User
from app.security.passwords import PasswordHasher
from app.services import login_limit, sessions


async def register(
    database: Database, passwords: PasswordHasher, email: str, password: str
) -> Session:
    """Makes an account and signs it in. Raises AlreadyRegistered, Busy."""
    user = User(email=email.lower(), hashed_password=await passwords.hash(password))
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
        sign_in = await sessions.start(session, made)
        await session.commit()
    return sign_in


async def log_in(
    database: Database, passwords: PasswordHasher, email: str, password: str
) -> Session:
    """Starts a sign-in. Raises WrongCredentials, TooManyAttempts, Busy."""
    email = email.lower()
    async with database.session() as session:
        await login_limit.forget_old(session)
        await login_limit.count_attempt(session, email)
        found = await session.execute(
            select(col(User.id), col(User.hashed_password)).where(col(User.email) == email)
        )
        user_id, hashed = found.first() or (None, None)
    try:
        fits = await passwords.verify(password, hashed)
    except Busy:
        async with database.session() as session:
            await login_limit.not_tried(session, email)
        raise
    if user_id is None or not fits:
        raise WrongCredentials
    async with database.session() as session:
        await login_limit.succeeded(session, email)
        sign_in = await sessions.start(session, user_id)
        await session.commit()
    return sign_in
