"""From a day and a time in somebody's zone to an instant, and back."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")
# Names of the host's own files, which mean something else on every machine.
_NOT_ZONES = frozenset({"localtime", "posixrules", "Factory"})
UNKNOWN_ZONE = ZoneInfo.no_cache("UTC")
"""Of people who never said where they are. Not the object that people in UTC get."""
LAST_MINUTE = time(23, 59)


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of this IANA name ("Europe/Berlin"), or None if there is none such."""
    if not name or not _NAME.fullmatch(name) or name in _NOT_ZONES:
        return None
    if name.startswith(("posix/", "right/")):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def at_local_time(day: date, moment: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC. A time that the clocks skip is as much later as they skip (02:30 is
    03:30), of one that they show twice it is the first: as calendars do (RFC 5545, 3.3.5)."""
    return datetime.combine(day, moment, tzinfo=zone).astimezone(UTC)


def last_minute(day: date, zone: ZoneInfo) -> datetime:
    """23:59:00 of the day in this zone, in UTC: a day for clients that know only instants."""
    return at_local_time(day, LAST_MINUTE, zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The day that the calendar on the wall shows at this instant."""
    return instant.astimezone(zone).date()
