"""What routes ask for in their signatures.

All `async`, even what never waits: FastAPI calls the others in a thread, at ten times the price.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import Database
from app.errors import Forbidden, NotSignedIn
from app.health import Readiness
from app.models import Session
from app.security.passwords import PasswordHasher
from app.security.tokens import Claims, Tokens
from app.services import sessions


@dataclass(frozen=True)
class Parts:
    """What one running application is made of; kept in `app.state.parts`."""

    database: Database
    passwords: PasswordHasher
    tokens: Tokens
    readiness: Readiness


async def parts_of(request: Request) -> Parts:
    return cast("Parts", request.app.state.parts)


AppParts = Annotated[Parts, Depends(parts_of)]


async def _db_session(parts: AppParts) -> AsyncIterator[AsyncSession]:
    async with parts.database.session() as session:
        yield session
        await session.commit()


# What a route changed is committed when it returns, and not when it raises. That, and giving the
# connection back, happens before the answer goes out, however slow the reader is.
DbSession = Annotated[AsyncSession, Depends(_db_session, scope="function")]

_bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="From /auth/login or /auth/register."
)


async def _claims(
    parts: AppParts, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Claims:
    if credentials is None:
        raise NotSignedIn
    return parts.tokens.check(credentials.credentials)


@dataclass(frozen=True)
class Caller:
    """Who is calling, proven by a genuine token whose sign-in still stands."""

    claims: Claims
    sign_in: Session

    @property
    def user_id(self) -> str:
        return self.claims.user_id


# The token is looked at before the database is: a forged one costs no connection.
async def _caller(claims: Annotated[Claims, Depends(_claims)], session: DbSession) -> Caller:
    return Caller(claims, await sessions.find(session, claims.session_id, claims.user_id))


SignedIn = Annotated[Caller, Depends(_caller)]


async def _caller_apart(parts: AppParts, claims: Annotated[Claims, Depends(_claims)]) -> Caller:
    async with parts.database.session() as session:
        return await _caller(claims, session)


# For routes that take their time over something else (hashing, a model): they hold no connection.
SignedInApart = Annotated[Caller, Depends(_caller_apart)]


async def token_user(caller: SignedIn) -> str:
    """The user of routes that name nobody: the token's."""
    return caller.user_id


async def path_user(
    caller: SignedIn, user_id: Annotated[str, Path(description="The token's own user.")]
) -> str:
    """The user of `/api/{user_id}/…`, who must be the token's. Raises Forbidden."""
    if user_id != caller.user_id:
        raise Forbidden
    return user_id


# Numbers of rows are PostgreSQL integers; anything beyond one cannot name a row.
SmallId = Annotated[int, Path(ge=1, le=2_147_483_647)]
TaskId = SmallId
