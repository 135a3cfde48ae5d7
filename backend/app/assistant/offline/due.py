"""From what was said of a due date to what a task gets."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.assistant.offline.intent import Due
from app.assistant.offline.when import Now
from app.dates import at_local_time

Task = dict[str, Any]


def arguments(due: Due | None, now: Now, task: Task | None = None) -> dict[str, Any]:
    """`due_date` or `due_at` for a tool. A task that has a time of day keeps it when it is moved
    to a day, and its day when it is given a time."""
    if due is None:
        return {}
    if due.never:
        return {"due_at": None}
    if due.later_days or due.later_hours:
        return _later(due, now, task or {})
    day, clock = _parts(task or {}, now)
    if due.day:
        wanted = date.fromisoformat(due.day)
        return _at(wanted, clock, now) if clock else {"due_date": due.day}
    instant = datetime.fromisoformat(due.instant or "")
    if due.clock_only and day is not None and day >= now.today:
        return _at(day, instant.astimezone(now.zone).time(), now)
    return {"due_at": _utc(instant)}


def as_it_is(task: Task) -> dict[str, Any]:
    """The due date that a task has, for a tool to set it again."""
    if task.get("due_date"):
        return {"due_date": task["due_date"]}
    return {"due_at": task.get("due_at")}


def _later(due: Due, now: Now, task: Task) -> dict[str, Any]:
    day, clock = _parts(task, now)
    if due.later_hours:
        start = datetime.fromisoformat(task["due_at"]) if clock else now.moment
        return {"due_at": _utc(start + timedelta(hours=due.later_hours))}
    wanted = (day or now.today) + timedelta(due.later_days)
    return _at(wanted, clock, now) if clock else {"due_date": wanted.isoformat()}


def _parts(task: Task, now: Now) -> tuple[date | None, time | None]:
    """The day and the time of day that a task has, where the person is."""
    if task.get("due_date"):
        return date.fromisoformat(task["due_date"]), None
    if task.get("due_at"):
        at = datetime.fromisoformat(task["due_at"]).astimezone(now.zone)
        return at.date(), at.time()
    return None, None


def _at(day: date, clock: time, now: Now) -> dict[str, Any]:
    return {"due_at": _utc(at_local_time(day, clock, now.zone))}


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
