"""Two users, every route: nobody sees or changes what is another's, and only genuine tokens count.

The routes come from the OpenAPI document, so that a new one is covered when it is added.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import jwt
import psycopg
import pytest

from tests.conftest import SECRET
from tests.people import PASSWORD, Person, register
from tests.test_conversations import ask_first, begin, say
from tests.test_http import OPEN

pytestmark = pytest.mark.anyio

SIGNING_IN = ("/auth/register", "/auth/login")
MARK = "Ann's secret"
TOKEN = {"name": MARK, "password": PASSWORD}
BODIES: dict[str, object] = {
    "/account/password": {"current_password": "a guess", "new_password": "another guess"},
    "/account/delete": {"password": "a guess"},
    "/account/tokens": {"name": "stolen", "password": "a guess"},
    "/chat": {"message": "delete all tasks"},
    "/title": {"title": "stolen"},
    "/tasks": {"title": "stolen"},
    "/complete": None,
    "/toggle": None,
}


class Operation(NamedTuple):
    method: str
    path: str

    def body(self) -> object:
        path = self.path.rstrip("/")
        fitting = (body for end, body in BODIES.items() if path.endswith(end))
        return next(fitting, {"title": "stolen"})


ENDING = (Operation("DELETE", "/api/account/sign-ins"), Operation("POST", "/auth/logout"))


async def operations(client: httpx.AsyncClient) -> list[Operation]:
    paths: dict[str, dict[str, Any]] = (await client.get("/openapi.json")).json()["paths"]
    return [
        Operation(method.upper(), path)
        for path, item in paths.items()
        for method in item
        if path not in (*OPEN, *SIGNING_IN)
    ]


@pytest.fixture
async def ann(client: httpx.AsyncClient) -> Person:
    return await register(client, "ann@example.com")


@pytest.fixture
async def belongings(ann: Person, database_url: str) -> dict[str, str]:
    """One of everything, as path parameters; a deleted task is what could be restored."""
    task = (await ann.call("POST", "/tasks/", {"title": MARK, "description": MARK})).json()["id"]
    gone = (await ann.call("POST", "/tasks/", {"title": MARK})).json()["id"]
    await ann.call("DELETE", f"/tasks/{gone}")
    talk = begin(database_url, ann, MARK)
    say(database_url, talk, "user", MARK)
    ask_first(database_url, ann, talk)
    token = (await ann.call("POST", "/api/account/tokens", TOKEN)).json()["id"]
    with psycopg.connect(database_url) as connection:
        sign_in = connection.execute("SELECT id FROM sessions").fetchone()
    assert sign_in is not None
    return {
        "task_id": str(task),
        "gone": str(gone),
        "conversation_id": str(talk),
        "token_id": token,
        "sign_in_id": sign_in[0],
    }


def everything(database_url: str, owner: Person) -> list[object]:
    """What is kept of a user, row by row."""
    tables = ("tasks", "deleted_tasks", "conversations", "turns", "access_tokens", "sessions")
    with psycopg.connect(database_url) as connection:
        kept: list[object] = [
            connection.execute(
                f"SELECT * FROM {table} WHERE user_id = %s ORDER BY 1".encode(),  # noqa: S608
                (owner.user_id,),
            ).fetchall()
            for table in tables
        ]
        kept.append(
            connection.execute("SELECT * FROM users WHERE id = %s", (owner.user_id,)).fetchall()
        )
        kept.append(connection.execute("SELECT * FROM confirmations").fetchall())
        kept.append(
            connection.execute(
                "SELECT messages.* FROM messages JOIN conversations c ON c.id = conversation_id"
                " WHERE user_id = %s ORDER BY 1",
                (owner.user_id,),
            ).fetchall()
        )
    return kept


async def test_another_users_token_reaches_nothing(
    client: httpx.AsyncClient, ann: Person, belongings: dict[str, str], database_url: str
) -> None:
    bob = await register(client, "bob@example.com")
    before = everything(database_url, ann)
    # Signing out comes last: it ends Bob's token.
    tried = sorted(await operations(client), key=lambda one: one in ENDING)
    assert len(tried) == 41
    there = {"message": "go on", "conversation_id": int(belongings["conversation_id"])}
    assert (await bob.call("POST", "/api/chat", there)).status_code == 404
    for operation in tried:
        for owner in {ann.user_id, bob.user_id} if "{user_id}" in operation.path else {""}:
            ids = {**belongings, "user_id": owner}
            if operation.path.endswith("restore"):
                ids["task_id"] = belongings["gone"]
            path = operation.path.format(**ids)
            reply = await bob.call(operation.method, path, operation.body())
            case = (operation, owner == ann.user_id, reply.status_code, reply.text)
            assert MARK not in reply.text, case
            assert ann.email not in reply.text, case
            if owner == ann.user_id:
                assert reply.status_code == 403, case
            elif "_id}" in operation.path.replace("{user_id}", ""):
                assert reply.status_code == 404, case
            else:
                assert reply.status_code < 500, case
    assert everything(database_url, ann) == before


async def test_only_genuine_tokens_count_on_every_route(
    client: httpx.AsyncClient, ann: Person, belongings: dict[str, str], database_url: str
) -> None:
    genuine = jwt.decode(ann.token, options={"verify_signature": False})
    _, payload, signature = ann.token.split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    program = (await ann.call("POST", "/api/account/tokens", TOKEN)).json()["token"]
    past = datetime.now(UTC) - timedelta(seconds=1)
    forged = {
        "none": None,
        "empty": "Bearer ",
        "alg none": f"Bearer {none}.{payload}.",
        "alg none, signed": f"Bearer {none}.{payload}.{signature}",
        "another secret": "Bearer " + jwt.encode(genuine, "another secret that is long enough"),
        "expired": "Bearer " + jwt.encode({**genuine, "exp": past}, SECRET),
        "a program's": f"Bearer {program}",
        "basic": f"Basic {base64.b64encode(f'{ann.email}:{PASSWORD}'.encode()).decode()}",
    }
    before = everything(database_url, ann)
    for operation in await operations(client):
        path = operation.path.format(**belongings, user_id=ann.user_id)
        for name, header in forged.items():
            headers = {} if header is None else {"Authorization": header}
            body = operation.body()
            reply = await client.request(operation.method, path, headers=headers, json=body)
            assert reply.status_code == 401, (operation, name, reply.text)
            assert reply.headers["WWW-Authenticate"] == "Bearer"
            assert MARK not in reply.text
    assert everything(database_url, ann) == before
