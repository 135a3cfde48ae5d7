"""Tasks: every function acts on one user's tasks and sees nobody else's.

None of them commits, so that a caller can make a change and a record of it one transaction.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    Time,
    and_,
    case,
    false,
    func,
    inspect,
    literal,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dates import LAST_MINUTE, at_local_time, last_minute, local_day
from app.errors import NotFound
from app.models import Priority, Task, User
from app.schemas.task import (
    Order,
    TaskCreate,
    TaskFilter,
    TaskRow,
    TaskSort,
    TaskStatus,
    TaskUpdate,
)
from app.schemas.text import BLANK
from app.services import due, time_zones

_LEAST_URGENT_FIRST = case(
    {Priority.LOW.value: 0, Priority.MEDIUM.value: 1, Priority.HIGH.value: 2},
    value=col(Task.priority),
)
_IS_DAY = col(Task.due_date).is_not(None)
_SORTED_BY = {
    TaskSort.CREATED: (col(Task.created_at), Order.DESC),
    TaskSort.UPDATED: (col(Task.updated_at), Order.DESC),
    TaskSort.TITLE: (func.lower(Task.title), Order.ASC),
    TaskSort.DUE_DATE: (col(Task.due_at), Order.ASC),
    TaskSort.PRIORITY: (_LEAST_URGENT_FIRST, Order.DESC),
}
_COLUMNS = inspect(Task).local_table.columns
# For these a null in an update means "as it is": there is no such thing as a task without them.
_NEVER_NULL = ("title", "priority", "completed")


async def list_tasks(
    session: AsyncSession, user_id: str, wanted: TaskFilter, zone: ZoneInfo
) -> tuple[Sequence[TaskRow], int]:
    """A page of the tasks that fit, and how many fit on all pages together; days are those of this
    zone."""
    tasks = await page_of_tasks(session, user_id, wanted, zone)
    if len(tasks) < wanted.limit and not wanted.offset:
        return tasks, len(tasks)
    fitting = _fitting(user_id, wanted, zone)
    counted = await session.scalar(select(func.count()).select_from(fitting.subquery()))
    return tasks, counted or 0


async def page_of_tasks(
    session: AsyncSession, user_id: str, wanted: TaskFilter, zone: ZoneInfo
) -> Sequence[TaskRow]:
    """A page of the tasks that fit. Rows, as nothing in them is changed: to make a thousand objects
    of the ORM stops the event loop for twice as long."""
    key, usual = _SORTED_BY[wanted.sort]
    if wanted.sort is TaskSort.DUE_DATE and await time_zones.known_to_database(session, zone):
        key = case((_IS_DAY, _end_of_day(zone)), else_=col(Task.due_at))
    ordered = key.desc() if (wanted.order or usual) is Order.DESC else key.asc()
    page = (
        _fitting(user_id, wanted, zone)
        .with_only_columns(*_COLUMNS)
        .order_by(ordered.nulls_last(), col(Task.id).desc())
        .offset(wanted.offset or None)
        .limit(wanted.limit)
    )
    return (await session.execute(page)).all()


def _fitting(user_id: str, wanted: TaskFilter, zone: ZoneInfo) -> Select[Task]:
    query = select(Task).where(col(Task.user_id) == user_id)
    if wanted.status is not TaskStatus.ALL:
        query = query.where(col(Task.completed).is_(wanted.status is TaskStatus.COMPLETED))
    if wanted.priority is not None:
        query = query.where(col(Task.priority) == wanted.priority)
    for condition in _due_conditions(wanted, zone):
        query = query.where(condition)
    for word in words(wanted.search or ""):
        query = query.where(
            or_(
                col(Task.title).icontains(word, autoescape=True),
                col(Task.description).icontains(word, autoescape=True),
            )
        )
    return query


async def version_of_list(
    session: AsyncSession, user_id: str, wanted: TaskFilter, zone: ZoneInfo
) -> tuple[str, int]:
    """What changes as soon as any of the tasks that fit does, or the user's time zone, found out
    without reading them; and how many fit on all pages together.

    A row's xmin names the transaction that wrote it last, whatever program that was: so what
    another application changes is seen as well.
    """
    stored = select(col(User.time_zone)).where(col(User.id) == user_id).scalar_subquery()
    written = func.hashtextextended(literal_column("tasks.id || ':' || tasks.xmin"), 0)
    fitting = _fitting(user_id, wanted, zone)
    query = fitting.with_only_columns(func.count(), func.sum(written), stored)
    total, rows, time_zone = (await session.execute(query)).one()
    return f"{total} {rows} {time_zone}", total


def _due_conditions(wanted: TaskFilter, zone: ZoneInfo) -> Iterator[ColumnElement[bool]]:
    """Days are compared as days and instants as instants: what bounds the one is made a bound of
    the other, where the person is."""
    at, day = col(Task.due_at), col(Task.due_date)
    if wanted.due_after is not None:
        yield case(
            (_IS_DAY, day >= _first_day_ending(wanted.due_after, zone)),
            else_=at >= wanted.due_after,
        )
    if wanted.due_before is not None:
        yield case(
            (_IS_DAY, day < _first_day_ending(wanted.due_before, zone)),
            else_=at < wanted.due_before,
        )
    first = max(filter(None, (wanted.due_from, wanted.due_on)), default=None)
    last = min(filter(None, (wanted.due_to, wanted.due_on)), default=None)
    if first is not None:
        yield case((_IS_DAY, day >= first), else_=at >= at_local_time(first, time(0), zone))
    if last is not None:
        following = at_local_time(last + timedelta(1), time(0), zone)
        yield case((_IS_DAY, day <= last), else_=at < following)
    if wanted.overdue is not None:
        today = local_day(datetime.now(UTC), zone)
        over = case((_IS_DAY, day < today), else_=func.coalesce(at < func.now(), false()))
        late = and_(~col(Task.completed), over)
        yield late if wanted.overdue else not_(late)


def _first_day_ending(instant: datetime, zone: ZoneInfo) -> date:
    """The first day whose last minute does not come before the instant."""
    day = local_day(instant, zone)
    return day if last_minute(day, zone) >= instant else day + timedelta(1)


def _end_of_day(zone: ZoneInfo) -> ColumnElement[datetime]:
    return func.timezone(zone.key, col(Task.due_date) + literal(LAST_MINUTE, Time()))


def words(text: str) -> list[str]:
    """What stands between blanks, each once."""
    return list(dict.fromkeys("".join(" " if c in BLANK else c for c in text).split()))


async def create_task(session: AsyncSession, user_id: str, new: TaskCreate, zone: ZoneInfo) -> Task:
    """Raises Unprocessable."""
    task = Task(user_id=user_id, **(new.model_dump() | due.of_new(new.model_dump(), zone)))
    session.add(task)
    await session.flush()
    return task


async def get_task(
    session: AsyncSession, user_id: str, task_id: int, *, for_update: bool = False
) -> Task:
    """Raises NotFound, also for another user's task."""
    query = select(Task).where(col(Task.id) == task_id, col(Task.user_id) == user_id)
    return _must_exist(await session.scalar(query.with_for_update() if for_update else query))


async def update_task(
    session: AsyncSession, user_id: str, task_id: int, changes: TaskUpdate, zone: ZoneInfo
) -> Task:
    """Changes what was given and leaves the rest. Raises NotFound, Unprocessable."""
    values = changes.model_dump(exclude_unset=True)
    given = {name: values.pop(name) for name in due.FIELDS if name in values}
    if given:
        locked = await get_task(session, user_id, task_id, for_update=True)
        values |= due.of_changed(locked, given, zone)
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
        .execution_options(populate_existing=True)
    )
    return _must_exist(changed)


def _must_exist(task: Task | None) -> Task:
    if task is None:
        raise NotFound
    return task
