"""Kinds of text and time that requests carry."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema

from app.dates import zone_named
from app.keepable import UNKEEPABLE

# What Python's strip() or JavaScript's trim() takes for blank: no title is blank for either.
BLANK = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
# What nobody sees: a title of nothing else could not be found in a list, let alone pressed. Left
# within a line are the joiners that scripts and emoji need, and the marks of direction.
_INVISIBLE = (
    "\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffb"  # format characters
    "\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters
)
_KEPT_INSIDE = "\u200c-\u200f\u061c"
# Those and BLANK for a JSON schema, in escapes that JavaScript, Python and Rust read alike.
_BLANK = (
    r"\u0001-\u0020\u007f-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u3000\ufeff\ufff9-\ufffb"
)
_AT_THE_ENDS = re.compile(rf"^[{_BLANK}]+|[{_BLANK}]+\Z")
_BREAKS_INSIDE = re.compile(rf"[{BLANK}]+")
_DROPPED_INSIDE = re.compile(rf"(?![{_KEPT_INSIDE}])[{_INVISIBLE}]")
# PostgreSQL keeps every character but NUL; halves of surrogate pairs are refused by pydantic's
# regular expressions.
_NO_NUL = r"^[^\x00]*$"


class TrimmedLine:
    """The annotations of a line of text: kept without the blanks around it, it has 1 to `longest`
    characters. The schema says so by a pattern, as `maxLength` would count the blanks.

    Within the line every stretch of blanks becomes one, and what turns the direction of all that
    follows, or is invisible, is dropped: shown in a list, a title can forge no second line.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest

    def check(self, value: str) -> str:
        text = _AT_THE_ENDS.sub("", value)
        if not text:
            raise ValueError("must not be blank")
        if len(text) > self._longest:
            raise ValueError(f"must have at most {self._longest} characters")
        if UNKEEPABLE.search(text):
            raise ValueError("must not contain the character NUL or half of a surrogate pair")
        return _BREAKS_INSIDE.sub(" ", _DROPPED_INSIDE.sub("", text))

    @property
    def pattern(self) -> str:
        blank, solid = rf"[{_BLANK}]*", rf"[^\u0000{_BLANK}]"
        return rf"^{blank}{solid}([^\u0000]{{0,{self._longest - 2}}}{solid})?{blank}$"

    @property
    def schema(self) -> dict[str, object]:
        return {
            "type": "string",
            "pattern": self.pattern,
            "description": f"1 to {self._longest} characters; blanks at either end are dropped, "
            "line breaks become blanks.",
        }


TITLE = TrimmedLine(200)
NAME = TrimmedLine(100)
Title = Annotated[str, AfterValidator(TITLE.check), WithJsonSchema(TITLE.schema)]
Name = Annotated[str, AfterValidator(NAME.check), WithJsonSchema(NAME.schema)]
Description = Annotated[str, Field(max_length=1000, pattern=_NO_NUL)]
SearchText = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]

# What PostgreSQL, Python and every zone's offset can represent.
_EARLIEST, _LATEST = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(8999, 12, 31, 23, 59, 59, tzinfo=UTC),
)
_YEARS = r"^(19[7-9]\d|[2-8]\d{3})-"
_DAY = r"^(19[7-9]\d|[2-8]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


def _text(value: object) -> object:
    if not isinstance(value, str) or not re.match(_YEARS, value):
        raise ValueError("must be a text such as 2026-12-31T18:00:00Z, of the years 1970 to 8999")
    return value


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def instant_in_range(value: datetime) -> datetime:
    """In UTC. Raises ValueError."""
    # After the conversion: an offset of a day's length moves it into another year.
    value = _utc(value)
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError("must be of the years 1970 to 8999, in UTC")
    return value


def _day_text(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(_DAY, value):
        raise ValueError("must be a day such as 2026-12-31; a time of day goes into due_at")
    return value


def _day_in_range(value: date) -> date:
    # So that its last minute is a time that is accepted too, in every zone.
    if not _EARLIEST.date() < value < _LATEST.date():
        raise ValueError("must be of the years 1970 to 8999")
    return value


def _zone(value: str) -> str:
    if zone_named(value) is None:
        raise ValueError("must be the name of a time zone such as Europe/Berlin")
    return value


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A point in time on its way out: in UTC, whatever zone the database speaks in."""

DueAt = Annotated[
    AwareDatetime,
    BeforeValidator(_text),
    AfterValidator(instant_in_range),
    Field(
        description="With its offset, in the years 1970 to 8999.",
        examples=["2026-12-31T18:00:00Z"],
        json_schema_extra={"pattern": _YEARS.replace(r"\d", "[0-9]")},
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_day_text),
    AfterValidator(_day_in_range),
    Field(
        description="A whole day, without a time.",
        examples=["2026-12-31"],
        json_schema_extra={"pattern": _DAY.replace(r"\d", "[0-9]")},
    ),
]
TimeZone = Annotated[
    str,
    AfterValidator(_zone),
    Field(max_length=64, description="An IANA time zone.", examples=["Europe/Berlin"]),
]
