"""Accounts and tokens over the wire."""

from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from app.schemas.text import Moment


def _check_address(value: str) -> str:
    try:
        # Whether mail arrives, only sending can tell.
        validate_email(value, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError as error:
        raise PydanticCustomError("email_address", "{reason}", {"reason": str(error)}) from None
    return value


NewEmailAddress = Annotated[
    str,
    AfterValidator(_check_address),
    Field(
        min_length=3,
        max_length=254,
        pattern=r"^[!-?A-~]+@[!-?A-~]+$",
        examples=["ann@example.com"],
        description="Upper and lower case are the same.",
    ),
]
# Looked up and not judged: adopted accounts may have any address.
GivenEmailAddress = Annotated[
    str,
    Field(min_length=1, max_length=254, pattern=r"^[^\x00]*$", examples=["ann@example.com"]),
]
NewPassword = Annotated[str, Field(min_length=8, max_length=128)]
GivenPassword = Annotated[str, Field(min_length=1, max_length=128)]


class Registration(BaseModel):
    """A new account."""

    email: NewEmailAddress
    password: NewPassword


class Credentials(BaseModel):
    """A sign-in."""

    email: GivenEmailAddress
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
    expires_at: Moment
    """When the access token ends. POST /auth/refresh gives another."""
    session_expires_at: Moment
    """When the user has to sign in again who does not use the refresh token before."""


class RefreshToken(BaseModel):
    """Proof of a sign-in whose access token may be over."""

    refresh_token: Annotated[str | None, Field(min_length=1, max_length=200)] = None


class Account(BaseModel):
    """Who a token belongs to."""

    user_id: str
    email: str
    expires_at: Moment
    session_expires_at: Moment
