"""Dates in plain English.

A day without a time is noon UTC: that is the same day of the calendar in nearly every zone, and
the server does not know the user's. A time of day is taken as UTC, and the answer says so.
"""

import re
from datetime import UTC, datetime, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DAY = "|".join(f"{day}|{day[:3]}" for day in _DAYS)
_MONTH = "|".join(f"{month}|{month[:3]}" for month in _MONTHS)
_TIME = (
    r"(?:\s+at\s+(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>am|pm)?"
    r"|\s+at\s+(?P<noon>noon))?"
)
_WHEN = (
    r"(?:(?P<iso>\d{4}-\d\d-\d\d)"
    r"|(?P<near>today|tonight|tomorrow|the\s+day\s+after\s+tomorrow|next\s+week)"
    r"|in\s+(?P<count>\d{1,3}|[a-z]+)\s+(?P<unit>days?|weeks?)"
    rf"|(?P<which>this\s+|next\s+|coming\s+)?(?P<day>{_DAY})"
    rf"|(?P<month>{_MONTH})\.?\s+(?P<of_month>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?:the\s+)?(?P<of_month2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{_MONTH})"
    r"(?:,?\s+(?P<year2>\d{4}))?)"
)
PATTERN = rf"(?:on\s+|by\s+|until\s+|before\s+|for\s+)?{_WHEN}{_TIME}"
"""A date with its preposition, for rules to look for; its groups are `parse`'s."""
_WHOLE = re.compile(PATTERN, re.IGNORECASE)
_AT_THE_END = re.compile(rf"^(?P<before>.+?),?\s+{PATTERN}$", re.IGNORECASE)


def parse(text: str, now: datetime) -> str | None:
    """The time as the tools want it, or None if this is no date."""
    found = _WHOLE.fullmatch(text.strip())
    return _moment(found, now) if found else None


def at_the_end(text: str, now: datetime) -> tuple[str, str | None]:
    """The text without the date that it ends with, and that date."""
    found = _AT_THE_END.match(text)
    moment = _moment(found, now) if found else None
    return (found["before"], moment) if found and moment else (text, None)


def _moment(found: "re.Match[str]", now: datetime) -> str | None:
    day = _date(found, now)
    if day is None:
        return None
    hour, minute = 12, 0
    if found["hour"]:
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        half = (found["half"] or "").lower()
        if half and not 1 <= hour <= 12:
            return None
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour > 23 or minute > 59:
            return None
    return day.replace(hour=hour, minute=minute).strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(found: "re.Match[str]", now: datetime) -> datetime | None:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if found["iso"]:
        return _calendar(*(int(part) for part in found["iso"].split("-")))
    if found["near"]:
        ahead = {"today": 0, "tonight": 0, "tomorrow": 1, "next week": 7}
        return today + timedelta(ahead.get(" ".join(found["near"].lower().split()), 2))
    if found["unit"]:
        word = found["count"].lower()
        count = int(word) if word.isdigit() else _NUMBERS.get(word)
        if count is None:
            return None
        return today + timedelta(count * (7 if found["unit"].lower().startswith("week") else 1))
    if found["day"]:
        number = next(i for i, day in enumerate(_DAYS) if day[:3] == found["day"].lower()[:3])
        ahead_days = (number - today.weekday()) % 7
        if (found["which"] or "").strip().lower() == "next":
            # The one of the week that begins next Monday.
            return today + timedelta(7 - today.weekday() + number)
        return today + timedelta(ahead_days or 7)
    month_name = found["month"] or found["month2"]
    month = next(i for i, name in enumerate(_MONTHS, 1) if name[:3] == month_name.lower()[:3])
    day_number = int(found["of_month"] or found["of_month2"])
    year = found["year"] or found["year2"]
    if year:
        return _calendar(int(year), month, day_number)
    this_year = _calendar(today.year, month, day_number)
    if this_year is not None and this_year < today:
        return _calendar(today.year + 1, month, day_number)
    return this_year


def _calendar(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
