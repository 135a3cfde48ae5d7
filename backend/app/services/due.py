"""When a task is due: on a day, at an instant, or not at all.

A day has no zone. For clients and versions of this program that know instants only it is also its
last minute, 23:59:00, where the person is.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.dates import UNKNOWN_ZONE, last_minute
from app.errors import Unprocessable
from app.models import Task

FIELDS = ("due_date", "due_at", "due_time_zone")
Values = dict[str, Any]
"""Of these columns."""


def of_new(given: Values, zone: ZoneInfo) -> Values:
    """What to keep of a new task's fields. Raises Unprocessable where they contradict."""
    if given.get("due_date") is not None:
        return _day(given["due_date"], given.get("due_at"), zone)
    if given.get("due_at") is not None:
        return _instant(given, zone)
    return dict.fromkeys(FIELDS)


def of_changed(task: Task, given: Values, zone: ZoneInfo) -> Values:
    """What changes when these fields, and no others, are written to the task."""
    day, at = given.get("due_date"), given.get("due_at")
    if day is not None:
        unchanged = day == task.due_date and at in (None, task.due_at)
        changed = {} if unchanged else _day(day, at, zone)
        return {} if day == task.due_date else changed
    if at is not None:
        as_read = task.due_date is not None and at in (task.due_instant(zone), task.due_at)
        # A client that knows no days, or sends back all that it read, means the day it has seen.
        if as_read and "due_date" not in given:
            return {}
        return _instant(given, zone)
    if "due_date" in given or "due_at" in given:
        return dict.fromkeys(FIELDS)
    if task.due_at is not None and task.due_date is None and given.get("due_time_zone"):
        return {"due_time_zone": given["due_time_zone"]}
    return {}


def _day(day: date, at: datetime | None, zone: ZoneInfo) -> Values:
    instant = last_minute(day, zone)
    if at is not None and at != instant:
        raise Unprocessable(
            "due_at",
            "due_contradiction",
            f"due_date says {day}, due_at another time: send one of them. "
            f"(The end of that day is {instant:%Y-%m-%dT%H:%M:%SZ} in {zone.key}.)",
        )
    return {"due_date": day, "due_at": instant, "due_time_zone": None}


def _instant(given: Values, zone: ZoneInfo) -> Values:
    meant_in = given.get("due_time_zone") or (None if zone is UNKNOWN_ZONE else zone.key)
    return {"due_date": None, "due_at": given["due_at"], "due_time_zone": meant_in}
