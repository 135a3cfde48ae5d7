"""Proof that somebody has been signed in on this device before.

Whoever guesses at an account from elsewhere has none, so their guesses are counted apart and cannot
keep the owner out. It opens nothing: with it a password is still asked for, and its own wrong ones
are counted.
"""

import base64
import hashlib
import hmac


class DeviceTokens:
    """Of all users; nothing of them is kept. The first secret signs, each of them is believed."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = secrets

    def issue(self, user_id: str) -> str:
        return _sign(self._secrets[0], user_id)

    def is_genuine(self, token: str, user_id: str) -> bool:
        given = token.encode()
        return any(
            hmac.compare_digest(given, _sign(secret, user_id).encode()) for secret in self._secrets
        )


def _sign(secret: str, user_id: str) -> str:
    digest = hmac.digest(secret.encode(), f"device {user_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
