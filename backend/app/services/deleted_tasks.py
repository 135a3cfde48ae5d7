"""Deleting a task, and taking that back within a day.

A deleted task's row moves to a table of its own, so that no other query, and no older version of
this program, comes across it. None of these functions commits.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.errors import NotFound
from app.models import DeletedTask, Task

RESTORABLE = timedelta(hours=24)
# More than one deletion leaves behind, so that the table shrinks; few enough to cost nothing.
CLEANED_AT_ONCE = 20

# As JSON the whole row survives, also with columns that an adopted table has and the model lacks.
_MOVE_OUT = text(
    """
    WITH gone AS (DELETE FROM tasks WHERE id = :task_id AND user_id = :user_id RETURNING *)
    INSERT INTO deleted_tasks (id, user_id, task)
    SELECT id, user_id, to_jsonb(gone) FROM gone
    RETURNING id
    """
)
# What the row had and the table still has, in SQL's spelling. A column that came since gets its
# default, one that the database computes is left to it.
_COLUMNS = text(
    """
    SELECT quote_ident(attname) FROM deleted_tasks JOIN pg_attribute
        ON attrelid = CAST('tasks' AS regclass) AND attnum > 0 AND NOT attisdropped
            AND attgenerated = '' AND task ? attname
    WHERE id = :task_id AND user_id = :user_id AND deleted_at > now() - :restorable
    ORDER BY attnum
    """
)
_MOVE_BACK = """
    WITH back AS (
        DELETE FROM deleted_tasks WHERE id = :task_id AND user_id = :user_id RETURNING task
    )
    INSERT INTO tasks ({columns}) OVERRIDING SYSTEM VALUE
    SELECT {columns} FROM back, jsonb_populate_record(NULL::tasks, back.task)
    RETURNING *
"""


async def delete_task(session: AsyncSession, user_id: str, task_id: int) -> None:
    """Raises NotFound."""
    moved = await session.scalar(_MOVE_OUT, {"task_id": task_id, "user_id": user_id})
    if moved is None:
        raise NotFound
    await _forget_old(session)


async def restore_task(session: AsyncSession, user_id: str, task_id: int) -> Task:
    """The task as it was, under its old number. Raises NotFound, also when it is too late."""
    values = {"task_id": task_id, "user_id": user_id}
    columns = list(await session.scalars(_COLUMNS, values | {"restorable": RESTORABLE}))
    back: Task | None = None
    if columns:
        # Escaped: a column of somebody else's may be named like a parameter.
        move = text(_MOVE_BACK.format(columns=", ".join(columns).replace(":", r"\:")))
        back = await session.scalar(select(Task).from_statement(move), values)
    if back is None:
        raise NotFound("There is no such task to restore. Deleted tasks are kept for 24 hours.")
    return back


async def _forget_old(session: AsyncSession) -> None:
    # Skipping what another pod has locked: two clean-ups never wait for each other.
    old = (
        select(col(DeletedTask.id))
        .where(col(DeletedTask.deleted_at) < func.now() - RESTORABLE)
        .limit(CLEANED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(DeletedTask).where(col(DeletedTask.id).in_(old)))
