"""Registering, signing in, staying signed in, signing out."""

from fastapi import APIRouter, status

from app.api.deps import CurrentCaller, DbSession, State
from app.errors import NotSignedIn
from app.models import SignIn, User
from app.schemas.auth import Account, Credentials, Registration, TokenReply
from app.schemas.errors import errors
from app.security.tokens import Tokens
from app.services import accounts, sign_ins

router = APIRouter(prefix="/auth", tags=["auth"])


def _reply(tokens: Tokens, sign_in: SignIn) -> TokenReply:
    token, expires_at = tokens.issue(sign_in.user_id, sign_in.id, sign_in.expires_at)
    return TokenReply(
        access_token=token,
        user_id=sign_in.user_id,
        expires_at=expires_at,
        session_expires_at=sign_in.expires_at,
    )


@router.post("/register", status_code=status.HTTP_201_CREATED, responses=errors(409))
async def register(state: State, body: Registration) -> TokenReply:
    """Makes an account and signs it in."""
    sign_in = await accounts.register(state.database, state.passwords, body.email, body.password)
    return _reply(state.tokens, sign_in)


@router.post("/login", responses=errors(401, 429))
async def login(state: State, body: Credentials) -> TokenReply:
    """Signs in. After ten wrong passwords within ten minutes the account waits (`Retry-After`)."""
    sign_in = await accounts.log_in(state.database, state.passwords, body.email, body.password)
    return _reply(state.tokens, sign_in)


@router.post("/refresh", responses=errors(401))
async def refresh(state: State, caller: CurrentCaller) -> TokenReply:
    """A new token for a sign-in that is in use, for at most seven days after the password was
    given. The old token stays good until its own end."""
    return _reply(state.tokens, caller.sign_in)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401))
async def logout(session: DbSession, caller: CurrentCaller) -> None:
    """Ends this sign-in and every token of it, at once and on every pod."""
    await sign_ins.end(session, caller.sign_in.id)


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
