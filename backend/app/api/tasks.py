"""Tasks, in the dialects that clients of this application speak.

`/api/{user_id}/tasks…` with `PATCH …/complete` is the canonical one; `/api/tasks…` is the same for
the token's user, and so is `/tasks/…` with `PATCH …/toggle`. All are the same handlers.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Body, Depends, Query, Response, status

from app.api.deps import DbSession, TaskId, path_user, token_user
from app.models import Task
from app.schemas.errors import errors
from app.schemas.paging import PAGED, tell_total
from app.schemas.task import TaskCompletion, TaskCreate, TaskFilter, TaskRead, TaskUpdate
from app.services import deleted_tasks, tasks


class Dialect(NamedTuple):
    """How a group of clients writes these routes."""

    prefix: str
    owner: Callable[..., Awaitable[str]]
    """The dependency that finds the user, or refuses."""
    refusals: tuple[int, ...]
    """The statuses with which it refuses."""
    collection: str
    """The list's path: with or without a closing slash. The other spelling is answered too,
    because a redirect would name the cluster's inner address."""
    completion: str
    """The word for completing a task. The other one is answered too."""


def _routes(dialect: Dialect) -> APIRouter:
    router = APIRouter(prefix=dialect.prefix, tags=["tasks"])
    documented = dialect.collection
    tolerated = "" if documented == "/" else "/"
    other_completion = "toggle" if dialect.completion == "complete" else "complete"
    UserId = Annotated[str, Depends(dialect.owner)]  # noqa: N806 - a type
    refused, not_found = errors(*dialect.refusals), errors(*dialect.refusals, 404)

    @router.get(tolerated, response_model=list[TaskRead], include_in_schema=False)
    @router.get(documented, response_model=list[TaskRead], responses=refused | PAGED)
    async def list_tasks(
        session: DbSession,
        user: UserId,
        wanted: Annotated[TaskFilter, Query()],
        response: Response,
    ) -> list[Task]:
        """The tasks that fit. Without `limit` all of them."""
        page, total = await tasks.list_tasks(session, user, wanted)
        tell_total(response, total)
        return page

    @router.post(
        tolerated,
        response_model=TaskRead,
        status_code=status.HTTP_201_CREATED,
        include_in_schema=False,
    )
    @router.post(
        documented,
        response_model=TaskRead,
        status_code=status.HTTP_201_CREATED,
        responses=refused,
    )
    async def create_task(session: DbSession, user: UserId, body: TaskCreate) -> Task:
        return await tasks.create_task(session, user, body)

    @router.get("/{task_id}", response_model=TaskRead, responses=not_found)
    async def get_task(session: DbSession, user: UserId, task_id: TaskId) -> Task:
        return await tasks.get_task(session, user, task_id)

    @router.put("/{task_id}", response_model=TaskRead, responses=not_found)
    async def update_task(
        session: DbSession, user: UserId, task_id: TaskId, body: TaskUpdate
    ) -> Task:
        """Changes what is given; what is left out stays."""
        return await tasks.update_task(session, user, task_id, body)

    @router.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT, responses=not_found)
    async def delete_task(session: DbSession, user: UserId, task_id: TaskId) -> None:
        """For 24 hours `…/restore` takes it back."""
        await deleted_tasks.delete_task(session, user, task_id)

    @router.post("/{task_id}/restore", response_model=TaskRead, responses=not_found)
    async def restore_task(session: DbSession, user: UserId, task_id: TaskId) -> Task:
        """Brings a deleted task back as it was, under its number, within 24 hours."""
        return await deleted_tasks.restore_task(session, user, task_id)

    @router.patch(
        f"/{{task_id}}/{other_completion}", response_model=TaskRead, include_in_schema=False
    )
    @router.patch(
        f"/{{task_id}}/{dialect.completion}", response_model=TaskRead, responses=not_found
    )
    async def complete_task(
        session: DbSession,
        user: UserId,
        task_id: TaskId,
        body: Annotated[TaskCompletion | None, Body()] = None,
    ) -> Task:
        """Without a body toggles; with `{"completed": …}` sets, which is safe to repeat."""
        return await tasks.complete_task(session, user, task_id, body.completed if body else None)

    return router


by_path = _routes(Dialect("/api/{user_id}/tasks", path_user, (401, 403), "", "complete"))
by_token = _routes(Dialect("/api/tasks", token_user, (401,), "", "complete"))
seed_dialect = _routes(Dialect("/tasks", token_user, (401,), "/", "toggle"))
