"""Tasks, in the dialects that clients of this application speak.

`/api/{user_id}/tasks…` with `PATCH …/complete` is the canonical one; `/api/tasks…` is the same for
the token's user, and so is `/tasks/…` with `PATCH …/toggle`. All are the same handlers.
"""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Response, status

from app.api.deps import CurrentCaller, DbSession, TaskId, check_path_user
from app.models import Task
from app.schemas.errors import errors
from app.schemas.paging import PAGED, tell_total
from app.schemas.task import TaskCompletion, TaskCreate, TaskFilter, TaskRead, TaskUpdate
from app.services import deleted_tasks, tasks

by_path = APIRouter(
    prefix="/api/{user_id}/tasks",
    tags=["tasks"],
    dependencies=[Depends(check_path_user)],
    responses=errors(401, 403),
)
by_token = APIRouter(prefix="/api/tasks", tags=["tasks"], responses=errors(401))
with_toggle = APIRouter(prefix="/tasks", tags=["tasks"], responses=errors(401))

NOT_FOUND = errors(404)


@by_path.get("", response_model=list[TaskRead], responses=PAGED)
@by_token.get("", response_model=list[TaskRead], responses=PAGED)
@with_toggle.get("/", response_model=list[TaskRead], responses=PAGED)
async def list_tasks(
    session: DbSession,
    caller: CurrentCaller,
    wanted: Annotated[TaskFilter, Query()],
    response: Response,
) -> list[Task]:
    """The tasks that fit. Without `limit` all of them."""
    page, total = await tasks.list_tasks(session, caller.user_id, wanted)
    tell_total(response, total)
    return page


@by_path.post("", response_model=TaskRead, status_code=status.HTTP_201_CREATED)
@by_token.post("", response_model=TaskRead, status_code=status.HTTP_201_CREATED)
@with_toggle.post("/", response_model=TaskRead, status_code=status.HTTP_201_CREATED)
async def create_task(session: DbSession, caller: CurrentCaller, body: TaskCreate) -> Task:
    return await tasks.create_task(session, caller.user_id, body)


@by_path.get("/{task_id}", response_model=TaskRead, responses=NOT_FOUND)
@by_token.get("/{task_id}", response_model=TaskRead, responses=NOT_FOUND)
@with_toggle.get("/{task_id}", response_model=TaskRead, responses=NOT_FOUND)
async def get_task(session: DbSession, caller: CurrentCaller, task_id: TaskId) -> Task:
    return await tasks.get_task(session, caller.user_id, task_id)


@by_path.put("/{task_id}", response_model=TaskRead, responses=NOT_FOUND)
@by_token.put("/{task_id}", response_model=TaskRead, responses=NOT_FOUND)
@with_toggle.put("/{task_id}", response_model=TaskRead, responses=NOT_FOUND)
async def update_task(
    session: DbSession, caller: CurrentCaller, task_id: TaskId, body: TaskUpdate
) -> Task:
    """Changes what is given; what is left out stays."""
    return await tasks.update_task(session, caller.user_id, task_id, body)


@by_path.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
@by_token.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
@with_toggle.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
async def delete_task(session: DbSession, caller: CurrentCaller, task_id: TaskId) -> None:
    """For 24 hours `…/restore` takes it back."""
    await deleted_tasks.delete_task(session, caller.user_id, task_id)


@by_path.post("/{task_id}/restore", response_model=TaskRead, responses=NOT_FOUND)
@by_token.post("/{task_id}/restore", response_model=TaskRead, responses=NOT_FOUND)
@with_toggle.post("/{task_id}/restore", response_model=TaskRead, responses=NOT_FOUND)
async def restore_task(session: DbSession, caller: CurrentCaller, task_id: TaskId) -> Task:
    """Brings a deleted task back as it was, under its number, within 24 hours."""
    return await deleted_tasks.restore_task(session, caller.user_id, task_id)


@by_path.patch("/{task_id}/complete", response_model=TaskRead, responses=NOT_FOUND)
@by_token.patch("/{task_id}/complete", response_model=TaskRead, responses=NOT_FOUND)
@with_toggle.patch("/{task_id}/toggle", response_model=TaskRead, responses=NOT_FOUND)
async def complete_task(
    session: DbSession,
    caller: CurrentCaller,
    task_id: TaskId,
    body: Annotated[TaskCompletion | None, Body()] = None,
) -> Task:
    """Without a body toggles; with `{"completed": …}` sets, which is safe to repeat."""
    completed = body.completed if body else None
    return await tasks.complete_task(session, caller.user_id, task_id, completed)


# The other spellings are answered too: a redirect would name the cluster's inner address.
for router, other_path, other_word in (
    (by_path, "/", "toggle"),
    (by_token, "/", "toggle"),
    (with_toggle, "", "complete"),
):
    router.add_api_route(
        other_path,
        list_tasks,
        methods=["GET"],
        response_model=list[TaskRead],
        include_in_schema=False,
    )
    router.add_api_route(
        other_path,
        create_task,
        methods=["POST"],
        response_model=TaskRead,
        status_code=status.HTTP_201_CREATED,
        include_in_schema=False,
    )
    router.add_api_route(
        f"/{{task_id}}/{other_word}",
        complete_task,
        methods=["PATCH"],
        response_model=TaskRead,
        include_in_schema=False,
    )
