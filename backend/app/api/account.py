"""One's own account: what is kept of it, its password, its tokens for programs, its end."""

from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response, status
from fastapi.responses import StreamingResponse

from app.api.deps import CallerWithoutSession, CurrentCaller, DbSession, State
from app.errors import NotFound, NotSignedIn
from app.models import AccessToken, User
from app.schemas.account import (
    AccessTokenRead,
    AccessTokenRequest,
    AccountChange,
    AccountDeletion,
    AccountDetails,
    Export,
    NewAccessToken,
    PasswordChange,
    SignInRead,
)
from app.schemas.errors import errors
from app.services import access_tokens, accounts, passwords, sign_ins, time_zones

router = APIRouter(prefix="/api/account", tags=["account"])


async def _user(session: DbSession, caller: CurrentCaller) -> User:
    user = await session.get(User, caller.user_id)
    if user is None:
        raise NotSignedIn
    return user


@router.get("", responses=errors(401))
async def get_account(session: DbSession, caller: CurrentCaller) -> AccountDetails:
    user = await _user(session, caller)
    return AccountDetails(
        user_id=user.id,
        email=user.email,
        created_at=user.created_at,
        expires_at=caller.claims.expires_at,
        session_expires_at=caller.sign_in.expires_at,
        time_zone=user.time_zone,
    )


@router.patch("", responses=errors(401))
async def change_account(
    session: DbSession, caller: CurrentCaller, body: AccountChange
) -> AccountDetails:
    """Changes what is given. A browser that says where the person is changes the zone too."""
    if body.time_zone is not None:
        await time_zones.keep(session, caller.user_id, ZoneInfo(body.time_zone))
    return await get_account(session, caller)


@router.post("/password", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401, 403, 429))
async def change_password(state: State, caller: CallerWithoutSession, body: PasswordChange) -> None:
    """Ends every other sign-in, and the access tokens unless `revoke_tokens` is false. Wrong
    passwords count as failed sign-ins."""
    wanted = passwords.Change(body.current_password, body.new_password, body.revoke_tokens)
    await passwords.change(state.database, state.passwords, caller.sign_in, wanted)


@router.get("/sign-ins", responses=errors(401))
async def list_sign_ins(session: DbSession, caller: CurrentCaller) -> list[SignInRead]:
    """Where the user is signed in, the one that was used last first."""
    return [
        SignInRead(
            id=UUID(one.id),
            created_at=one.created_at,
            last_used_at=one.last_used_at,
            expires_at=one.expires_at,
            user_agent=one.user_agent,
            current=one.id == caller.sign_in.id,
        )
        for one in await sign_ins.list_sign_ins(session, caller.user_id)
    ]


@router.delete("/sign-ins", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401))
async def end_all_sign_ins(session: DbSession, caller: CurrentCaller) -> None:
    """Signs the user out everywhere, this one included. Access tokens stay."""
    await sign_ins.end_all(session, caller.user_id)


@router.delete(
    "/sign-ins/{sign_in_id}", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401, 404)
)
async def end_sign_in(session: DbSession, caller: CurrentCaller, sign_in_id: UUID) -> None:
    """Its access token and its refresh token are worth nothing from then on."""
    if not await sign_ins.end(session, caller.user_id, str(sign_in_id)):
        raise NotFound("There is no such sign-in.")


@router.get("/export", response_class=Response, responses=errors(401) | {200: {"model": Export}})
async def export_account(state: State, caller: CallerWithoutSession) -> StreamingResponse:
    """Everything that is kept of the user, as a file."""
    async with state.database.session() as session:
        user = await _user(session, caller)
    headers = {
        "Content-Disposition": 'attachment; filename="todo-export.json"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        state.exporter.pieces(user), media_type="application/json", headers=headers
    )


@router.post(
    "/delete", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401, 403, 409, 429)
)
async def delete_account(state: State, caller: CallerWithoutSession, body: AccountDeletion) -> None:
    """Everything of the user's goes, at once and for good."""
    await accounts.delete_account(state.database, state.passwords, caller.user_id, body.password)


@router.get("/tokens", response_model=list[AccessTokenRead], responses=errors(401))
async def list_tokens(session: DbSession, caller: CurrentCaller) -> list[AccessToken]:
    """Newest first."""
    return await access_tokens.list_tokens(session, caller.user_id)


@router.post("/tokens", status_code=status.HTTP_201_CREATED, responses=errors(401, 403, 409, 429))
async def create_token(
    state: State, caller: CallerWithoutSession, body: AccessTokenRequest
) -> NewAccessToken:
    """A token with which a program reaches /mcp, and nothing else, as this user. Wrong passwords
    count as failed sign-ins."""
    await passwords.check_own(state.database, state.passwords, caller.user_id, body.password)
    async with state.database.session() as session:
        made, text = await access_tokens.create(
            session, caller.user_id, body.name, body.expires_in_days
        )
        await session.commit()
    read = AccessTokenRead.model_validate(made)
    return NewAccessToken(**read.model_dump(), token=text)


@router.delete(
    "/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401, 404)
)
async def revoke_token(session: DbSession, caller: CurrentCaller, token_id: UUID) -> None:
    """The program that has it is locked out at once."""
    await access_tokens.revoke(session, caller.user_id, token_id)
