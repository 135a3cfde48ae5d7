"""The tools: what they are called, what they say of themselves, and what they do.

Each acts for one user, named by the caller of `run` and never by what a model wrote. Results are
plain JSON, as other clients of this application know them, with more fields than those ask for.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ServiceError
from app.keepable import made_keepable
from app.mcp.arguments import (
    AddTask,
    Arguments,
    CompleteTask,
    ListTasks,
    OneTask,
    SearchTasks,
    UpdateTask,
)
from app.models import Task
from app.schemas.task import TaskCreate, TaskFilter, TaskRead, TaskUpdate
from app.services import deleted_tasks, tasks

Json = Any
"""A value that JSON can hold."""


class ToolRefused(Exception):
    """A call that did nothing, with the reason in words for whoever made it."""


@dataclass(frozen=True)
class Tool:
    """One tool. `run(session, user_id, arguments)` does it, without a commit."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    run: Callable[[AsyncSession, str, Any], Awaitable[Json]]
    writes: bool = False
    adds: bool = False
    """Afterwards there is one task more."""
    destroys: bool = False
    idempotent: bool = True

    def input_schema(self) -> dict[str, Json]:
        schema = self.arguments.model_json_schema()
        schema.pop("description", None)
        return schema


def _task(task: Task) -> dict[str, Json]:
    read = TaskRead.model_validate(task).model_dump(mode="json")
    read.pop("user_id")
    return read


def _outcome(task: Task, status: str) -> dict[str, Json]:
    return {"task_id": task.id, "status": status, "title": task.title, "task": _task(task)}


async def _add(session: AsyncSession, user_id: str, given: AddTask) -> Json:
    new = TaskCreate.model_validate(given.model_dump(exclude={"user_id"}, mode="json"))
    return _outcome(await tasks.create_task(session, user_id, new), "created")


async def _list(session: AsyncSession, user_id: str, given: ListTasks) -> Json:
    wanted = TaskFilter.model_validate(given.model_dump(exclude={"user_id"}, mode="json"))
    return await _page(session, user_id, wanted)


async def _complete(session: AsyncSession, user_id: str, given: CompleteTask) -> Json:
    task = await tasks.complete_task(session, user_id, given.task_id, given.completed)
    return _outcome(task, "completed" if given.completed else "reopened")


async def _delete(session: AsyncSession, user_id: str, given: OneTask) -> Json:
    task = await tasks.get_task(session, user_id, given.task_id)
    gone = {"task_id": task.id, "status": "deleted", "title": task.title}
    await deleted_tasks.delete_task(session, user_id, given.task_id)
    return gone


async def _update(session: AsyncSession, user_id: str, given: UpdateTask) -> Json:
    values = given.model_dump(exclude={"user_id", "task_id"}, exclude_unset=True, mode="json")
    if not values:
        raise ToolRefused(
            "Nothing to change was given: title, description, due_at, priority or completed."
        )
    task = await tasks.update_task(
        session, user_id, given.task_id, TaskUpdate.model_validate(values)
    )
    return _outcome(task, "updated")


async def _restore(session: AsyncSession, user_id: str, given: OneTask) -> Json:
    return _outcome(await deleted_tasks.restore_task(session, user_id, given.task_id), "restored")


async def _get(session: AsyncSession, user_id: str, given: OneTask) -> Json:
    return _task(await tasks.get_task(session, user_id, given.task_id))


async def _search(session: AsyncSession, user_id: str, given: SearchTasks) -> Json:
    return await _page(session, user_id, TaskFilter(search=given.query, limit=given.limit))


async def _page(session: AsyncSession, user_id: str, wanted: TaskFilter) -> Json:
    found, _ = await tasks.list_tasks(session, user_id, wanted)
    return [_task(task) for task in found]


_DUE = "Times are ISO 8601 with their offset, such as 2026-12-31T18:00:00Z."

TOOLS = (
    Tool(
        "add_task",
        "Add a task",
        f"Adds a task to the user's list. {_DUE}",
        AddTask,
        _add,
        writes=True,
        adds=True,
        idempotent=False,
    ),
    Tool(
        "list_tasks",
        "List tasks",
        "Lists the user's tasks: all, pending or completed ones, in an order of choice.",
        ListTasks,
        _list,
    ),
    Tool(
        "complete_task",
        "Complete a task",
        "Marks a task as done, or with completed=false as not done. Safe to repeat.",
        CompleteTask,
        _complete,
        writes=True,
    ),
    Tool(
        "delete_task",
        "Delete a task",
        "Deletes a task. Ask the user first.",
        OneTask,
        _delete,
        writes=True,
        destroys=True,
    ),
    Tool(
        "update_task",
        "Change a task",
        "Changes a task's title, description, due date, priority or completion. What is left out "
        f"stays; null empties description and due date. {_DUE}",
        UpdateTask,
        _update,
        writes=True,
        destroys=True,
    ),
    Tool(
        "restore_task",
        "Restore a task",
        "Brings back a task that was deleted within the last 24 hours.",
        OneTask,
        _restore,
        writes=True,
        adds=True,
    ),
    Tool("get_task", "Show a task", "Everything about one task, by its number.", OneTask, _get),
    Tool(
        "search_tasks",
        "Search tasks",
        "Finds tasks by words in their title or description.",
        SearchTasks,
        _search,
    ),
)
# Another dialect's name, accepted but not listed: two tools for one thing would confuse a model.
_ALIASES = {"create_task": "add_task"}
_BY_NAME = {tool.name: tool for tool in TOOLS}


def find(name: str) -> Tool | None:
    """The tool of this name or alias."""
    return _BY_NAME.get(_ALIASES.get(name, name))


async def run(session: AsyncSession, user_id: str, tool: Tool, arguments: Json) -> Json:
    """What the tool gave. Does not commit. Raises ToolRefused before anything was written."""
    try:
        given = tool.arguments.model_validate(arguments)
    except ValidationError as error:
        raise ToolRefused(_sentences(error)) from None
    if given.user_id is not None and given.user_id != user_id:
        raise ToolRefused("The user_id is not that of the token's user. Leave it out.")
    try:
        return await tool.run(session, user_id, given)
    except ServiceError as error:
        if error.status >= 500:
            raise
        raise ToolRefused(error.detail) from None


def _sentences(error: ValidationError) -> str:
    problems = []
    for problem in error.errors(include_input=False, include_url=False):
        name = made_keepable(".".join(str(part) for part in problem["loc"])) or "arguments"
        if problem["type"] == "extra_forbidden":
            problems.append(f"There is no argument {name}.")
        elif problem["type"] == "missing":
            problems.append(f"The argument {name} is missing.")
        else:
            text = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
            problems.append(f"{name}: {text[:1].lower()}{text[1:]}.")
    return " ".join(problems)
