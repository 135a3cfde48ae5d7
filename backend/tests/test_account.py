"""One's own account: password, export, access tokens, deletion."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from app.database import Database
from app.database_url import normalised_database_url
from app.errors import Conflict, NotSignedIn
from app.mcp.identity import Identity
from app.mcp.rate_limit import RateLimit
from app.security.password_rules import common_passwords
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


def token_request(name: str) -> dict[str, object]:
    return {"name": name, "password": PASSWORD}


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
        await person.call("POST", "/api/account/tokens", token_request("editor"))
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
    identity = Identity(database, Tokens([SECRET], 30), RateLimit(600))
    try:
        return await identity.user_of(token)
    except NotSignedIn:
        return None


async def test_an_access_token_is_shown_once_and_works_until_it_is_revoked(
    client: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    ann, bob = await register(client), await register(client)
    made = await ann.call("POST", "/api/account/tokens", token_request(" My editor "))
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
    body = token_request("short") | {"expires_in_days": 1}
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


async def test_wrong_requests_for_access_tokens_are_refused(client: httpx.AsyncClient) -> None:
    ann = await register(client)
    for changes in (
        {"name": ""},
        {"name": " "},
        {"name": "x" * 101},
        {"expires_in_days": 0},
        {"expires_in_days": 366},
        {"name": None},
        {"password": None},
    ):
        body = token_request("x") | changes
        assert (await ann.call("POST", "/api/account/tokens", body)).status_code == 422, body
    reply = await ann.call("POST", "/api/account/tokens", {"name": "a minute at the screen"})
    assert reply.status_code == 422, "a sign-in alone makes no token that outlives it"
    reply = await ann.call("POST", "/api/account/tokens", {"name": "x", "password": "a guess"})
    assert reply.status_code == 403
    assert (await ann.call("GET", "/api/account/tokens")).json() == []


async def test_access_tokens_are_fifty_at_most_and_those_that_are_over_do_not_count(
    client: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    ann = await register(client)

    async def make(number: int) -> bool:
        async with database.session() as session:
            try:
                await access_tokens.create(session, ann.user_id, str(number), 90)
            except Conflict:
                return False
            await session.commit()
            return True

    made = [await make(number) for number in range(access_tokens.AT_MOST - 1)]
    made += await asyncio.gather(make(50), make(51))
    assert made.count(True) == access_tokens.AT_MOST
    reply = await ann.call("POST", "/api/account/tokens", token_request("one more"))
    assert reply.status_code == 409
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE access_tokens SET expires_at = now()")
    reply = await ann.call("POST", "/api/account/tokens", token_request("one more"))
    assert reply.status_code == 201
    await database.close()


async def test_a_new_password_ends_the_access_tokens_of_programs_unless_they_are_to_stay(
    client: httpx.AsyncClient, database: Database
) -> None:
    ann, bob = await register(client), await register(client)
    tokens = [
        (await person.call("POST", "/api/account/tokens", token_request("x"))).json()["token"]
        for person in (ann, bob)
    ]
    body = {"current_password": PASSWORD, "new_password": NEW, "revoke_tokens": False}
    assert (await ann.call("POST", "/api/account/password", body)).status_code == 204
    assert await whose(database, tokens[0]) == ann.user_id
    body = {"current_password": NEW, "new_password": PASSWORD}
    assert (await ann.call("POST", "/api/account/password", body)).status_code == 204
    assert await whose(database, tokens[0]) is None
    assert await whose(database, tokens[1]) == bob.user_id
    await database.close()


async def test_a_password_set_from_outside_ends_access_tokens_too(
    client: httpx.AsyncClient, database: Database, database_url: str
) -> None:
    ann = await register(client)
    made = await ann.call("POST", "/api/account/tokens", token_request("x"))
    token = made.json()["token"]
    kept = run("app.set_password", "--keep-tokens", ann.email, given=NEW, DATABASE_URL=database_url)
    assert (kept.returncode, kept.stderr) == (0, "")
    assert await whose(database, token) == ann.user_id
    run("app.set_password", ann.email, given=PASSWORD, DATABASE_URL=database_url)
    assert await whose(database, token) is None
    await database.close()


async def test_the_list_of_sign_ins_says_when_from_where_and_which_is_this(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann, bob = await register(client), await register(client)
    body = {"email": ann.email, "password": PASSWORD}
    headers = {"User-Agent": "Firefox\x07 on a laptop" + "x" * 300}
    await client.post("/auth/login", json=body, headers=headers)
    listed = (await ann.call("GET", "/api/account/sign-ins")).json()
    assert [one["current"] for one in listed] == [False, True], "used last comes first"
    assert listed[0]["user_agent"].startswith("Firefox on a laptop")
    assert len(listed[0]["user_agent"]) == 200
    for one in listed:
        made, used, ends = (
            datetime.fromisoformat(one[name])
            for name in ("created_at", "last_used_at", "expires_at")
        )
        assert abs(used - made) < timedelta(minutes=1)
        assert ends - made > timedelta(days=29)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE sessions SET last_used_at = now() - interval '1 day'")
    await ann.call("GET", "/tasks/")
    listed = (await ann.call("GET", "/api/account/sign-ins")).json()
    assert [one["current"] for one in listed] == [True, False], "each use is noted"
    assert len((await bob.call("GET", "/api/account/sign-ins")).json()) == 1


async def test_signing_out_elsewhere_and_everywhere(client: httpx.AsyncClient) -> None:
    ann, bob = await register(client), await register(client)
    elsewhere = Person(
        client, ann.email, ann.user_id, (await log_in(ann, PASSWORD)).json()["access_token"]
    )
    listed = (await ann.call("GET", "/api/account/sign-ins")).json()
    other = next(one["id"] for one in listed if not one["current"])
    path = f"/api/account/sign-ins/{other}"
    assert (await bob.call("DELETE", path)).status_code == 404
    assert (await elsewhere.call("GET", "/auth/me")).status_code == 200
    assert (await ann.call("DELETE", path)).status_code == 204
    assert (await ann.call("DELETE", path)).status_code == 404
    assert (await elsewhere.call("GET", "/auth/me")).status_code == 401
    again = await log_in(ann, PASSWORD)
    assert (await ann.call("DELETE", "/api/account/sign-ins")).status_code == 204
    assert (await ann.call("GET", "/auth/me")).status_code == 401
    refreshed = await client.post(
        "/auth/refresh", json={"refresh_token": again.json()["refresh_token"]}
    )
    assert refreshed.status_code == 401
    assert (await bob.call("GET", "/auth/me")).status_code == 200


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("password", "Choose another password: many people use this one."),
        ("Password123", "Choose another password: many people use this one."),
        ("        ", "Choose another password: many people use this one."),
        ("\x00" * 8, "Choose another password: many people use this one."),
        ("aAaAaAaA", "Choose another password: many people use this one."),
        ("Ann.Lee.1@example.com", "Choose a password that is not your email address."),
        ("ann.lee.1", "Choose a password that is not your email address."),
    ],
)
async def test_passwords_that_are_guessed_first_are_refused_wherever_they_are_chosen(
    client: httpx.AsyncClient, database_url: str, password: str, said: str
) -> None:
    email = "ann.lee.1@example.com"
    refused = await client.post("/auth/register", json={"email": email, "password": password})
    kind = "password_is_address" if "address" in said else "password_common"
    problem = {"loc": ["body", "password"], "msg": said, "type": kind}
    assert (refused.status_code, refused.json()) == (422, {"detail": [problem]})
    ann = await register(client, email)
    body = {"current_password": PASSWORD, "new_password": password}
    refused = await ann.call("POST", "/api/account/password", body)
    problem["loc"] = ["body", "new_password"]
    assert (refused.status_code, refused.json()) == (422, {"detail": [problem]})
    set_anew = run("app.set_password", email, given=f"{password}\n", DATABASE_URL=database_url)
    assert (set_anew.returncode, set_anew.stderr) == (1, f"{said}\n")
    assert (await log_in(ann, PASSWORD)).status_code == 200


async def test_a_new_password_is_another_one(client: httpx.AsyncClient) -> None:
    ann = await register(client)
    body = {"current_password": PASSWORD, "new_password": PASSWORD}
    refused = await ann.call("POST", "/api/account/password", body)
    assert refused.status_code == 422
    problem = refused.json()["detail"][0]
    assert problem["msg"] == "That is the password that you have already."
    assert problem["type"] == "password_unchanged"


def test_at_least_the_three_thousand_most_common_passwords_are_known() -> None:
    allowed = {password for password in common_passwords() if 8 <= len(password) <= 128}
    assert len(allowed) >= 3000
    assert all(password == password.casefold() for password in allowed)


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
        ((), "", "Usage: python -m app.set_password [--keep-tokens] EMAIL"),
    ):
        done = run("app.set_password", *arguments, given=given, DATABASE_URL=database_url)
        assert done.returncode == 1
        assert done.stderr.startswith(said)
    assert (await log_in(ann, NEW)).status_code == 200
