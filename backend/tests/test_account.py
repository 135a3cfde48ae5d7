"""One's own account: password, export, access tokens, deletion."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from app.database import Database
from app.database_url import normalised_database_url
from app.errors import NotSignedIn
from app.mcp.identity import Identity
from app.security.tokens import Tokens
from app.services import access_tokens, login_limit
from tests.conftest import SECRET, Start
from tests.people import PASSWORD, Person, register
from tests.process import run
from tests.test_conversations import ask_first, begin, say

pytestmark = pytest.mark.anyio

NEW = "a better horse battery"


async def log_in(person: Person, password: str) -> httpx.Response:
    body = {"email": person.email, "password": password}
    return await person.client.post("/auth/login", json=body)


async def test_the_account_says_who_and_until_when(client: httpx.AsyncClient) -> None:
    ann = await register(client, "ann@example.com")
    account = (await ann.call("GET", "/api/account")).json()
    assert (account["user_id"], account["email"]) == (ann.user_id, ann.email)
    moments = [
        datetime.fromisoformat(account[name])
        for name in ("created_at", "expires_at", "session_expires_at")
    ]
    assert moments == sorted(moments)


async def test_a_new_password_ends_every_other_sign_in(client: httpx.AsyncClient) -> None:
    ann = await register(client)
    bob = await register(client)
    elsewhere = Person(
        client, ann.email, ann.user_id, (await log_in(ann, PASSWORD)).json()["access_token"]
    )
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await ann.call("POST", "/api/account/password", body)).status_code == 204
    assert (await ann.call("GET", "/auth/me")).status_code == 200
    assert (await elsewhere.call("GET", "/auth/me")).status_code == 401
    assert (await bob.call("GET", "/auth/me")).status_code == 200
    assert (await log_in(ann, PASSWORD)).status_code == 401
    assert (await log_in(ann, NEW)).status_code == 200


async def test_a_wrong_present_password_changes_nothing(client: httpx.AsyncClient) -> None:
    ann = await register(client)
    for path, body in (
        ("/api/account/password", {"current_password": "guess", "new_password": NEW}),
        ("/api/account/delete", {"password": "guess"}),
    ):
        reply = await ann.call("POST", path, body)
        assert reply.status_code == 403
        assert reply.json() == {"detail": "The current password is wrong."}
    short = {"current_password": PASSWORD, "new_password": "short"}
    assert (await ann.call("POST", "/api/account/password", short)).status_code == 422
    assert (await log_in(ann, PASSWORD)).status_code == 200


async def test_present_passwords_are_guessed_no_more_often_than_at_signing_in(
    client: httpx.AsyncClient,
) -> None:
    ann = await register(client)
    for _ in range(login_limit.FAILURES):
        reply = await ann.call("POST", "/api/account/delete", {"password": "guess"})
        assert reply.status_code == 403
    for path, body in (
        ("/api/account/password", {"current_password": PASSWORD, "new_password": NEW}),
        ("/api/account/delete", {"password": PASSWORD}),
    ):
        reply = await ann.call("POST", path, body)
        assert reply.status_code == 429
        assert int(reply.headers["Retry-After"]) > 0


async def test_hashing_holds_no_connection(start: Start) -> None:
    client = await start(database_pool_size=1)
    people = [await register(client) for _ in range(2)]
    body = {"current_password": PASSWORD, "new_password": NEW}
    replies = await asyncio.gather(
        *(person.call("POST", "/api/account/password", body) for person in people)
    )
    assert [reply.status_code for reply in replies] == [204, 204]


async def test_the_export_holds_everything_of_the_user_and_of_nobody_else(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann, bob = await register(client), await register(client)
    for person in (ann, bob):
        await person.call("POST", "/tasks/", {"title": f"of {person.email}"})
        say(database_url, begin(database_url, person, "Talk"), "user", f"said {person.email}")
    begin(database_url, ann, "Silence")
    reply = await ann.call("GET", "/api/account/export")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="todo-export.json"'
    assert reply.headers["Content-Type"] == "application/json"
    export = reply.json()
    assert set(export) == {
        *("account", "tasks", "deleted_tasks", "conversations", "access_tokens", "sign_ins"),
        "exported_at",
    }
    assert export["account"]["email"] == ann.email
    assert [task["title"] for task in export["tasks"]] == [f"of {ann.email}"]
    said = {
        one["title"]: [m["content"] for m in one["messages"]] for one in export["conversations"]
    }
    assert said == {"Talk": [f"said {ann.email}"], "Silence": []}
    for secret in ("argon2", "password", bob.email, bob.user_id):
        assert secret not in reply.text, secret


async def test_deleting_the_account_leaves_nothing_of_it(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann, bob = await register(client), await register(client)
    for person in (ann, bob):
        made = await person.call("POST", "/tasks/", {"title": "deleted"})
        await person.call("DELETE", f"/tasks/{made.json()['id']}")
        await person.call("POST", "/tasks/", {"title": "kept"})
        await person.call("POST", "/api/account/tokens", {"name": "editor"})
        talk = begin(database_url, person)
        say(database_url, talk, "user", "hello")
        ask_first(database_url, person, talk)
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "INSERT INTO chat_usage (user_id, turns) VALUES (%s, 1)", (person.user_id,)
            )
    await ann.call("POST", "/api/account/password", {"current_password": "x", "new_password": NEW})
    assert (
        await ann.call("POST", "/api/account/delete", {"password": PASSWORD})
    ).status_code == 204
    assert (await ann.call("GET", "/auth/me")).status_code == 401
    assert (await log_in(ann, PASSWORD)).status_code == 401
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'user_id' AND table_schema = 'public'"
        ).fetchall()
        assert len(tables) >= 7
        for (table,) in [*tables, ("users",)]:
            column = "id" if table == "users" else "user_id"
            query = f"SELECT DISTINCT {column} FROM {table}"  # noqa: S608 - names of ours
            assert connection.execute(query.encode()).fetchall() == [(bob.user_id,)], table
        for table in ("messages", "confirmations"):
            query = f"SELECT count(*) FROM {table}"  # noqa: S608 - names of ours
            assert connection.execute(query.encode()).fetchone() == (1,), table
    again = await register(client, ann.email)
    assert again.user_id != ann.user_id
    assert (await again.call("GET", "/tasks/")).json() == []


@pytest.fixture
async def database(database_url: str) -> Database:
    return Database(normalised_database_url(database_url), 1)


async def whose(database: Database, token: str) -> str | None:
    """As the MCP server finds out."""
    identity = Identity(database, Tokens([SECRET], 30))
    try:
        return await identity.user_of(token)
    except NotSignedIn:
        return None


async def test_an_access_token_is_shown_once_and_works_until_it_is_revoked(
    client: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    ann, bob = await register(client), await register(client)
    made = await ann.call("POST", "/api/account/tokens", {"name": " My editor "})
    assert made.status_code == 201
    token = made.json().pop("token")
    assert token.startswith("todo_")
    assert len(token) == len("todo_") + 43
    life = datetime.fromisoformat(made.json()["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89, hours=23) < life <= timedelta(days=90)

    assert await whose(database, token) == ann.user_id
    listed = (await ann.call("GET", "/api/account/tokens")).json()
    assert [one["name"] for one in listed] == ["My editor"]
    assert listed[0]["last_used_at"] is not None
    assert set(listed[0]) == {"id", "name", "created_at", "expires_at", "last_used_at"}
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT access_tokens::text FROM access_tokens").fetchall()
    assert token not in str(rows)

    path = f"/api/account/tokens/{listed[0]['id']}"
    assert (await bob.call("DELETE", path)).status_code == 404
    assert (await bob.call("GET", "/api/account/tokens")).json() == []
    assert await whose(database, token) == ann.user_id
    assert (await ann.call("DELETE", path)).status_code == 204
    assert (await ann.call("DELETE", path)).status_code == 404
    assert await whose(database, token) is None
    await database.close()


async def test_an_access_token_ends_by_itself_and_opens_nothing_but_mcp(
    client: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    ann = await register(client)
    body = {"name": "short", "expires_in_days": 1}
    token = (await ann.call("POST", "/api/account/tokens", body)).json()["token"]
    as_program = Person(client, ann.email, ann.user_id, token)
    for path in ("/auth/me", "/tasks/", "/api/account", "/api/account/tokens"):
        assert (await as_program.call("GET", path)).status_code == 401, path
    assert await whose(database, token) == ann.user_id
    for other in (token[:-1], token.upper(), "todo_", ""):
        assert await whose(database, other) is None, other
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE access_tokens SET expires_at = now()")
    assert await whose(database, token) is None
    await database.close()


async def test_wrong_and_too_many_access_tokens_are_refused(client: httpx.AsyncClient) -> None:
    ann = await register(client)
    for body in (
        {"name": ""},
        {"name": " "},
        {"name": "x" * 101},
        {"name": "x", "expires_in_days": 0},
        {"name": "x", "expires_in_days": 366},
        {},
    ):
        assert (await ann.call("POST", "/api/account/tokens", body)).status_code == 422, body
    replies = await asyncio.gather(
        *(
            ann.call("POST", "/api/account/tokens", {"name": str(number)})
            for number in range(access_tokens.AT_MOST + 3)
        )
    )
    statuses = [reply.status_code for reply in replies]
    assert (statuses.count(201), statuses.count(409)) == (access_tokens.AT_MOST, 3)
    listed = (await ann.call("GET", "/api/account/tokens")).json()
    assert len(listed) == access_tokens.AT_MOST
    assert (await ann.call("DELETE", f"/api/account/tokens/{listed[0]['id']}")).status_code == 204
    assert (await ann.call("POST", "/api/account/tokens", {"name": "now"})).status_code == 201


async def test_whoever_runs_the_application_can_set_a_password(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client, "ann@example.com")
    done = run("app.set_password", "Ann@Example.com", given=f"{NEW}\n", DATABASE_URL=database_url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (await ann.call("GET", "/auth/me")).status_code == 401
    assert (await log_in(ann, NEW)).status_code == 200
    for arguments, given, said in (
        (("nobody@example.com",), NEW, "There is no account with the address nobody@example.com."),
        ((ann.email,), "short", "The password must have 8 to 128 characters; nothing was changed."),
        ((), "", "Usage: python -m app.set_password EMAIL"),
    ):
        done = run("app.set_password", *arguments, given=given, DATABASE_URL=database_url)
        assert done.returncode == 1
        assert done.stderr.startswith(said)
    assert (await log_in(ann, NEW)).status_code == 200
