"""Registering, signing in, staying signed in, signing out."""

from typing import Annotated

from fastapi import APIRouter, Header, status

from app.api.deps import Bearer, CurrentCaller, DbSession, State, caller_of
from app.errors import NotSignedIn, RegistrationClosed
from app.models import SignIn, User
from app.schemas.auth import Account, Credentials, RefreshToken, Registration, TokenReply
from app.schemas.errors import errors
from app.security.password_rules import check_new_password
from app.services import accounts, limits, sign_ins
from app.state import AppState

router = APIRouter(prefix="/auth", tags=["auth"])

UserAgent = Annotated[str, Header(include_in_schema=False)]


def _reply(
    state: AppState, sign_in: SignIn, refresh_token: str | None, *, new_here: bool = False
) -> TokenReply:
    token, expires_at = state.tokens.issue(sign_in.user_id, sign_in.id, sign_in.expires_at)
    return TokenReply(
        access_token=token,
        refresh_token=refresh_token,
        device_token=state.sign_ins.devices.issue(sign_in.user_id) if new_here else None,
        user_id=sign_in.user_id,
        expires_at=expires_at,
        session_expires_at=sign_in.expires_at,
    )


@router.post("/register", status_code=status.HTTP_201_CREATED, responses=errors(403, 409, 429))
async def register(state: State, body: Registration, user_agent: UserAgent = "") -> TokenReply:
    """Makes an account and signs it in. 403 where registration is closed."""
    if not state.settings.registration_open:
        raise RegistrationClosed
    check_new_password(body.password, body.email, "password")
    # Before the password is hashed, which is what costs.
    await limits.count_registration(state.database, state.settings.registrations_per_minute)
    given = accounts.Credentials(body.email, body.password, user_agent)
    started = await accounts.register(state.database, state.passwords, state.sign_ins, given)
    return _reply(state, *started, new_here=True)


@router.post("/login", responses=errors(401, 429))
async def login(state: State, body: Credentials, user_agent: UserAgent = "") -> TokenReply:
    """Signs in. After ten wrong passwords within ten minutes there is one attempt every 30 s
    (`Retry-After`). Those of strangers do not count where a `device_token` is sent."""
    given = accounts.Credentials(body.email, body.password, user_agent, body.device_token)
    started = await accounts.log_in(state.database, state.passwords, state.sign_ins, given)
    return _reply(state, *started, new_here=True)


@router.post("/refresh", responses=errors(401), response_model_exclude_none=True)
async def refresh(state: State, bearer: Bearer, body: RefreshToken | None = None) -> TokenReply:
    """A new access token. With a `refresh_token` at any time while the sign-in stands, whose life
    begins anew and whose next refresh token is in the answer: the one sent is used up, and sent
    again later it ends the sign-in, as it then is in two hands. Without one for the access token in
    the header, until the sign-in's end; that one stays good until its own."""
    if body is not None and body.refresh_token is not None:
        renewed = await sign_ins.refresh(state.database, state.sign_ins, body.refresh_token)
        return _reply(state, *renewed)
    caller = await caller_of(state, bearer)
    return _reply(state, caller.sign_in, None)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401))
async def logout(state: State, bearer: Bearer, body: RefreshToken | None = None) -> None:
    """Ends this sign-in and every token of it, at once and on every pod. Which one it is says the
    access token, or a `refresh_token` where that is over."""
    if body is not None and body.refresh_token is not None:
        sign_in, _ = await sign_ins.refresh(state.database, state.sign_ins, body.refresh_token)
    else:
        sign_in = (await caller_of(state, bearer)).sign_in
    async with state.database.session() as session:
        await sign_ins.end(session, sign_in.user_id, sign_in.id)
        await session.commit()


@router.get("/me", responses=errors(401))
async def me(session: DbSession, caller: CurrentCaller) -> Account:
    """Who the token belongs to."""
    user = await session.get(User, caller.user_id)
    if user is None:
        raise NotSignedIn
    return Account(
        user_id=user.id,
        email=user.email,
        expires_at=caller.claims.expires_at,
        session_expires_at=caller.sign_in.expires_at,
    )
