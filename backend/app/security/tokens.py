"""Access tokens: HS256 JSON Web Tokens that name a user (`sub`) and a sign-in (`sid`).

A token alone proves nothing for long: it ends after minutes, and its sign-in must still be in the
sessions table, so signing out, changing the password or deleting the account ends it at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from app.errors import NotSignedIn

ALGORITHM = "HS256"
ISSUER = "todo"
# Not written into tokens yet: pods of the version before this one, which run beside these while an
# update rolls out, refuse any token with an audience.
AUDIENCE = "todo"


@dataclass(frozen=True)
class Claims:
    """What a genuine, unexpired token says."""

    user_id: str
    session_id: str
    expires_at: datetime


class Tokens:
    """Signs tokens with the first of the secrets and takes those of any, so that a secret can be
    replaced while people are signed in."""

    def __init__(self, secrets: Sequence[str], minutes: int) -> None:
        self._secrets = secrets
        self._life = timedelta(minutes=minutes)

    def issue(self, user_id: str, session_id: str, not_after: datetime) -> tuple[str, datetime]:
        """A token and its end, which is never later than `not_after`, its session's."""
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = min(now + self._life, not_after)
        claims = {"iss": ISSUER, "sub": user_id, "sid": session_id, "iat": now, "exp": expires_at}
        return jwt.encode(claims, self._secrets[0], algorithm=ALGORITHM), expires_at

    def check(self, token: str) -> Claims:
        """Raises NotSignedIn for anything but a token of ours that has not ended."""
        try:
            claims = self._decoded(token)
            if claims.get("iss", ISSUER) != ISSUER or claims.get("aud", AUDIENCE) != AUDIENCE:
                raise NotSignedIn
            session_id = str(UUID(claims["sid"]))
            # A clock that is wrong by enough writes a time that no calendar has.
            expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        except (jwt.PyJWTError, ValueError, OverflowError, AttributeError):
            raise NotSignedIn from None
        return Claims(claims["sub"], session_id, expires_at)

    def _decoded(self, token: str) -> dict[str, Any]:
        """Raises PyJWTError when it was signed with none of the secrets, or is over."""
        *others, last = self._secrets
        for secret in others:
            try:
                return _decoded(token, secret)
            except jwt.InvalidSignatureError:
                continue
        return _decoded(token, last)


def _decoded(token: str, secret: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        secret,
        algorithms=[ALGORITHM],
        # `iat` is not compared: a pod whose clock is behind would refuse fresh tokens. Tokens of
        # the version before this one have neither `iss` nor `aud`.
        options={
            "require": ["exp", "sub", "sid"],
            "verify_iat": False,
            "verify_iss": False,
            "verify_aud": False,
        },
    )
