"""Accounts, sign-ins, the count of failed sign-ins, and tasks.

`users` and `tasks` may be there already, made by another application without Alembic: see
app.migrations.adoption and adopted_users for what happens to them, and why.
"""

from alembic import op
from sqlalchemy import text

from app.migrations import adopted_users
from app.migrations.adoption import Ours, fit

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

USERS = (
    """
    CREATE TABLE IF NOT EXISTS users (
        id varchar(64) PRIMARY KEY,
        email varchar(254) NOT NULL UNIQUE,
        hashed_password varchar(255),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    ALTER TABLE users
        ADD COLUMN IF NOT EXISTS hashed_password varchar(255),
        ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now()
    """,
)
USERS_COLUMNS = {
    "id": Ours("text", required=True, longest=64),
    "email": Ours("text", required=True, longest=254),
    "hashed_password": Ours("text", longest=255),
    "created_at": Ours("moment", "now()"),
    "updated_at": Ours("moment", "now()"),
}
REST = (
    """
    CREATE TABLE sessions (
        id varchar(36) PRIMARY KEY,
        user_id varchar(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_sessions_user_id ON sessions (user_id)",
    """
    CREATE TABLE login_throttle (
        account varchar(64) PRIMARY KEY,
        window_started_at timestamptz NOT NULL DEFAULT now(),
        failures integer NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS tasks (
        id serial PRIMARY KEY,
        user_id varchar(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        title varchar(200) NOT NULL,
        description text,
        completed boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    ALTER TABLE tasks
        ADD COLUMN IF NOT EXISTS description text,
        ADD COLUMN IF NOT EXISTS completed boolean NOT NULL DEFAULT false,
        ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN IF NOT EXISTS due_at timestamptz,
        ADD COLUMN IF NOT EXISTS priority varchar(10) NOT NULL DEFAULT 'medium'
    """,
)
TASKS_COLUMNS = {
    "id": Ours("number", required=True),
    "user_id": Ours("text", required=True, longest=64),
    "title": Ours("text", required=True, longest=200),
    "description": Ours("text"),
    "completed": Ours("truth", "false"),
    "due_at": Ours("moment"),
    "priority": Ours("text", "'medium'", longest=10),
    "created_at": Ours("moment", "now()"),
    "updated_at": Ours("moment", "now()"),
}
TASKS_RULES = (
    # Another application may have had other words for it.
    """
    UPDATE tasks SET priority = CASE
        WHEN lower(priority) IN ('low', 'medium', 'high') THEN lower(priority)
        WHEN lower(priority) IN ('urgent', 'critical', 'highest') THEN 'high'
        WHEN lower(priority) IN ('lowest', 'minor') THEN 'low'
        ELSE 'medium' END
    WHERE priority NOT IN ('low', 'medium', 'high')
    """,
    """
    ALTER TABLE tasks
        ADD CONSTRAINT tasks_priority CHECK (priority IN ('low', 'medium', 'high'))
    """,
    "CREATE INDEX IF NOT EXISTS ix_tasks_user_id ON tasks (user_id)",
    "CREATE INDEX IF NOT EXISTS ix_tasks_completed ON tasks (completed)",
)


def upgrade() -> None:
    connection = op.get_bind()
    adopted_users.set_numbered_aside(connection)
    for statement in USERS:
        op.execute(text(statement))
    fit(connection, "users", USERS_COLUMNS)
    adopted_users.tidy(connection)
    adopted_users.take_over(connection)
    for statement in REST:
        op.execute(text(statement))
    fit(connection, "tasks", TASKS_COLUMNS)
    for statement in TASKS_RULES:
        op.execute(text(statement))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup instead: going back would delete every task.")
