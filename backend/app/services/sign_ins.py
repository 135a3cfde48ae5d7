"""Sign-ins: started by a password, looked up at every request, kept alive for weeks by a refresh
token, ended by signing out.

Nothing here commits but `refresh`, which is a transaction of its own.
"""

import hmac
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.database import Database
from app.errors import NotSignedIn
from app.models import SignIn
from app.security.device_tokens import DeviceTokens
from app.security.refresh_tokens import RefreshTokens, fingerprint, sign_in_of

# `last_used_at` is for people: writing it at every use would make every read a write.
NOTED_EVERY = timedelta(minutes=5)
# How long a refresh token that was just used is still answered, with the same next one: two tabs
# wake up together, an answer is lost on the way. Auth0 and Okta allow up to 60 s for the same.
USED_TWICE_WITHIN = timedelta(seconds=60)
_USER_AGENT = 200

log = logging.getLogger("app.sign_ins")


@dataclass(frozen=True)
class SignInRules:
    """How sign-ins are made and kept alive."""

    tokens: RefreshTokens
    life: timedelta
    """How long one stands that is not used."""
    longest: timedelta
    """How long one stands at most."""
    devices: DeviceTokens


async def start(
    session: AsyncSession, rules: SignInRules, user_id: str, user_agent: str
) -> tuple[SignIn, str]:
    """A new sign-in for this user and its refresh token; those of theirs that are over go."""
    await session.execute(
        delete(SignIn).where(col(SignIn.user_id) == user_id, col(SignIn.expires_at) < func.now())
    )
    now = datetime.now(UTC)
    sign_in = SignIn(
        user_id=user_id,
        expires_at=now + rules.life,
        last_used_at=now,
        user_agent=_printable(user_agent),
    )
    refresh_token = rules.tokens.first(sign_in.id)
    sign_in.refresh_sha256 = fingerprint(refresh_token)
    session.add(sign_in)
    await session.flush()
    return sign_in, refresh_token


def _printable(user_agent: str) -> str:
    return "".join(character for character in user_agent if character.isprintable())[:_USER_AGENT]


async def find(session: AsyncSession, sign_in_id: str, user_id: str) -> SignIn:
    """The sign-in that a token names. Raises NotSignedIn when it is over or was ended."""
    found = await session.scalar(
        select(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.expires_at) > func.now())
    )
    if found is None or found.user_id != user_id:
        raise NotSignedIn
    return found


async def note_use(session: AsyncSession, sign_in: SignIn) -> bool:
    """Whether the use had to be noted, and so something was changed."""
    last = sign_in.last_used_at
    if last is not None and datetime.now(UTC) - last < NOTED_EVERY:
        return False
    noted = col(SignIn.last_used_at)
    await session.execute(
        update(SignIn)
        .where(col(SignIn.id) == sign_in.id)
        .where(or_(noted.is_(None), noted < func.now() - NOTED_EVERY))
        .values(last_used_at=func.now())
        .execution_options(synchronize_session=False)
    )
    return True


async def refresh(database: Database, rules: SignInRules, refresh_token: str) -> tuple[SignIn, str]:
    """The sign-in, its life begun anew up to its longest, and its next refresh token; the one given
    is used up.

    One that was used up before is a copy in other hands: it ends the sign-in, except within the
    moment in which an honest client may send it twice. Raises NotSignedIn.
    """
    sign_in_id = sign_in_of(refresh_token)
    if sign_in_id is None:
        raise NotSignedIn
    async with database.session() as session:
        sign_in = await session.scalar(
            select(SignIn)
            .where(col(SignIn.id) == sign_in_id, col(SignIn.expires_at) > func.now())
            .with_for_update()
        )
        if sign_in is None or sign_in.refresh_sha256 is None:
            raise NotSignedIn
        successor = _rotate(sign_in, rules.tokens, refresh_token)
        if successor is None:
            await session.delete(sign_in)
            await session.commit()
            log.warning(
                "a refresh token was used again; its sign-in is ended",
                extra={"user_id": sign_in.user_id},
            )
            raise NotSignedIn
        now = datetime.now(UTC)
        end = min(now + rules.life, sign_in.created_at + rules.longest)
        if end <= now:
            raise NotSignedIn
        sign_in.last_used_at, sign_in.expires_at = now, end
        await session.commit()
    return sign_in, successor


def _rotate(sign_in: SignIn, tokens: RefreshTokens, given: str) -> str | None:
    """The next token; None where the one given is no longer good."""
    hashed, now = fingerprint(given), datetime.now(UTC)
    following = tokens.successors(sign_in.id, given)
    if hmac.compare_digest(hashed, sign_in.refresh_sha256 or ""):
        sign_in.previous_refresh_sha256 = hashed
        sign_in.refresh_sha256 = fingerprint(following[0])
        sign_in.rotated_at = now
        return following[0]
    if not hmac.compare_digest(hashed, sign_in.previous_refresh_sha256 or ""):
        return None
    if sign_in.rotated_at is None or now - sign_in.rotated_at > USED_TWICE_WITHIN:
        return None
    return next((one for one in following if fingerprint(one) == sign_in.refresh_sha256), None)


async def list_sign_ins(session: AsyncSession, user_id: str) -> list[SignIn]:
    """Those that stand, the one that was used last first."""
    mine = select(SignIn).where(col(SignIn.user_id) == user_id, col(SignIn.expires_at) > func.now())
    used = func.coalesce(col(SignIn.last_used_at), col(SignIn.created_at))
    return list(await session.scalars(mine.order_by(used.desc(), col(SignIn.id))))


async def end(session: AsyncSession, user_id: str, sign_in_id: str) -> bool:
    """Signs out: every token of this sign-in is worth nothing from now on. False when this user has
    no such sign-in."""
    gone = await session.scalar(
        delete(SignIn)
        .where(col(SignIn.id) == sign_in_id, col(SignIn.user_id) == user_id)
        .returning(col(SignIn.id))
    )
    return gone is not None


async def end_all(session: AsyncSession, user_id: str, keep: SignIn | None = None) -> None:
    """Signs this user out everywhere, or everywhere but in `keep`."""
    theirs = delete(SignIn).where(col(SignIn.user_id) == user_id)
    await session.execute(theirs if keep is None else theirs.where(col(SignIn.id) != keep.id))
