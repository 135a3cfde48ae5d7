"""Sign-ins of weeks: their refresh token, when they were used last, and from where.

Columns that may stay empty: versions of the program that do not know them go on working.
"""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENT = """
    ALTER TABLE sessions
        ADD COLUMN last_used_at timestamptz,
        ADD COLUMN user_agent varchar(200) NOT NULL DEFAULT '',
        ADD COLUMN refresh_sha256 varchar(64),
        ADD COLUMN previous_refresh_sha256 varchar(64),
        ADD COLUMN rotated_at timestamptz
"""


def upgrade() -> None:
    op.execute(text(STATEMENT))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup instead: going back would sign everybody out.")
