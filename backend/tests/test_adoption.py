"""Databases that other applications made, without Alembic: all in them stays and is served."""

import subprocess
from collections.abc import Callable

import httpx
import psycopg
import pytest
from psycopg.rows import TupleRow

from tests.adopted import BCRYPT, layout_a, layout_b
from tests.conftest import Start
from tests.people import PASSWORD, Person, register
from tests.process import run
from tests.test_migrate import HEAD, begin, messages, revisions

pytestmark = pytest.mark.anyio

Layout = Callable[[str], None]
LAYOUTS = pytest.mark.parametrize("layout", [layout_a, layout_b], ids=["A", "B"])
NEW = "a better horse battery"


def rows(url: str, query: str) -> list[TupleRow]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def migrate(url: str) -> subprocess.CompletedProcess[str]:
    done = run("app.migrate", DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (0, "")
    return done


async def sign_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> Person:
    reply = await client.post("/auth/login", json={"email": email, "password": password})
    assert reply.status_code == 200, reply.text
    return Person(client, email, reply.json()["user_id"], reply.json()["access_token"])


@LAYOUTS
async def test_everybody_finds_what_was_theirs(
    layout: Layout, empty_database: str, start: Start
) -> None:
    layout(empty_database)
    migrate(empty_database)
    client = await start(database_url=empty_database)
    ann = await sign_in(client, "Ann@Example.com")
    assert ann.user_id == "u1"
    assert (await ann.call("GET", "/api/account")).json()["email"] == "ann@example.com"

    tasks = (await ann.call("GET", "/api/{me}/tasks")).json()
    assert [(task["title"], task["completed"]) for task in tasks] == [("of u1", True)]
    assert tasks[0]["created_at"] == "2026-01-02T03:04:05Z"
    assert tasks[0]["priority"] == "medium"

    talks = (await ann.call("GET", "/api/conversations")).json()
    assert [talk["title"] for talk in talks] == ["Add milk"]
    talk = (await ann.call("GET", f"/api/conversations/{talks[0]['id']}")).json()
    said = [(one["role"], one["content"]) for one in talk["messages"]]
    assert said == [("user", "  Add\n milk "), ("assistant", "Done.")]
    calls = [call["name"] for one in talk["messages"] for call in one["tool_calls"]]
    assert calls == (["add_task"] if layout is layout_b else [])

    export = (await ann.call("GET", "/api/account/export")).json()
    assert [len(export["tasks"]), len(export["conversations"])] == [1, 1]


@LAYOUTS
async def test_the_database_is_used_like_one_of_our_own(
    layout: Layout, empty_database: str, start: Start
) -> None:
    layout(empty_database)
    migrate(empty_database)
    client = await start(database_url=empty_database)
    newcomer = await register(client)
    ann = await sign_in(client, "ann@example.com")
    for person in (newcomer, ann):
        made = await person.call("POST", "/tasks/", {"title": "new"})
        assert made.status_code == 201, made.text
        reply = await person.call("POST", "/api/chat", {"message": "add a task to buy bread"})
        assert reply.status_code == 200, reply.text
        talk = await person.call("GET", f"/api/conversations/{reply.json()['conversation_id']}")
        assert len(talk.json()["messages"]) == 2
    listed = (await ann.call("GET", "/tasks/", sort="title")).json()
    old = next(task for task in listed if task["title"] == "of u1")
    assert (await ann.call("DELETE", f"/tasks/{old['id']}")).status_code == 204
    back = await ann.call("POST", f"/tasks/{old['id']}/restore")
    assert (back.status_code, back.json()) == (200, old)
    changed = (await ann.call("PATCH", f"/tasks/{old['id']}/toggle")).json()
    assert changed["updated_at"] > old["updated_at"]
    assert rows(empty_database, "SELECT title, colour FROM tasks WHERE colour IS NOT NULL") == [
        ("of u2", "blue"),
        ("of u1", "blue"),
    ]


@LAYOUTS
async def test_leaving_works_where_foreign_keys_do_not_delete_along(
    layout: Layout, empty_database: str, start: Start
) -> None:
    layout(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("DROP TABLE IF EXISTS account")
    migrate(empty_database)
    client = await start(database_url=empty_database)
    run("app.set_password", "ann@example.com", given=NEW, DATABASE_URL=empty_database)
    ann = await sign_in(client, "ann@example.com", NEW)
    gone = await ann.call("POST", "/api/account/delete", {"password": NEW})
    assert gone.status_code == 204, gone.text
    assert rows(empty_database, "SELECT title FROM tasks") == [("of u2",)]
    assert rows(empty_database, "SELECT content FROM messages") == []


async def test_a_table_of_others_that_holds_on_to_an_account_is_respected(
    empty_database: str, start: Start
) -> None:
    layout_a(empty_database)
    migrate(empty_database)
    client = await start(database_url=empty_database)
    ann = await sign_in(client, "ann@example.com")
    refused = await ann.call("POST", "/api/account/delete", {"password": PASSWORD})
    assert refused.status_code == 409
    assert "nothing was deleted" in refused.json()["detail"]
    assert len((await ann.call("GET", "/tasks/")).json()) == 1


@LAYOUTS
async def test_an_adopted_password_opens_and_is_kept_as_argon2_from_then_on(
    layout: Layout, empty_database: str, start: Start
) -> None:
    layout(empty_database)
    migrate(empty_database)
    client = await start(database_url=empty_database)
    query = "SELECT hashed_password FROM users WHERE id = 'u1'"
    adopted = rows(empty_database, query)[0][0]
    wrong = {"email": "ann@example.com", "password": PASSWORD + "!"}
    assert (await client.post("/auth/login", json=wrong)).status_code == 401
    assert rows(empty_database, query)[0][0] == adopted
    await sign_in(client, "ann@example.com")
    assert rows(empty_database, query)[0][0].startswith("$argon2id$")
    await sign_in(client, "ann@example.com")


@LAYOUTS
async def test_an_account_without_a_usable_password_says_what_to_do(
    layout: Layout, empty_database: str, start: Start
) -> None:
    layout(empty_database)
    migrate(empty_database)
    client = await start(database_url=empty_database)
    body = {"email": "bob@example.com", "password": PASSWORD}
    reply = await client.post("/auth/login", json=body)
    assert reply.status_code == 401
    assert "python -m app.set_password" in reply.json()["detail"]
    taken = await client.post("/auth/register", json=body)
    assert taken.status_code == 409, "nobody gets at Bob's tasks by signing up with his address"
    done = run("app.set_password", "bob@example.com", given=NEW, DATABASE_URL=empty_database)
    assert (done.returncode, done.stderr) == (0, "")
    bob = await sign_in(client, "bob@example.com", NEW)
    assert [task["title"] for task in (await bob.call("GET", "/tasks/")).json()] == ["of u2"]


@LAYOUTS
def test_nothing_that_is_not_ours_is_lost(layout: Layout, empty_database: str) -> None:
    layout(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE TABLE notes (id serial PRIMARY KEY, text varchar NOT NULL)")
        connection.execute("INSERT INTO notes (text) VALUES ('mine')")
    columns = (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public'"
    )
    counts = (
        "notes",
        "account" if layout is layout_a else "better_auth_users",
        "tasks",
        "messages",
    )
    before = set(rows(empty_database, columns))
    before_rows = {
        table: rows(empty_database, f"SELECT count(*) FROM {table}")  # noqa: S608
        for table in counts
    }
    migrate(empty_database)
    after = set(rows(empty_database, columns))
    if layout is layout_b:
        before = {("users_numbered" if t == "users" else t, column) for t, column in before}
        numbered = rows(empty_database, "SELECT id, email FROM users_numbered ORDER BY id")
        assert numbered == [(1, "ann@example.com"), (2, "Carl@example.com")]
    assert before <= after
    assert before_rows == {
        table: rows(empty_database, f"SELECT count(*) FROM {table}")  # noqa: S608
        for table in counts
    }


async def test_who_is_only_among_the_numbered_users_is_taken_over_too(
    empty_database: str, start: Start
) -> None:
    layout_b(empty_database)
    migrate(empty_database)
    client = await start(database_url=empty_database)
    carl = await sign_in(client, "carl@example.com")
    assert carl.user_id == "2"
    assert sorted(rows(empty_database, "SELECT id FROM users")) == [("2",), ("u1",), ("u2",)]


async def test_better_auths_own_tables_are_read(empty_database: str, start: Start) -> None:
    layout_a(empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute(
            """
            ALTER TABLE tasks DROP CONSTRAINT tasks_user_id_fkey;
            ALTER TABLE account DROP CONSTRAINT "account_userId_fkey";
            CREATE TABLE "user" (id text PRIMARY KEY, name text NOT NULL, email text NOT NULL);
            INSERT INTO "user" VALUES
                ('u9', 'Dan', 'Dan@example.com'), ('u8', 'x', 'bob@example.com');
            INSERT INTO account SELECT 'y', 'u9', 'credential', password FROM account;
            UPDATE tasks SET user_id = 'u9' WHERE user_id = 'u2';
            """
        )
    migrate(empty_database)
    client = await start(database_url=empty_database)
    dan = await sign_in(client, "dan@example.com")
    assert dan.user_id == "u9"
    assert [task["title"] for task in (await dan.call("GET", "/tasks/")).json()] == ["of u2"]


@LAYOUTS
def test_pods_that_start_at_once_adopt_once(layout: Layout, empty_database: str) -> None:
    layout(empty_database)
    pods = [begin(empty_database) for _ in range(3)]
    ends = [pod.communicate(timeout=180) for pod in pods]
    assert [(pod.returncode, err) for pod, (_, err) in zip(pods, ends, strict=True)] == [
        (0, "")
    ] * 3
    said = [messages(out)[-1] for out, _ in ends]
    assert sorted(said) == ["migrated"] + ["the database is up to date"] * 2
    assert revisions(empty_database) == [HEAD]
    assert rows(empty_database, "SELECT count(*) FROM tasks") == [(2,)]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("CREATE TABLE tasks (id serial PRIMARY KEY, title text)", "no column user_id"),
        (
            "CREATE TABLE tasks (id uuid PRIMARY KEY, user_id text, title text)",
            "its column id is of the type uuid",
        ),
        (
            "CREATE TABLE tasks (id int PRIMARY KEY, user_id text, title text)",
            "its id has no default",
        ),
        (
            "CREATE TABLE tasks (id serial PRIMARY KEY, user_id int, title text)",
            "its column user_id is of the type integer",
        ),
        (
            "CREATE TABLE users (id text PRIMARY KEY, email text);"
            " INSERT INTO users VALUES (1, 'a@b'), (2, 'a@b')",
            "holds 1 email addresses more than once",
        ),
        (
            "CREATE TABLE users (id serial PRIMARY KEY); CREATE TABLE users_numbered (id int)",
            "there is a table users_numbered already",
        ),
        ("CREATE TABLE sessions (id text)", 'relation "sessions" already exists'),
    ],
)
def test_what_cannot_be_adopted_is_named_and_left_alone(
    made: str, reason: str, empty_database: str
) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute(made.encode())
    tables = (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public'"
    )
    before = rows(empty_database, tables)
    done = run("app.migrate", DATABASE_URL=empty_database)
    assert done.returncode == 1
    assert reason in done.stderr
    assert "othing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert rows(empty_database, tables) == before


NARROW = (
    "ALTER TABLE users ADD COLUMN IF NOT EXISTS hashed_password varchar(60)",
    f"UPDATE users SET hashed_password = '{BCRYPT}'",  # noqa: S608
    "ALTER TABLE tasks ALTER title TYPE varchar(100), ALTER description TYPE varchar(255)",
    "ALTER TABLE messages ALTER content TYPE varchar(300)",
)
LONG = {"title": "t" * 150, "description": "d" * 900}


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


async def test_narrow_columns_get_room(empty_database: str, start: Start) -> None:
    layout_a(empty_database)
    execute(empty_database, *NARROW)
    migrate(empty_database)
    ann = await sign_in(await start(database_url=empty_database), "ann@example.com")
    assert (await ann.call("POST", "/tasks/", LONG)).status_code == 201
    said = await ann.call("POST", "/api/chat", {"message": "add a task to " + "x " * 200})
    assert said.status_code == 200
    kept = rows(empty_database, "SELECT hashed_password FROM users WHERE id = 'u1'")
    assert kept[0][0].startswith("$argon2id$")


async def test_columns_that_were_adopted_narrow_get_room_later(
    database_url: str, start: Start
) -> None:
    execute(
        database_url,
        "ALTER TABLE tasks ALTER title TYPE varchar(100), ALTER description TYPE varchar(255)",
        "DROP TABLE rate_limits",
        "UPDATE alembic_version SET version_num = '0005'",
    )
    migrate(database_url)
    ann = await register(await start())
    assert (await ann.call("POST", "/tasks/", LONG)).status_code == 201


async def test_a_column_that_stays_narrow_is_a_matter_of_words(
    empty_database: str, start: Start
) -> None:
    layout_a(empty_database)
    execute(
        empty_database,
        *NARROW,
        "CREATE VIEW reports AS SELECT title, hashed_password FROM tasks, users",
    )
    migrate(empty_database)
    ann = await sign_in(await start(database_url=empty_database), "ann@example.com")
    refused = await ann.call("POST", "/tasks/", LONG)
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("A text is longer than this database has room for.")
    assert (await ann.call("POST", "/tasks/", {"title": "short"})).status_code == 201
    await sign_in(ann.client, "ann@example.com")
