"""Accounts, sign-ins, the count of failed sign-ins, and tasks.

Written to meet tables of these names that were made without Alembic: what is missing is added,
nothing that is there is changed or dropped.
"""

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
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
    """
    CREATE TABLE IF NOT EXISTS sessions (
        id varchar(36) PRIMARY KEY,
        user_id varchar(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_sessions_user_id ON sessions (user_id)",
    """
    CREATE TABLE IF NOT EXISTS login_throttle (
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
        ADD COLUMN IF NOT EXISTS due_at timestamptz,
        ADD COLUMN IF NOT EXISTS priority varchar(10) NOT NULL DEFAULT 'medium'
            CONSTRAINT tasks_priority CHECK (priority IN ('low', 'medium', 'high'))
    """,
    "CREATE INDEX IF NOT EXISTS ix_tasks_user_id ON tasks (user_id)",
    "CREATE INDEX IF NOT EXISTS ix_tasks_completed ON tasks (completed)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(text(statement))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup instead: going back would delete every task.")
