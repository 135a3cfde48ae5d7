"""What routes ask for in their signatures.

All `async`, even what never waits: FastAPI calls the others in a thread, at ten times the price.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Header, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import first_of
from app.errors import Forbidden, NotSignedIn
from app.health import Readiness
from app.models import SignIn
from app.security.tokens import Claims
from app.services import sign_ins, time_zones
from app.state import AppState, readiness_of, state_of


async def _state(request: Request) -> AppState:
    return state_of(request.app)


async def _readiness(request: Request) -> Readiness:
    return readiness_of(request.app)


State = Annotated[AppState, Depends(_state)]
ReadinessCheck = Annotated[Readiness, Depends(_readiness)]


async def _db_session(state: State) -> AsyncIterator[AsyncSession]:
    async with state.database.session() as session:
        yield session
        await session.commit()


# What a route changed is committed when it returns, and not when it raises. That, and giving the
# connection back, happens before the answer goes out, however slow the reader is.
DbSession = Annotated[AsyncSession, Depends(_db_session, scope="function")]

_bearer = HTTPBearer(
    auto_error=False, bearerFormat="JWT", description="From /auth/login or /auth/register."
)


Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def _bearer_token(bearer: Bearer) -> str:
    if bearer is None:
        raise NotSignedIn
    return bearer.credentials


BearerToken = Annotated[str, Depends(_bearer_token)]


async def _claims(state: State, token: BearerToken) -> Claims:
    return state.tokens.check(token)


@dataclass(frozen=True)
class Caller:
    """Who is calling, proven by a genuine token whose sign-in still stands."""

    claims: Claims
    sign_in: SignIn

    @property
    def user_id(self) -> str:
        return self.claims.user_id


# The token is looked at before the database is: a forged one costs no connection.
async def _caller(claims: Annotated[Claims, Depends(_claims)], session: DbSession) -> Caller:
    sign_in = await first_of(
        session, lambda: sign_ins.find(session, claims.session_id, claims.user_id)
    )
    if await sign_ins.note_use(session, sign_in):
        # At once: other requests of the same sign-in would wait for this one's end.
        await session.commit()
    return Caller(claims, sign_in)


CurrentCaller = Annotated[Caller, Depends(_caller)]


async def caller_of(state: State, bearer: Bearer) -> Caller:
    """Raises NotSignedIn."""
    claims = await _claims(state, await _bearer_token(bearer))
    async with state.database.session() as session:
        return await _caller(claims, session)


# For routes that take their time over something else (hashing, a model): they hold no connection.
CallerWithoutSession = Annotated[Caller, Depends(caller_of)]


_TimeZoneHeader = Annotated[
    str | None,
    Header(
        alias="X-Time-Zone",
        description="Where the person is: an IANA time zone, which is kept. Unknown ones are "
        "ignored. Left out: the one that was kept last.",
        examples=["Europe/Berlin"],
    ),
]


async def _time_zone(
    session: DbSession, caller: CurrentCaller, said: _TimeZoneHeader = None
) -> ZoneInfo:
    return await time_zones.here(session, caller.user_id, said)


CallerTimeZone = Annotated[ZoneInfo, Depends(_time_zone)]


async def _time_zone_without_session(
    state: State, caller: CallerWithoutSession, said: _TimeZoneHeader = None
) -> ZoneInfo:
    return await state.database.transaction(
        lambda session: time_zones.here(session, caller.user_id, said)
    )


TimeZoneWithoutSession = Annotated[ZoneInfo, Depends(_time_zone_without_session)]


async def check_path_user(
    claims: Annotated[Claims, Depends(_claims)],
    user_id: Annotated[str, Path(description="The token's own user.")],
) -> None:
    """For routers whose prefix names a user, who must be the token's. Raises Forbidden. Whether the
    token's sign-in still stands is for the routes to ask."""
    if user_id != claims.user_id:
        raise Forbidden


async def count_write(
    request: Request, state: State, session: DbSession, caller: CurrentCaller
) -> None:
    """For routers whose requests change something, unless they read. Raises TooManyChanges."""
    if request.method not in ("GET", "HEAD"):
        await state.limits.count_write(session, caller.user_id)


# Numbers of rows are PostgreSQL integers; anything beyond one cannot name a row.
SmallId = Annotated[int, Path(ge=1, le=2_147_483_647)]
TaskId = SmallId
