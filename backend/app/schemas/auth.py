"""Accounts and tokens over the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

# One @ between two runs of visible ASCII: whether mail arrives, only sending can tell.
EmailAddress = Annotated[
    str,
    Field(
        min_length=3,
        max_length=254,
        pattern=r"^[!-?A-~]+@[!-?A-~]+$",
        examples=["ann@example.com"],
        description="Upper and lower case are the same.",
    ),
]
NewPassword = Annotated[str, Field(min_length=8, max_length=128)]
GivenPassword = Annotated[str, Field(min_length=1, max_length=128)]


class Registration(BaseModel):
    """A new account."""

    email: EmailAddress
    password: NewPassword


class Credentials(BaseModel):
    """A sign-in."""

    email: EmailAddress
    password: GivenPassword
    device_token: Annotated[
        str,
        Field(
            max_length=100,
            description="From an earlier sign-in on this device: with it the guesses of strangers "
            "do not slow this one down.",
        ),
    ] = ""


class TokenReply(BaseModel):
    """A signed-in user's token, for `Authorization: Bearer …`."""

    access_token: str
    refresh_token: str | None = Field(
        default=None,
        description="For POST /auth/refresh, once: each use gives the next. Left out where a token "
        "was renewed by itself.",
    )
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme
    device_token: str | None = Field(
        default=None,
        description="To be kept on this device beyond the sign-in, for the next POST /auth/login.",
    )
    user_id: str
    expires_at: datetime
    """When the access token ends. POST /auth/refresh gives another."""
    session_expires_at: datetime
    """When the user has to sign in again who does not use the refresh token before."""


class RefreshToken(BaseModel):
    """Proof of a sign-in whose access token may be over."""

    refresh_token: Annotated[str | None, Field(min_length=1, max_length=200)] = None


class Account(BaseModel):
    """Who a token belongs to."""

    user_id: str
    email: str
    expires_at: datetime
    session_expires_at: datetime
