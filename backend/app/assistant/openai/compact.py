"""Tools' results as the model gets them.

A list of 200 tasks as clients get it fills half of a model's window, at every further call of the
turn again. The model needs to know what there is and when; the rest it can ask get_task for.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = Any
# Tasks of a list that did not say how many it wants, and the most that it gets.
USUAL, MOST = 50, 100
_PAGED = ("list_tasks", "search_tasks")


def limited(tool: str, arguments: dict[str, Json]) -> dict[str, Json]:
    """The arguments of a list, with an end."""
    if tool not in _PAGED:
        return arguments
    wanted = arguments.get("limit")
    fits = wanted is None or (isinstance(wanted, int) and wanted > MOST)
    return {**arguments, "limit": MOST if wanted is not None else USUAL} if fits else arguments


def result(tool: str, value: Json, zone: ZoneInfo) -> Json:
    """What the model is told of a tool's result."""
    if isinstance(value, list):
        # As results were kept that an earlier version of this program got.
        return [_task(item, zone) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("tasks"), list):
        return {**value, "tasks": [_task(item, zone) for item in value["tasks"]]}
    if isinstance(value.get("task"), dict):
        return {"status": value.get("status"), "task": _task(value["task"], zone)}
    if tool == "get_task":
        return {**_task(value, zone), "description": value.get("description")}
    return value


def _task(task: Json, zone: ZoneInfo) -> Json:
    if not isinstance(task, dict) or "id" not in task:
        return task
    shown = {
        name: task[kept]
        for name, kept in (
            ("id", "id"),
            ("title", "title"),
            ("priority", "priority"),
            ("done", "completed"),
        )
        if kept in task
    }
    if "due_at" in task:
        shown["due"] = task.get("due_date") or _local(task["due_at"], zone)
    return shown


def _local(instant: Json, zone: ZoneInfo) -> str | None:
    """Where the user is, with the offset: a model that converts by itself errs."""
    if not isinstance(instant, str):
        return None
    return datetime.fromisoformat(instant).astimezone(zone).isoformat(timespec="minutes")
