"""A task may be due on a day instead of at an instant; people have a time zone.

Only adds. Older versions know `due_at` alone: for a day it holds an instant too, and when one of
them gives a task another `due_at`, a trigger takes the day away.

Until now a day was kept as an instant, in two ways. The assistant's, noon UTC, becomes a day here.
The browser's, the last minute of a day where the person is, becomes one when their zone is known
(app.services.zones). `due_at` stays as it was in both, so nothing is lost and older versions show
what they showed.
"""

from alembic import op
from sqlalchemy import Connection, text

from app.migrations.adoption import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# How each type of another application's due date reads as a time without a zone, in UTC.
DUE_DATES = {
    "date": "due_date_adopted::timestamp",
    "timestamp without time zone": "due_date_adopted",
    "timestamp with time zone": "due_date_adopted AT TIME ZONE 'UTC'",
}
ADD = (
    """
    ALTER TABLE tasks
        ADD COLUMN IF NOT EXISTS due_date date,
        ADD COLUMN IF NOT EXISTS due_time_zone varchar(64)
    """,
    "ALTER TABLE users ADD COLUMN IF NOT EXISTS time_zone varchar(64)",
)
NOON_UTC = (
    """
    UPDATE tasks SET due_date = (due_at AT TIME ZONE 'UTC')::date
    WHERE due_date IS NULL AND (due_at AT TIME ZONE 'UTC')::time = '12:00'
    """,
    # Tasks that can still be restored.
    """
    UPDATE deleted_tasks SET task = task || jsonb_build_object(
        'due_date', ((task ->> 'due_at')::timestamptz AT TIME ZONE 'UTC')::date
    )
    WHERE task ->> 'due_date' IS NULL
        AND ((task ->> 'due_at')::timestamptz AT TIME ZONE 'UTC')::time = '12:00'
    """,
)
TRIGGER = (
    """
    CREATE OR REPLACE FUNCTION todo_due_at_alone_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.due_date := NULL;
        RETURN NEW;
    END
    $$
    """,
    "DROP TRIGGER IF EXISTS todo_due_at_alone_changed ON tasks",
    """
    CREATE TRIGGER todo_due_at_alone_changed BEFORE UPDATE OF due_at ON tasks FOR EACH ROW
    WHEN (OLD.due_date IS NOT NULL AND NEW.due_date IS NOT DISTINCT FROM OLD.due_date
        AND NEW.due_at IS DISTINCT FROM OLD.due_at)
    EXECUTE FUNCTION todo_due_at_alone_changed()
    """,
)


def upgrade() -> None:
    connection = op.get_bind()
    if _is_done(connection):
        return
    adopted = columns(connection, "tasks").get("due_date")
    for table, name in (("tasks", "due_date"), ("tasks", "due_time_zone"), ("users", "time_zone")):
        _set_aside(connection, table, name)
    for statement in ADD:
        op.execute(text(statement))
    if adopted is not None and adopted.type in DUE_DATES:
        _take_over(DUE_DATES[adopted.type])
    for statement in (*NOON_UTC, *TRIGGER):
        op.execute(text(statement))


def _is_done(connection: Connection) -> bool:
    """Also when the record of it was lost: a noon of today is a noon."""
    there = text(
        "SELECT count(*) FROM pg_trigger WHERE tgname = 'todo_due_at_alone_changed' "
        "AND tgrelid = CAST('tasks' AS regclass)"
    )
    return bool(connection.scalar(there))


def _set_aside(connection: Connection, table: str, name: str) -> None:
    """Renames another application's column of this name; it stays with all it holds."""
    found = columns(connection, table).get(name)
    if found is None:
        return
    op.execute(text(f"ALTER TABLE {table} RENAME {name} TO {name}_adopted"))
    if not found.nullable and found.default is None:
        op.execute(text(f"ALTER TABLE {table} ALTER {name}_adopted DROP NOT NULL"))


def _take_over(due: str) -> None:
    """Due dates that another application kept. Midnight is how one without times keeps a day;
    older versions of this program are told its last minute, as they would write it."""
    op.execute(
        text(
            f"""
            UPDATE tasks SET
                due_date = CASE WHEN ({due})::time = '00:00' THEN ({due})::date END,
                due_at = CASE WHEN ({due})::time = '00:00'
                    THEN (({due})::date + time '23:59') AT TIME ZONE 'UTC'
                    ELSE ({due}) AT TIME ZONE 'UTC' END
            WHERE due_at IS NULL AND {due} >= '1970-01-01' AND {due} < '9000-01-01'
            """  # noqa: S608 - of the table above
        )
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup instead: going back would delete every day.")
