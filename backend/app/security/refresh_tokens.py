"""Refresh tokens: what a client keeps for weeks to get access tokens of minutes with.

`<the sign-in's id>.<secret>`; only SHA-256 of it is kept. Each is good for one use, which gives the
next. The next is derived from the one before by the server's secret, so that two tabs which use the
same token at once are given the same next one.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from uuid import UUID

_BYTES = 32
# A JSON Web Token's signing input has no blanks: nothing that is signed for one fits the other.
_PURPOSE = b"successor of refresh token "


def fingerprint(token: str) -> str:
    """What is kept of a token, hexadecimal. It has 256 random bits: a slow hash would protect
    nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in_of(token: str) -> str | None:
    """The id of the sign-in that a token names, or None where it is no such token."""
    try:
        return str(UUID(hex=token.partition(".")[0]))
    except ValueError:
        return None


class RefreshTokens:
    """Makes refresh tokens. `keys` are the server's secrets, the present one first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [key.encode() for key in keys]

    def first(self, sign_in_id: str) -> str:
        """For a sign-in that begins."""
        return _text(sign_in_id, secrets.token_bytes(_BYTES))

    def successors(self, sign_in_id: str, token: str) -> list[str]:
        """What may follow `token`, under each of the secrets, the present one's first."""
        return [
            _text(sign_in_id, hmac.digest(key, _PURPOSE + token.encode(), "sha256"))
            for key in self._keys
        ]


def _text(sign_in_id: str, secret: bytes) -> str:
    encoded = base64.urlsafe_b64encode(secret).decode().rstrip("=")
    return f"{UUID(sign_in_id).hex}.{encoded}"
