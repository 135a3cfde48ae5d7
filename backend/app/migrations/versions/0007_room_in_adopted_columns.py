"""Room in columns that another application made and that were adopted as narrow as they were.

Databases that are adopted from now on have it since 0001 and 0002, and so has every other.
"""

from alembic import op

from app.migrations.adoption import Ours, widen

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = {
    "users": {
        "id": Ours("text", longest=64),
        "email": Ours("text", longest=254),
        "hashed_password": Ours("text", longest=255),
    },
    "tasks": {
        "user_id": Ours("text", longest=64),
        "title": Ours("text", longest=200),
        "description": Ours("text"),
    },
    "conversations": {
        "user_id": Ours("text", longest=64),
        "title": Ours("text", longest=200),
    },
    "messages": {"role": Ours("text", longest=20), "content": Ours("text")},
}


def upgrade() -> None:
    for table, columns in TABLES.items():
        widen(op.get_bind(), table, columns)


def downgrade() -> None:
    """A column with room does no harm."""
