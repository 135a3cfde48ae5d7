"""Tasks: every function acts on one user's tasks and sees nobody else's.

None of them commits, so that a caller can make a change and a record of it one transaction.
"""

from sqlalchemy import Select, case, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import NotFound
from app.models import Priority, Task, User
from app.schemas.task import Order, TaskCreate, TaskFilter, TaskSort, TaskStatus, TaskUpdate
from app.schemas.text import BLANK

_LEAST_URGENT_FIRST = case(
    {Priority.LOW.value: 0, Priority.MEDIUM.value: 1, Priority.HIGH.value: 2},
    value=col(Task.priority),
)
_SORTED_BY = {
    TaskSort.CREATED: (col(Task.created_at), Order.DESC),
    TaskSort.UPDATED: (col(Task.updated_at), Order.DESC),
    TaskSort.TITLE: (func.lower(Task.title), Order.ASC),
    TaskSort.DUE_DATE: (col(Task.due_at), Order.ASC),
    TaskSort.PRIORITY: (_LEAST_URGENT_FIRST, Order.DESC),
}
# For these a null in an update means "as it is": there is no such thing as a task without them.
_NEVER_NULL = ("title", "priority", "completed")


async def list_tasks(
    session: AsyncSession, user_id: str, wanted: TaskFilter
) -> tuple[list[Task], int]:
    """A page of the tasks that fit, and how many fit on all pages together."""
    fitting = _fitting(user_id, wanted)
    key, usual = _SORTED_BY[wanted.sort]
    ordered = key.desc() if (wanted.order or usual) is Order.DESC else key.asc()
    page = fitting.order_by(ordered.nulls_last(), col(Task.id).desc()).offset(wanted.offset or None)
    tasks = list(await session.scalars(page.limit(wanted.limit)))
    if len(tasks) < wanted.limit and not wanted.offset:
        return tasks, len(tasks)
    counted = await session.scalar(select(func.count()).select_from(fitting.subquery()))
    return tasks, counted or 0


def _fitting(user_id: str, wanted: TaskFilter) -> Select[Task]:
    query = select(Task).where(col(Task.user_id) == user_id)
    if wanted.status is not TaskStatus.ALL:
        query = query.where(col(Task.completed).is_(wanted.status is TaskStatus.COMPLETED))
    if wanted.priority is not None:
        query = query.where(col(Task.priority) == wanted.priority)
    if wanted.due_after is not None:
        query = query.where(col(Task.due_at) >= wanted.due_after)
    if wanted.due_before is not None:
        query = query.where(col(Task.due_at) < wanted.due_before)
    for word in words(wanted.search or ""):
        query = query.where(
            or_(
                col(Task.title).icontains(word, autoescape=True),
                col(Task.description).icontains(word, autoescape=True),
            )
        )
    return query


async def version_of_list(
    session: AsyncSession, user_id: str, wanted: TaskFilter
) -> tuple[str, int]:
    """What changes as soon as any of the tasks that fit does, or the user's time zone, found out
    without reading them; and how many fit on all pages together.

    A row's xmin names the transaction that wrote it last, whatever program that was: so what
    another application changes is seen as well.
    """
    zone = select(col(User.time_zone)).where(col(User.id) == user_id).scalar_subquery()
    written = func.hashtextextended(literal_column("tasks.id || ':' || tasks.xmin"), 0)
    query = _fitting(user_id, wanted).with_only_columns(func.count(), func.sum(written), zone)
    total, rows, time_zone = (await session.execute(query)).one()
    return f"{total} {rows} {time_zone}", total


def words(text: str) -> list[str]:
    """What stands between blanks, each once."""
    return list(dict.fromkeys("".join(" " if c in BLANK else c for c in text).split()))


async def create_task(session: AsyncSession, user_id: str, new: TaskCreate) -> Task:
    task = Task(user_id=user_id, **new.model_dump())
    session.add(task)
    await session.flush()
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
    """Changes what was given and leaves the rest. Raises NotFound."""
    values = changes.model_dump(exclude_unset=True)
    for name in _NEVER_NULL:
        if values.get(name) is None:
            values.pop(name, None)
    if not values:
        return await get_task(session, user_id, task_id)
    return await _change(session, user_id, task_id, values)


async def complete_task(
    session: AsyncSession, user_id: str, task_id: int, completed: bool | None
) -> Task:
    """Sets whether the task is done; `None` turns it round. Raises NotFound."""
    new_value = ~col(Task.completed) if completed is None else completed
    return await _change(session, user_id, task_id, {"completed": new_value})


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
    return _must_exist(changed)


def _must_exist(task: Task | None) -> Task:
    if task is None:
        raise NotFound
    return task
