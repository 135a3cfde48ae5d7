"""Tasks, in the dialects that clients of this application speak.

`/api/{user_id}/tasks…` with `PATCH …/complete` is the canonical one; `/api/tasks…` is the same for
the token's user, and so is `/tasks/…` with `PATCH …/toggle`. All are the same handlers.
"""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Request, Response, status

from app.api import entity_tags
from app.api.deps import (
    CallerTimeZone,
    CurrentCaller,
    DbSession,
    State,
    TaskId,
    check_path_user,
    count_write,
)
from app.schemas.errors import errors
from app.schemas.paging import PAGED, tell_total
from app.schemas.task import TaskCompletion, TaskCreate, TaskFilter, TaskRead, TaskUpdate
from app.services import deleted_tasks, tasks

by_path = APIRouter(
    prefix="/api/{user_id}/tasks",
    tags=["tasks"],
    dependencies=[Depends(check_path_user), Depends(count_write)],
    responses=errors(401, 403, 429),
)
by_token = APIRouter(
    prefix="/api/tasks",
    tags=["tasks"],
    dependencies=[Depends(count_write)],
    responses=errors(401, 429),
)
with_toggle = APIRouter(
    prefix="/tasks", tags=["tasks"], dependencies=[Depends(count_write)], responses=errors(401, 429)
)

NOT_FOUND = errors(404)
FULL = errors(409)


@by_path.get("", response_model=list[TaskRead], responses=PAGED | entity_tags.NOT_MODIFIED)
@by_token.get("", response_model=list[TaskRead], responses=PAGED | entity_tags.NOT_MODIFIED)
@with_toggle.get("/", response_model=list[TaskRead], responses=PAGED | entity_tags.NOT_MODIFIED)
async def list_tasks(
    request: Request,
    session: DbSession,
    caller: CurrentCaller,
    zone: CallerTimeZone,
    wanted: Annotated[TaskFilter, Query()],
    response: Response,
) -> list[TaskRead] | Response:
    """The tasks that fit, a page of them: 1,000 at most. `If-None-Match` with the `ETag` of an
    earlier answer gives 304 while nothing in it would be different."""
    version, total = await tasks.version_of_list(session, caller.user_id, wanted, zone)
    tell_total(response, total)
    kept = entity_tags.Kept(request, version, TaskRead)
    if kept.is_current():
        return kept.not_modified(response)
    kept.tell(response)
    page = await tasks.page_of_tasks(session, caller.user_id, wanted, zone)
    return await TaskRead.each_of(page, zone)


@by_path.post("", status_code=status.HTTP_201_CREATED, responses=FULL)
@by_token.post("", status_code=status.HTTP_201_CREATED, responses=FULL)
@with_toggle.post("/", status_code=status.HTTP_201_CREATED, responses=FULL)
async def create_task(
    state: State,
    session: DbSession,
    caller: CurrentCaller,
    zone: CallerTimeZone,
    body: TaskCreate,
) -> TaskRead:
    """409 when there are as many tasks as an account can hold."""
    await state.limits.check_room(session, caller.user_id)
    task = await tasks.create_task(session, caller.user_id, body, zone)
    return TaskRead.of(task, zone)


@by_path.get("/{task_id}", responses=NOT_FOUND)
@by_token.get("/{task_id}", responses=NOT_FOUND)
@with_toggle.get("/{task_id}", responses=NOT_FOUND)
async def get_task(
    session: DbSession, caller: CurrentCaller, zone: CallerTimeZone, task_id: TaskId
) -> TaskRead:
    return TaskRead.of(await tasks.get_task(session, caller.user_id, task_id), zone)


@by_path.put("/{task_id}", responses=NOT_FOUND)
@by_token.put("/{task_id}", responses=NOT_FOUND)
@with_toggle.put("/{task_id}", responses=NOT_FOUND)
async def update_task(
    session: DbSession,
    caller: CurrentCaller,
    zone: CallerTimeZone,
    task_id: TaskId,
    body: TaskUpdate,
) -> TaskRead:
    """Changes what is given; what is left out stays."""
    task = await tasks.update_task(session, caller.user_id, task_id, body, zone)
    return TaskRead.of(task, zone)


@by_path.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
@by_token.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
@with_toggle.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
async def delete_task(session: DbSession, caller: CurrentCaller, task_id: TaskId) -> None:
    """For 24 hours `…/restore` takes it back."""
    await deleted_tasks.delete_task(session, caller.user_id, task_id)


@by_path.post("/{task_id}/restore", responses=NOT_FOUND | FULL)
@by_token.post("/{task_id}/restore", responses=NOT_FOUND | FULL)
@with_toggle.post("/{task_id}/restore", responses=NOT_FOUND | FULL)
async def restore_task(
    state: State,
    session: DbSession,
    caller: CurrentCaller,
    zone: CallerTimeZone,
    task_id: TaskId,
) -> TaskRead:
    """Brings a deleted task back as it was, under its number, within 24 hours."""
    await state.limits.check_room(session, caller.user_id)
    task = await deleted_tasks.restore_task(session, caller.user_id, task_id)
    return TaskRead.of(task, zone)


@by_path.patch("/{task_id}/complete", responses=NOT_FOUND)
@by_token.patch("/{task_id}/complete", responses=NOT_FOUND)
@with_toggle.patch("/{task_id}/toggle", responses=NOT_FOUND)
async def complete_task(
    session: DbSession,
    caller: CurrentCaller,
    zone: CallerTimeZone,
    task_id: TaskId,
    body: Annotated[TaskCompletion | None, Body()] = None,
) -> TaskRead:
    """Without a body toggles; with `{"completed": …}` sets, which is safe to repeat."""
    completed = body.completed if body else None
    task = await tasks.complete_task(session, caller.user_id, task_id, completed)
    return TaskRead.of(task, zone)


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
