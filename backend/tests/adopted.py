"""Databases as two other applications of this kind leave them behind.

Their models are written here as theirs are (SQLModel, `create_all`, defaults filled in by Python),
so that the tables are what those applications really make.
"""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from app.database_url import normalised_database_url
from app.upgrade import connect

# Naive, as datetime.utcnow() gives.
LONG_AGO = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001
# Of the password "correct horse battery": bcrypt (cost 4), and what Better Auth's own library
# (@better-auth/utils 0.4) made of it.
BCRYPT = "$2b$04$2CjJURkB0/gmJ2T0jv8HP.9m4agq7xg5b1Y8hvhMgvQd4FTt76.Ly"
SCRYPT = (
    "395106ababd45eba75b76c8f6aaf7ab5:"
    "7222c6f1777d0d88b63b1bf73aa230a29a00045c9109aa71762a9561af50d42d"
    "b30b5951b564f875a62ceea0483f2fb406f58bc71fb083c63b18d2336d2c7d6f"
)


def _moment(name: str) -> Column[datetime]:
    return Column(name, DateTime, nullable=False)


def _tasks(metadata: MetaData, *owner: ForeignKey, description_required: bool) -> Table:
    return Table(
        "tasks",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", String, *owner, nullable=False, index=True),
        Column("title", String(200), nullable=False),
        Column("description", String(1000), nullable=not description_required),
        Column("completed", Boolean, nullable=False, index=True),
        _moment("created_at"),
        _moment("updated_at"),
        Column("colour", String, nullable=False),
    )


def layout_a(url: str) -> None:
    """Users with a text as id and a name; messages name their user; the passwords are in Better
    Auth's own tables."""
    metadata = MetaData()
    users = Table(
        "users",
        metadata,
        Column("id", String, primary_key=True),
        Column("email", String, nullable=False, unique=True, index=True),
        Column("name", String, nullable=False),
        _moment("created_at"),
    )
    account = Table(
        "account",
        metadata,
        Column("id", String, primary_key=True),
        Column("userId", String, ForeignKey("users.id"), nullable=False),
        Column("providerId", String, nullable=False),
        Column("password", String),
    )
    tasks = _tasks(metadata, ForeignKey("users.id"), description_required=False)
    conversations = Table(
        "conversations",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", String, ForeignKey("users.id"), nullable=False, index=True),
        _moment("created_at"),
        _moment("updated_at"),
    )
    messages = Table(
        "messages",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", String, ForeignKey("users.id"), nullable=False, index=True),
        Column("conversation_id", Integer, ForeignKey("conversations.id"), nullable=False),
        Column("role", Enum("USER", "ASSISTANT", name="messagerole"), nullable=False),
        Column("content", Text, nullable=False),
        _moment("created_at"),
    )
    made = {"created_at": LONG_AGO}
    stamps = {**made, "updated_at": LONG_AGO}
    with connect(normalised_database_url(url)).begin() as connection:
        metadata.create_all(connection)
        for user_id, email in (("u1", "Ann@Example.com"), ("u2", "bob@example.com")):
            connection.execute(users.insert().values(id=user_id, email=email, name=email, **made))
            connection.execute(
                tasks.insert().values(
                    user_id=user_id,
                    title=f"of {user_id}",
                    completed=user_id == "u1",
                    colour="blue",
                    **stamps,
                )
            )
        connection.execute(
            account.insert().values(id="x", userId="u1", providerId="credential", password=SCRYPT)
        )
        talk_id = connection.scalar(
            conversations.insert().values(user_id="u1", **stamps).returning(conversations.c.id)
        )
        for role, content in (("USER", "  Add\n milk "), ("ASSISTANT", "Done.")):
            connection.execute(
                messages.insert().values(
                    user_id="u1", conversation_id=talk_id, role=role, content=content, **made
                )
            )


def layout_b(url: str) -> None:
    """Users numbered by integers that nothing refers to, and the real ones beside them;
    conversations with a title, messages with tool calls and without a user."""
    metadata = MetaData()
    numbered = Table(
        "users",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("email", String, nullable=False, unique=True, index=True),
        Column("hashed_password", String, nullable=False),
        _moment("created_at"),
    )
    better_auth = Table(
        "better_auth_users",
        metadata,
        Column("id", String, primary_key=True),
        Column("email", String(255), nullable=False, unique=True, index=True),
        Column("name", String(255), nullable=False),
        Column("hashed_password", String(255), nullable=False),
        Column("email_verified", Boolean, nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
    )
    tasks = _tasks(metadata, ForeignKey("better_auth_users.id"), description_required=True)
    conversations = Table(
        "conversations",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("user_id", String, ForeignKey("better_auth_users.id"), nullable=False, index=True),
        Column("title", String(200)),
        _moment("created_at"),
        _moment("updated_at"),
    )
    messages = Table(
        "messages",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("conversation_id", Integer, ForeignKey("conversations.id"), nullable=False),
        Column("role", String(20), nullable=False),
        Column("content", Text, nullable=False),
        Column("tool_calls", JSON),
        _moment("created_at"),
    )
    made = {"created_at": LONG_AGO}
    stamps = {**made, "updated_at": LONG_AGO}
    with connect(normalised_database_url(url)).begin() as connection:
        metadata.create_all(connection)
        connection.execute(
            numbered.insert().values(email="ann@example.com", hashed_password="other", **made)
        )
        connection.execute(
            numbered.insert().values(email="Carl@example.com", hashed_password=BCRYPT, **made)
        )
        for user_id, email in (("u1", "Ann@Example.com"), ("u2", "bob@example.com")):
            connection.execute(
                better_auth.insert().values(
                    id=user_id,
                    email=email,
                    name=email,
                    hashed_password=BCRYPT if user_id == "u1" else "pbkdf2:unknown",
                    email_verified=False,
                    **stamps,
                )
            )
            connection.execute(
                tasks.insert().values(
                    user_id=user_id,
                    title=f"of {user_id}",
                    description="",
                    completed=user_id == "u1",
                    colour="blue",
                    **stamps,
                )
            )
        talk_id = connection.scalar(
            conversations.insert().values(user_id="u1", **stamps).returning(conversations.c.id)
        )
        call = {"name": "add_task", "arguments": {"title": "milk\x00"}, "result": {"id": 1}}
        for role, content, calls in (
            ("user", "  Add\n milk ", None),
            ("assistant", "Done.", [call]),
        ):
            connection.execute(
                messages.insert().values(
                    conversation_id=talk_id, role=role, content=content, tool_calls=calls, **made
                )
            )
