"""Kinds of text and time that requests carry."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

# PostgreSQL keeps every character but NUL.
_NO_NUL = r"^[^\x00]*$"
_NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"

Title = Annotated[str, Field(min_length=1, max_length=200, pattern=_NOT_BLANK)]
Description = Annotated[str, Field(max_length=1000, pattern=_NO_NUL)]

# Every zone's offset leaves these years within what PostgreSQL and Python can represent.
_YEARS = r"^(19[7-9]\d|[2-8]\d{3})-"


def _text(value: object) -> object:
    if not isinstance(value, str) or not re.match(_YEARS, value):
        raise ValueError("must be a text such as 2026-12-31T18:00:00Z, of the years 1970 to 8999")
    return value


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


DueAt = Annotated[
    AwareDatetime,
    BeforeValidator(_text),
    AfterValidator(_utc),
    Field(
        description="With its offset, in the years 1970 to 8999.",
        examples=["2026-12-31T18:00:00Z"],
        json_schema_extra={"pattern": _YEARS.replace(r"\d", "[0-9]")},
    ),
]
