"""Counts of what may happen only so often: writes of a user, registrations of everybody."""

from alembic import op
from sqlalchemy import text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENT = """
    CREATE TABLE rate_limits (
        name varchar(100) PRIMARY KEY,
        window_started_at timestamptz NOT NULL DEFAULT now(),
        used integer NOT NULL
    )
"""


def upgrade() -> None:
    op.execute(text(STATEMENT))


def downgrade() -> None:
    op.execute("DROP TABLE rate_limits")
