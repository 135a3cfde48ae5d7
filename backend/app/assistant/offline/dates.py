"""Dates for the tools, which take instants: a day is noon UTC, times of day are UTC."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from app import dates

_UTC = ZoneInfo("UTC")


def parse(text: str, now: datetime) -> str | None:
    """The time as the tools want it, or None if this is no date."""
    reading = dates.parse(text, now, _UTC)
    return _moment(reading) if reading else None


def at_the_end(text: str, now: datetime) -> tuple[str, str | None]:
    """The text without the date in it, and that date."""
    reading = dates.read(text, now, _UTC)
    return (reading.title, _moment(reading)) if reading.title else (text, None)


def _moment(reading: dates.Reading) -> str | None:
    instant = reading.instant
    if reading.day:
        instant = datetime.combine(reading.day, time(12), tzinfo=UTC)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None
