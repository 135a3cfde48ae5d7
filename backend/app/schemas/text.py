"""Kinds of text and time that requests carry."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

# PostgreSQL keeps every character but NUL.
_NO_NUL = r"^[^\x00]*$"
_NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"

Title = Annotated[str, Field(min_length=1, max_length=200, pattern=_NOT_BLANK)]
Description = Annotated[str, Field(max_length=1000, pattern=_NO_NUL)]

# Room for every zone's offset at both ends of what a calendar can show.
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def _text(value: object) -> object:
    if not isinstance(value, str | datetime):
        raise ValueError("must be a text such as 2026-12-31T18:00:00Z")  # noqa: TRY004 - pydantic's way
    return value


def _representable(value: datetime) -> datetime:
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError("must lie between the years 1970 and 9999")
    return value.astimezone(UTC)


DueAt = Annotated[
    AwareDatetime,
    BeforeValidator(_text, json_schema_input_type=AwareDatetime),
    AfterValidator(_representable),
    Field(description="With its offset, between 1970 and 9999: `2026-12-31T18:00:00Z`."),
]
