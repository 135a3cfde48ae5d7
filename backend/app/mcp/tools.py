"""The tools: what they are called, what they say of themselves, and what they do.

Each acts for one user, named by the caller of `run` and never by what a model wrote. Results are
plain JSON, as other clients of this application know them, with more fields than those ask for.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ServiceError
from app.keepable import made_keepable
from app.mcp.arguments import (
    AddTask,
    Arguments,
    CompleteTask,
    Due,
    ListTasks,
    OneTask,
    SearchTasks,
    UpdateTask,
    instant,
)
from app.models import Task
from app.schemas.task import TaskCreate, TaskFilter, TaskUpdate, ToolTask
from app.services import deleted_tasks, tasks, time_zones

Json = Any
"""A value that JSON can hold."""


class ToolRefused(Exception):
    """A call that did nothing, with the reason in words for whoever made it."""


@dataclass(frozen=True)
class Tool:
    """One tool. `run(caller, arguments)` does it, without a commit."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    result: type[BaseModel]
    run: Callable[[Any, Any], Awaitable[BaseModel]]
    writes: bool = False
    adds: bool = False
    """Afterwards there is one task more."""
    destroys: bool = False
    idempotent: bool = True

    def input_schema(self) -> dict[str, Json]:
        schema = self.arguments.model_json_schema()
        schema.pop("description", None)
        shown: dict[str, Json] = _without_titles(schema)
        return shown

    def output_schema(self) -> dict[str, Json]:
        shown: dict[str, Json] = _without_titles(
            self.result.model_json_schema(mode="serialization")
        )
        return shown


class Outcome(BaseModel):
    """What became of a task."""

    task_id: int
    status: Literal["created", "updated", "completed", "reopened", "restored"]
    title: str
    task: ToolTask


class Deleted(BaseModel):
    """A task that is gone."""

    task_id: int
    status: Literal["deleted"] = "deleted"
    title: str


class Page(BaseModel):
    """Some of the tasks that fit."""

    tasks: list[ToolTask]
    total: int = Field(description="How many fit, on all pages together.")
    next_offset: int | None = Field(description="The offset of the next page; null: there is none.")


@dataclass(frozen=True)
class Caller:
    """For whom a tool acts, and in which transaction."""

    session: AsyncSession
    user_id: str
    zone: ZoneInfo

    def outcome(self, task: Task, status: str) -> Outcome:
        return Outcome.model_validate(
            {
                "task_id": task.id,
                "status": status,
                "title": task.title,
                "task": ToolTask.of(task, self.zone),
            }
        )


async def _add(caller: Caller, given: AddTask) -> Outcome:
    fields = given.model_dump(exclude={"user_id", *DUE}) | _due(given, caller.zone)
    new = TaskCreate.model_validate(fields)
    task = await tasks.create_task(caller.session, caller.user_id, new, caller.zone)
    return caller.outcome(task, "created")


async def _list(caller: Caller, given: ListTasks) -> Page:
    fields = given.model_dump(exclude={"user_id", "due_after", "due_before"}, mode="json")
    for name in ("due_after", "due_before"):
        when = getattr(given, name)
        fields[name] = _instant(name, when, caller.zone) if when is not None else None
    return await _page(caller, TaskFilter.model_validate(fields))


async def _complete(caller: Caller, given: CompleteTask) -> Outcome:
    task = await tasks.complete_task(caller.session, caller.user_id, given.task_id, given.completed)
    return caller.outcome(task, "completed" if given.completed else "reopened")


async def _delete(caller: Caller, given: OneTask) -> Deleted:
    task = await tasks.get_task(caller.session, caller.user_id, given.task_id)
    gone = Deleted(task_id=given.task_id, title=task.title)
    await deleted_tasks.delete_task(caller.session, caller.user_id, given.task_id)
    return gone


async def _update(caller: Caller, given: UpdateTask) -> Outcome:
    values = given.model_dump(exclude={"user_id", "task_id", *DUE}, exclude_unset=True)
    values |= _due(given, caller.zone)
    if not values:
        raise ToolRefused(
            "Nothing to change was given: title, description, due_date, due_at, priority or "
            "completed."
        )
    task = await tasks.update_task(
        caller.session,
        caller.user_id,
        given.task_id,
        TaskUpdate.model_validate(values),
        caller.zone,
    )
    return caller.outcome(task, "updated")


async def _restore(caller: Caller, given: OneTask) -> Outcome:
    task = await deleted_tasks.restore_task(caller.session, caller.user_id, given.task_id)
    return caller.outcome(task, "restored")


async def _get(caller: Caller, given: OneTask) -> ToolTask:
    task = await tasks.get_task(caller.session, caller.user_id, given.task_id)
    return ToolTask.of(task, caller.zone)


async def _search(caller: Caller, given: SearchTasks) -> Page:
    return await _page(
        caller, TaskFilter(search=given.query, limit=given.limit, offset=given.offset)
    )


async def _page(caller: Caller, wanted: TaskFilter) -> Page:
    found, total = await tasks.list_tasks(caller.session, caller.user_id, wanted, caller.zone)
    end = wanted.offset + len(found)
    return Page(
        tasks=await ToolTask.each_of(found, caller.zone),
        total=total,
        next_offset=end if found and end < total else None,
    )


def _due(given: Due, zone: ZoneInfo) -> dict[str, Json]:
    """Those of `due_date` and `due_at` that were given, as the services take them. A day that was
    given as a time is a day."""
    said = {name: getattr(given, name) for name in DUE if name in given.model_fields_set}
    at = said.get("due_at")
    if isinstance(at, datetime):
        said["due_at"] = _instant("due_at", at, zone)
    elif at is not None:
        if said.get("due_date") not in (None, at):
            raise ToolRefused("due_date and due_at name two days. Send one of them.")
        said = {"due_date": at}
    if said.get("due_date") is not None:
        said["due_date"] = said["due_date"].isoformat()
    return said


def _instant(name: str, when: date, zone: ZoneInfo) -> str:
    moment = when if isinstance(when, datetime) else datetime.combine(when, time(0))
    try:
        return instant(moment, zone).isoformat()
    except (ValueError, OverflowError) as error:
        raise ToolRefused(f"{name}: {error}.") from None


DUE = ("due_date", "due_at")
_DUE = (
    "due_date is a whole day, such as 2026-12-31; due_at a time, such as 2026-12-31T18:00:00+01:00."
)

TOOLS = (
    Tool(
        "add_task",
        "Add a task",
        f"Adds a task to the user's list. {_DUE}",
        AddTask,
        Outcome,
        _add,
        writes=True,
        adds=True,
        idempotent=False,
    ),
    Tool(
        "list_tasks",
        "List tasks",
        "Lists the user's tasks, a page at a time: all, pending, completed, overdue or due at some "
        "time, in an order of choice.",
        ListTasks,
        Page,
        _list,
    ),
    Tool(
        "complete_task",
        "Complete a task",
        "Marks a task as done, or with completed=false as not done. Safe to repeat.",
        CompleteTask,
        Outcome,
        _complete,
        writes=True,
    ),
    Tool(
        "delete_task",
        "Delete a task",
        "Deletes a task. Ask the user first.",
        OneTask,
        Deleted,
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
        Outcome,
        _update,
        writes=True,
        destroys=True,
    ),
    Tool(
        "restore_task",
        "Restore a task",
        "Brings back a task that was deleted within the last 24 hours.",
        OneTask,
        Outcome,
        _restore,
        writes=True,
        adds=True,
    ),
    Tool(
        "get_task",
        "Show a task",
        "Everything about one task, by its number.",
        OneTask,
        ToolTask,
        _get,
    ),
    Tool(
        "search_tasks",
        "Search tasks",
        "Finds tasks by words in their title or description.",
        SearchTasks,
        Page,
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
        zone = await time_zones.of_user(session, user_id)
        result = await tool.run(Caller(session, user_id, zone), given)
    except ServiceError as error:
        if error.status >= 500:
            raise
        raise ToolRefused(error.detail) from None
    except ValidationError as error:
        # What only the task's own rules refuse, such as a year.
        raise ToolRefused(_sentences(error)) from None
    return result.model_dump(mode="json")


def _without_titles(schema: Json) -> Any:  # noqa: ANN401 - a part of JSON
    """pydantic calls `due_at` "Due At" as well: a model would read that at every call, in vain."""
    if isinstance(schema, list):
        return [_without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {field: _without_titles(item) for field, item in value.items()}
        if name == "properties"
        else _without_titles(value)
        for name, value in schema.items()
        if name != "title"
    }


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
