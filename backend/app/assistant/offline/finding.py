"""Finds the tasks that words mean, by looking in the database: however many tasks there are, what
is not found by its words is not there."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.assistant.offline import reference
from app.assistant.offline.intent import Intent, Selection
from app.assistant.offline.when import Now
from app.mcp.tools import Json

Task = dict[str, Any]
Use = Callable[[str, dict[str, Json]], Awaitable[Json]]
"""A tool call, by name and arguments."""

MOST = 500
"""The greatest page of the tools."""


def page(result: Json) -> tuple[list[Task], int]:
    """The tasks of a list, and how many there are on all pages."""
    if isinstance(result, dict):
        return list(result["tasks"]), int(result["total"])
    return result, len(result)


class Finder:
    def __init__(self, use: Use, named: list[Task], now: Now) -> None:
        self._use = use
        self._named = named
        self._now = now

    async def one(self, words: str, intent: Intent) -> tuple[list[Task], list[Task]]:
        """The tasks that may be meant, and, if there are none, those of a similar title."""
        number = reference.number_in(words)
        if number is not None:
            return [await self._use("get_task", {"task_id": number})], []
        pointed = reference.pointed_at(words, self._named)
        if pointed is not None:
            # As they are now: what was named may have changed since.
            return [await self._use("get_task", {"task_id": task["id"]}) for task in pointed], []
        pending_first = (
            intent.tool == "complete_task" and intent.arguments.get("completed") is not False
        )
        looked_for = reference.query(words)[:200]
        if looked_for:
            tasks, _ = page(await self._use("search_tasks", {"query": looked_for}))
            fitting = reference.find(words, tasks, pending_first=pending_first)
            if fitting:
                return fitting, []
        # Spelt without its accents, or wrongly: the database compares letters.
        tasks, _ = page(await self._use("list_tasks", {"limit": MOST}))
        fitting = reference.find(words, tasks, pending_first=pending_first)
        if fitting:
            return fitting, []
        return [], [] if intent.stated else reference.resembling(words, tasks)

    async def search(self, query: str) -> tuple[list[Task], int]:
        """The tasks that mention these words, in any spelling of their accents."""
        simpler = reference.query(query)[:200]
        forms: list[Task] = []
        if simpler and simpler not in query.casefold().split():
            # "holidays" is looked for as "holida", which finds "Holiday" too.
            forms, _ = page(await self._use("search_tasks", {"query": simpler}))
        tasks, total = page(await self._use("search_tasks", {"query": query}))
        known = {task["id"] for task in tasks}
        more = [task for task in forms if task["id"] not in known]
        if tasks or more:
            return [*tasks, *more], total + len(more)
        # Spelt without its accents: the database compares letters.
        every, _ = page(await self._use("list_tasks", {"limit": MOST}))
        wanted = reference.folded(query).split()
        tasks = [
            task
            for task in every
            if all(
                word in reference.folded(f"{task['title']} {task.get('description') or ''}")
                for word in wanted
            )
        ]
        return tasks, len(tasks)

    async def exactly(self, title: str) -> list[Task]:
        looked_for = reference.query(title)[:200]
        if not looked_for:
            return []
        tasks, _ = page(await self._use("search_tasks", {"query": looked_for}))
        return reference.exactly(title, tasks)

    async def all(self, wanted: Selection) -> tuple[list[Task], int]:
        """The tasks that have in common what is wanted, and how many there are."""
        if wanted.words:
            tasks, _ = page(
                await self._use(
                    "search_tasks", {"query": reference.query(wanted.words) or wanted.words}
                )
            )
            tasks = [task for task in tasks if _fits(task, wanted)]
            return tasks[: wanted.limit], len(tasks)
        tasks, total = page(await self._use("list_tasks", _arguments(wanted, self._now)))
        if wanted.undated:
            tasks = [task for task in tasks if not task.get("due_date") and not task["due_at"]]
            total = len(tasks)
        return tasks[: wanted.limit], total


def _fits(task: Task, wanted: Selection) -> bool:
    status = {"pending": False, "completed": True}.get(wanted.status)
    return status in (None, task["completed"]) and wanted.priority in (None, task["priority"])


def _arguments(wanted: Selection, now: Now) -> dict[str, Json]:
    arguments: dict[str, Json] = {}
    if wanted.status != "all":
        arguments["status"] = wanted.status
    for name in ("priority", "sort", "order", "due_from", "due_to"):
        if value := getattr(wanted, name):
            arguments[name] = value
    if wanted.overdue:
        # Not `overdue`: what is late now, by the clock of this turn.
        arguments["due_before"] = now.instant()
    if wanted.undated:
        arguments["limit"] = MOST
    return arguments
