"""Tasks, in the two dialects that clients of this application speak.

`/api/{user_id}/tasks…` with `PATCH …/complete` is the canonical one; `/tasks/…` with
`PATCH …/toggle` takes the user from the token. Both are the same handlers, registered twice.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, status

from app.api.deps import DbSession, TaskId, path_user, token_user
from app.models import Task
from app.schemas.errors import errors
from app.schemas.task import (
    TaskCompletion,
    TaskCreate,
    TaskRead,
    TaskSort,
    TaskStatus,
    TaskUpdate,
)
from app.services import tasks


def _routes(
    prefix: str,
    owner: Callable[..., Awaitable[str]],
    refusals: tuple[int, ...],
    collection: tuple[str, str],
    completion: str,
) -> APIRouter:
    """The handlers under `prefix`, for the user that the dependency `owner` finds.

    `collection` is the list's path as documented, and its other spelling, with or without the
    closing slash: answered too, because a redirect would name the cluster's inner address.
    """
    router = APIRouter(prefix=prefix, tags=["tasks"])
    documented, tolerated = collection
    UserId = Annotated[str, Depends(owner)]  # noqa: N806 - a type
    refused, not_found = errors(*refusals), errors(*refusals, 404)

    @router.get(tolerated, response_model=list[TaskRead], include_in_schema=False)
    @router.get(documented, response_model=list[TaskRead], responses=refused)
    async def list_tasks(
        session: DbSession,
        user: UserId,
        status: Annotated[TaskStatus, Query()] = TaskStatus.ALL,
        sort: Annotated[TaskSort, Query()] = TaskSort.CREATED,
    ) -> list[Task]:
        return await tasks.list_tasks(session, user, status, sort)

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
        await tasks.delete_task(session, user, task_id)

    @router.patch(f"/{{task_id}}/{completion}", response_model=TaskRead, responses=not_found)
    async def complete_task(
        session: DbSession,
        user: UserId,
        task_id: TaskId,
        body: Annotated[TaskCompletion | None, Body()] = None,
    ) -> Task:
        """Without a body toggles; with `{"completed": …}` sets, which is safe to repeat."""
        return await tasks.complete_task(session, user, task_id, body.completed if body else None)

    return router


by_path = _routes("/api/{user_id}/tasks", path_user, (401, 403), ("", "/"), "complete")
by_token = _routes("/tasks", token_user, (401,), ("/", ""), "toggle")
