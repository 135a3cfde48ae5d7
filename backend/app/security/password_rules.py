"""Which passwords are refused: those that somebody who guesses tries first.

The length (8 to 128 characters) is the schemas' rule; nothing is asked of a password's characters
(NIST SP 800-63B section 3.1.1.2).
"""

from functools import cache
from pathlib import Path

from app.errors import WeakPassword

# The 8,354 most common ones of at least 8 characters; see common_passwords.LICENSE.
_COMMON = Path(__file__).parent / "common_passwords.txt"


@cache
def common_passwords() -> frozenset[str]:
    """In lower case."""
    return frozenset(_COMMON.read_text(encoding="utf-8").splitlines())


def check_new_password(password: str, email: str, field: str) -> None:
    """Raises WeakPassword, which names the request's `field`."""
    plain = password.casefold()
    if plain in common_passwords() or len(set(plain)) == 1:
        words = "Choose another password: many people use this one."
        raise WeakPassword(field, "password_common", words)
    address = email.casefold()
    if plain in (address, address.partition("@")[0]):
        words = "Choose a password that is not your email address."
        raise WeakPassword(field, "password_is_address", words)
