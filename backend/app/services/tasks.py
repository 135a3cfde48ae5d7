"""Tasks: every function acts on one user's tasks and sees nobody else's."""

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import NotFound
from app.models import Priority, Task
from app.schemas.task import TaskCreate, TaskSort, TaskStatus, TaskUpdate

_URGENCY = case(
    {Priority.HIGH.value: 0, Priority.MEDIUM.value: 1}, value=col(Task.priority), else_=2
)
_NEWEST = col(Task.id).desc()
_ORDER = {
    TaskSort.CREATED: (col(Task.created_at).desc(), _NEWEST),
    TaskSort.TITLE: (func.lower(Task.title), _NEWEST),
    TaskSort.DUE_DATE: (col(Task.due_at).asc().nulls_last(), _NEWEST),
    TaskSort.PRIORITY: (_URGENCY, _NEWEST),
}
# For these a null in an update means "as it is": there is no such thing as a task without them.
_NEVER_NULL = ("title", "priority", "completed")


async def list_tasks(
    session: AsyncSession, user_id: str, status: TaskStatus, sort: TaskSort
) -> list[Task]:
    query = select(Task).where(col(Task.user_id) == user_id).order_by(*_ORDER[sort])
    if status is not TaskStatus.ALL:
        query = query.where(col(Task.completed).is_(status is TaskStatus.COMPLETED))
    return list(await session.scalars(query))


async def create_task(session: AsyncSession, user_id: str, new: TaskCreate) -> Task:
    """Commits."""
    task = Task(user_id=user_id, **new.model_dump())
    task.title = task.title.strip()
    session.add(task)
    await session.commit()
    return task


async def get_task(session: AsyncSession, user_id: str, task_id: int) -> Task:
    """Raises NotFound, also for another user's task."""
    found = await session.scalar(
        select(Task).where(col(Task.id) == task_id, col(Task.user_id) == user_id)
    )
    return _must_exist(found)


async def update_task(
    session: AsyncSession, user_id: str, task_id: int, changes: TaskUpdate
) -> Task:
    """Changes what was given and leaves the rest. Raises NotFound. Commits."""
    values = changes.model_dump(exclude_unset=True)
    for name in _NEVER_NULL:
        if values.get(name) is None:
            values.pop(name, None)
    if "title" in values:
        values["title"] = values["title"].strip()
    if not values:
        return await get_task(session, user_id, task_id)
    return await _change(session, user_id, task_id, values)


async def complete_task(
    session: AsyncSession, user_id: str, task_id: int, completed: bool | None
) -> Task:
    """Sets whether the task is done; `None` turns it round. Raises NotFound. Commits."""
    new_value = ~col(Task.completed) if completed is None else completed
    return await _change(session, user_id, task_id, {"completed": new_value})


async def delete_task(session: AsyncSession, user_id: str, task_id: int) -> None:
    """Raises NotFound. Commits."""
    deleted = await session.scalar(
        delete(Task)
        .where(col(Task.id) == task_id, col(Task.user_id) == user_id)
        .returning(col(Task.id))
    )
    if deleted is None:
        raise NotFound
    await session.commit()


async def _change(
    session: AsyncSession, user_id: str, task_id: int, values: dict[str, object]
) -> Task:
    # One statement, so that of two changes at once none is lost and a toggle always toggles.
    changed = await session.scalar(
        update(Task)
        .where(col(Task.id) == task_id, col(Task.user_id) == user_id)
        .values(**values, updated_at=func.now())
        .returning(Task)
    )
    task = _must_exist(changed)
    await session.commit()
    return task


def _must_exist(task: Task | None) -> Task:
    if task is None:
        raise NotFound
    return task
