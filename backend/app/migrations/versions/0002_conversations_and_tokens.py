"""Conversations, turns, restorable tasks and access tokens.

`conversations` and `messages` may be there already, made by another application without Alembic:
see app.migrations.adoption for what happens to them, and why.
"""

from alembic import op
from sqlalchemy import text

from app.migrations.adoption import Ours, fit

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CONVERSATIONS_COLUMNS = {
    "id": Ours("number", required=True),
    "user_id": Ours("text", required=True, longest=64),
    "title": Ours("text", "''", longest=200),
    "created_at": Ours("moment", "now()"),
    "updated_at": Ours("moment", "now()"),
}
MESSAGES_COLUMNS = {
    "id": Ours("number", required=True),
    "conversation_id": Ours("number", required=True),
    "role": Ours("text", required=True, longest=20),
    "content": Ours("text", "''"),
    "tool_calls": Ours("json", "'[]'"),
    "status": Ours("text", "'done'", longest=10),
    "created_at": Ours("moment", "now()"),
}
# A list of nameless conversations helps nobody; ours are named after what was said first, too.
TITLES = """
    UPDATE conversations SET title = COALESCE((
        SELECT left(regexp_replace(btrim(content), '\\s+', ' ', 'g'), 60) FROM messages
        WHERE conversation_id = conversations.id AND role = 'user' ORDER BY id LIMIT 1
    ), '')
    WHERE title = ''
"""
STATEMENTS = (
    """
    CREATE TABLE deleted_tasks (
        id integer PRIMARY KEY,
        user_id varchar(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        task jsonb NOT NULL,
        deleted_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX ix_deleted_tasks_user_id ON deleted_tasks (user_id)",
    """
    CREATE TABLE IF NOT EXISTS conversations (
        id serial PRIMARY KEY,
        user_id varchar(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        title varchar(200) NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    ALTER TABLE conversations
        ADD COLUMN IF NOT EXISTS title varchar(200) NOT NULL DEFAULT '',
        ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
        ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now()
    """,
    "CREATE INDEX IF NOT EXISTS ix_conversations_user_id ON conversations (user_id)",
    """
    CREATE TABLE IF NOT EXISTS messages (
        id serial PRIMARY KEY,
        conversation_id integer NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        role varchar(20) NOT NULL,
        content text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    ALTER TABLE messages
        ADD COLUMN IF NOT EXISTS tool_calls jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN IF NOT EXISTS turn_id uuid,
        ADD COLUMN IF NOT EXISTS status varchar(10) NOT NULL DEFAULT 'done'
            CONSTRAINT messages_status CHECK (status IN ('done', 'stopped', 'failed')),
        ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now()
    """,
    "CREATE INDEX IF NOT EXISTS ix_messages_conversation_id ON messages (conversation_id)",
    """
    CREATE UNIQUE INDEX IF NOT EXISTS uq_messages_turn
        ON messages (conversation_id, turn_id, role) WHERE turn_id IS NOT NULL
    """,
    """
    CREATE TABLE turns (
        conversation_id integer NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        user_id varchar(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        request_hash varchar(64) NOT NULL,
        state varchar(10) NOT NULL DEFAULT 'running'
            CONSTRAINT turns_state CHECK (state IN ('running', 'done', 'stopped', 'failed')),
        holder uuid NOT NULL,
        lease_until timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        PRIMARY KEY (conversation_id, id)
    )
    """,
    "CREATE INDEX ix_turns_user_id ON turns (user_id)",
    """
    CREATE TABLE tool_effects (
        conversation_id integer NOT NULL,
        turn_id uuid NOT NULL,
        call_key varchar(200) NOT NULL,
        tool varchar(64) NOT NULL,
        arguments jsonb NOT NULL,
        result jsonb,
        error varchar,
        position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (conversation_id, turn_id, call_key),
        FOREIGN KEY (conversation_id, turn_id)
            REFERENCES turns (conversation_id, id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE confirmations (
        id uuid PRIMARY KEY,
        conversation_id integer NOT NULL,
        turn_id uuid NOT NULL,
        tool varchar(64) NOT NULL,
        arguments jsonb NOT NULL,
        prompt varchar NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        answered_at timestamptz,
        approved boolean,
        answered_in uuid,
        FOREIGN KEY (conversation_id, turn_id)
            REFERENCES turns (conversation_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_confirmations_conversation_id ON confirmations (conversation_id)",
    """
    CREATE TABLE chat_usage (
        user_id varchar(64) PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        window_started_at timestamptz NOT NULL DEFAULT now(),
        turns integer NOT NULL
    )
    """,
    """
    CREATE TABLE access_tokens (
        id uuid PRIMARY KEY,
        user_id varchar(64) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name varchar(100) NOT NULL,
        sha256 varchar(64) NOT NULL UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        last_used_at timestamptz
    )
    """,
    "CREATE INDEX ix_access_tokens_user_id ON access_tokens (user_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(text(statement))
    fit(op.get_bind(), "conversations", CONVERSATIONS_COLUMNS)
    fit(op.get_bind(), "messages", MESSAGES_COLUMNS)
    op.execute(text(TITLES))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup instead: going back would delete every message.")
