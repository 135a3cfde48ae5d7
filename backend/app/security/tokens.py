"""Access tokens: HS256 JSON Web Tokens that name a user (`sub`) and a sign-in (`sid`).

A token alone proves nothing for long: it ends after minutes, and its sign-in must still be in the
sessions table, so signing out, changing the password or deleting the account ends it at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from app.errors import NotSignedIn

ALGORITHM = "HS256"


@dataclass(frozen=True)
class Claims:
    """What a genuine, unexpired token says."""

    user_id: str
    session_id: str
    expires_at: datetime


class Tokens:
    """Signs and checks tokens with the shared secret."""

    def __init__(self, secret: str, minutes: int) -> None:
        self._secret = secret
        self._life = timedelta(minutes=minutes)

    def issue(self, user_id: str, session_id: str, not_after: datetime) -> tuple[str, datetime]:
        """A token and its end, which is never later than `not_after`, its session's."""
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = min(now + self._life, not_after)
        claims = {"sub": user_id, "sid": session_id, "iat": now, "exp": expires_at}
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM), expires_at

    def check(self, token: str) -> Claims:
        """Raises NotSignedIn for anything but a token of ours that has not ended."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                # `iat` is not compared: a pod whose clock is behind would refuse fresh tokens.
                options={"require": ["exp", "sub", "sid"], "verify_iat": False},
            )
            session_id = str(UUID(claims["sid"]))
            # A clock that is wrong by enough writes a time that no calendar has.
            expires_at = datetime.fromtimestamp(claims["exp"], UTC)
        except (jwt.PyJWTError, ValueError, OverflowError, AttributeError):
            raise NotSignedIn from None
        return Claims(claims["sub"], session_id, expires_at)
