"""What a turn leaves for the next one: the question it asked, what it named, how to undo it."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE turns ADD COLUMN context jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE turns DROP COLUMN context")
