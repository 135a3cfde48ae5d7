"""Kinds of text and time that requests carry."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema

# What Python's strip() or JavaScript's trim() takes for blank: no title is blank for either.
BLANK = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
# The same for a JSON schema, in escapes that JavaScript, Python and Rust read alike.
_BLANK = (
    r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
# PostgreSQL keeps every character but NUL.
_NO_NUL = r"^[^\x00]*$"


class TrimmedLine:
    """The annotations of a text that is kept without the blanks around it and has 1 to `longest`
    characters then. The schema says so by a pattern, as `maxLength` would count the blanks."""

    def __init__(self, longest: int) -> None:
        self._longest = longest

    def check(self, value: str) -> str:
        text = value.strip(BLANK)
        if not text:
            raise ValueError("must not be blank")
        if len(text) > self._longest:
            raise ValueError(f"must have at most {self._longest} characters")
        if "\x00" in text:
            raise ValueError("must not contain the character NUL")
        return text

    @property
    def pattern(self) -> str:
        blank, solid = rf"[{_BLANK}]*", rf"[^\u0000{_BLANK}]"
        return rf"^{blank}{solid}([^\u0000]{{0,{self._longest - 2}}}{solid})?{blank}$"

    @property
    def schema(self) -> dict[str, object]:
        return {
            "type": "string",
            "pattern": self.pattern,
            "description": f"1 to {self._longest} characters; blanks at either end are dropped.",
        }


TITLE = TrimmedLine(200)
NAME = TrimmedLine(100)
Title = Annotated[str, AfterValidator(TITLE.check), WithJsonSchema(TITLE.schema)]
Name = Annotated[str, AfterValidator(NAME.check), WithJsonSchema(NAME.schema)]
Description = Annotated[str, Field(max_length=1000, pattern=_NO_NUL)]
SearchText = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]

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
