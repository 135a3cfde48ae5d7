"""Password hashes of the applications whose databases we adopt.

They are only ever compared with: whoever signs in with one gets an argon2 hash in its place.
"""

import hashlib
import hmac
import re
import unicodedata
from typing import NoReturn


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


class _Adopted:
    """What pwdlib asks of a hasher that makes no hashes."""

    PATTERN: re.Pattern[str]

    @classmethod
    def identify(cls, hash: str | bytes) -> bool:  # noqa: A002 - pwdlib's name for it
        return cls.PATTERN.fullmatch(_text(hash)) is not None

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> NoReturn:
        raise NotImplementedError("New passwords are hashed by argon2.")

    def check_needs_rehash(self, hash: str | bytes) -> bool:  # noqa: A002, ARG002
        return True


class Bcrypt(_Adopted):
    """As passlib and bcrypt write it."""

    PATTERN = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
        import bcrypt  # only adopted databases need it

        # The algorithm reads 72 bytes; this library refuses what others silently cut.
        return bcrypt.checkpw(_text(password).encode()[:72], _text(hash).encode())


class BetterAuthScrypt(_Adopted):
    """As Better Auth writes it: `salt:key`, hexadecimal, the salt taken as text.

    The parameters are those of better-auth 1.x (crypto/password.ts): N 16384, r 16, p 1, 64 bytes.
    """

    PATTERN = re.compile(r"[0-9a-f]{32}:[0-9a-f]{128}")
    N, R, P = 16384, 16, 1

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
        salt, _, key = _text(hash).partition(":")
        made = hashlib.scrypt(
            unicodedata.normalize("NFKC", _text(password)).encode(),
            salt=salt.encode(),
            n=self.N,
            r=self.R,
            p=self.P,
            maxmem=256 * self.N * self.R,
            dklen=64,
        )
        return hmac.compare_digest(made, bytes.fromhex(key))
