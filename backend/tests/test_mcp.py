"""The MCP server, as the official client meets it over HTTP."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import httpx2
import jwt
import mcp_types as types
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from tests.conftest import SECRET
from tests.people import PASSWORD
from tests.process import Server

pytestmark = pytest.mark.anyio
Json = Any


@pytest.fixture(scope="module")
def module_database(new_database: Callable[[str | None], str], template: str) -> str:
    return new_database(template)


TOOLS = {
    "add_task",
    "list_tasks",
    "complete_task",
    "delete_task",
    "update_task",
    "get_task",
    "search_tasks",
    "restore_task",
}


@pytest.fixture(scope="module")
def server(module_database: str) -> Iterator[Server]:
    """The whole application, embedded MCP server included."""
    server = Server(DATABASE_URL=module_database, JWT_SECRET=SECRET, SHUTDOWN_DRAIN_SECONDS="0")
    yield server.wait_until_it_listens()
    server.terminate()
    server.end()


@pytest.fixture(scope="module")
def alone(module_database: str) -> Iterator[Server]:
    """The MCP server as a deployment of its own."""
    settings = {"DATABASE_URL": module_database, "JWT_SECRET": SECRET}
    server = Server("mcp", SHUTDOWN_DRAIN_SECONDS="0", **settings)
    yield server.wait_until_it_listens()
    server.terminate()
    server.end()


def sign_up(server: Server) -> tuple[str, str]:
    body = {"email": f"{uuid4().hex[:8]}@example.com", "password": PASSWORD}
    reply = server.fetch("POST", "/auth/register", json=body).json()
    return reply["user_id"], reply["access_token"]


def program_token(server: Server, token: str) -> tuple[str, str]:
    """A token for programs, and its id."""
    made = server.fetch(
        "POST", "/api/account/tokens", token, json={"name": "test", "password": PASSWORD}
    )
    assert made.status_code == 201, made.text
    return made.json()["token"], made.json()["id"]


@asynccontextmanager
async def connected(server: Server, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{server.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


async def call(client: Client, name: str, arguments: Json) -> Json:
    result = await client.call_tool(name, arguments)
    (block,) = result.content
    assert isinstance(block, types.TextContent)
    if result.is_error:
        return block.text
    value = json.loads(block.text)
    assert result.structured_content == value
    return value


async def listed(client: Client, **arguments: Json) -> list[Json]:
    page = await call(client, "list_tasks", arguments)
    assert (page["total"], page["next_offset"]) == (len(page["tasks"]), None)
    return list(page["tasks"])


async def use_every_tool(client: Client) -> None:
    offered = (await client.list_tools()).tools
    assert {tool.name for tool in offered} == TOOLS
    made = await call(client, "add_task", {"title": "Buy milk", "due_at": "2026-12-31T18:00:00Z"})
    number = made["task_id"]
    assert (made["status"], made["title"]) == ("created", "Buy milk")
    assert {"id": number, "title": "Buy milk", "completed": False}.items() <= (
        await listed(client, status="pending")
    )[0].items()
    for _ in range(2):
        done = await call(client, "complete_task", {"task_id": number})
        assert (done["task_id"], done["status"]) == (number, "completed")
    assert await listed(client, status="pending") == []
    changed = await call(client, "update_task", {"task_id": number, "title": "Buy oat milk"})
    assert (changed["status"], changed["title"]) == ("updated", "Buy oat milk")
    assert (await call(client, "get_task", {"task_id": number}))["completed"] is True
    assert (await call(client, "search_tasks", {"query": "OAT"}))["total"] == 1
    gone = await call(client, "delete_task", {"task_id": number})
    assert gone == {"task_id": number, "status": "deleted", "title": "Buy oat milk"}
    assert await call(client, "get_task", {"task_id": number}) == "There is no such task."
    back = await call(client, "restore_task", {"task_id": number})
    assert (back["status"], back["title"]) == ("restored", "Buy oat milk")
    await call(client, "delete_task", {"task_id": number})


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("which", ["sign-in", "program"])
async def test_the_official_client_uses_every_tool(server: Server, mode: str, which: str) -> None:
    _, token = sign_up(server)
    if which == "program":
        token, _ = program_token(server, token)
    async with connected(server, token, mode) as client:
        await use_every_tool(client)


async def test_a_deployment_of_its_own_does_the_same(server: Server, alone: Server) -> None:
    _, token = sign_up(server)
    for given in (token, program_token(server, token)[0]):
        async with connected(alone, given) as client:
            await use_every_tool(client)
    assert alone.fetch("GET", "/livez").json() == {"status": "alive"}
    assert alone.fetch("GET", "/readyz").json() == {"status": "ready"}
    assert alone.fetch("GET", "/tasks/", token).status_code == 404


async def test_the_tools_say_what_they_are(server: Server) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for name, tool in tools.items():
            assert tool.title
            assert tool.description
            assert tool.input_schema["additionalProperties"] is False
            assert tool.annotations is not None
            reads = name in ("list_tasks", "get_task", "search_tasks")
            assert tool.annotations.read_only_hint is reads
        hints = tools["delete_task"].annotations
        assert hints is not None
        assert hints.destructive_hint is True
        # Another dialect's name for add_task.
        made = await call(client, "create_task", {"title": "By its other name"})
        assert made["status"] == "created"
        with pytest.raises(MCPError, match="There is no tool"):
            await client.call_tool("drop_table", {})


DAY = {"due_date": "2026-11-27"}


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("add_task", {}, "title is missing"),
        ("add_task", {"title": "x", "colour": "red"}, "no argument colour"),
        ("add_task", {"title": "   "}, "title"),
        ("add_task", {"title": "x" * 201}, "title"),
        ("add_task", {"title": "x", "due_at": "tomorrow"}, "due_at"),
        ("complete_task", {"task_id": "one"}, "whole number"),
        ("complete_task", {"task_id": 1.5}, "whole number"),
        ("complete_task", {"task_id": True}, "whole number"),
        ("add_task", {"title": "x", "due_date": "2026-02-30"}, "due_date"),
        ("add_task", {"title": "x", "due_at": "8999-12-31T23:59:59-23:59"}, "8999"),
        ("list_tasks", {"due_before": "8999-12-31T23:59:59-23:59"}, "8999"),
        (
            "add_task",
            {"title": "x", "due_date": "2026-11-27", "due_at": "2026-11-28T16:00:00Z"},
            "send one",
        ),
        (
            "add_task",
            {"title": "x", "due_date": "2026-11-27", "due_at": "2026-11-28"},
            "one of them",
        ),
        ("complete_task", {"task_id": 2**40}, "task_id"),
        ("update_task", {"task_id": 1}, "Nothing to change"),
        ("list_tasks", {"status": "done"}, "status"),
        ("search_tasks", {"query": ""}, "query"),
        ("get_task", {"task_id": 999_999}, "There is no such task."),
    ],
)
async def test_wrong_arguments_get_a_sentence(
    server: Server, tool: str, arguments: Json, says: str
) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        answer = await call(client, tool, arguments)
    assert says in answer
    assert "Traceback" not in answer
    assert "pydantic" not in answer


async def test_no_tool_reaches_another_users_tasks(server: Server) -> None:
    (ann, ann_token), (_, bob_token) = sign_up(server), sign_up(server)
    async with connected(server, ann_token) as client:
        number = (await call(client, "add_task", {"title": "Ann's secret"}))["task_id"]
        before = await call(client, "get_task", {"task_id": number})
    async with connected(server, bob_token) as client:
        for tool, arguments in (
            ("get_task", {}),
            ("complete_task", {}),
            ("update_task", {"title": "Bob was here"}),
            ("delete_task", {}),
        ):
            answer = await call(client, tool, {"task_id": number, **arguments})
            assert answer == "There is no such task.", tool
        assert await listed(client) == []
        assert (await call(client, "search_tasks", {"query": "secret"}))["tasks"] == []
        for tool in TOOLS:
            as_ann = {"user_id": ann, "task_id": number, "title": "x", "query": "x"}
            known = {
                "add_task": ("title",),
                "list_tasks": (),
                "search_tasks": ("query",),
                "update_task": ("task_id", "title"),
            }.get(tool, ("task_id",))
            arguments = {key: as_ann[key] for key in ("user_id", *known)}
            assert "user_id" in await call(client, tool, arguments), tool
    async with connected(server, ann_token) as client:
        assert await call(client, "get_task", {"task_id": number}) == before
        assert await listed(client, user_id=ann) == [before]


def post(server: Server, token: str | None, **headers: str) -> httpx.Response:
    """tools/list by hand."""
    return httpx.post(
        f"{server.url}/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}},
        headers={
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-11-25",
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **headers,
        },
        timeout=60,
    )


def part(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forged(server: Server) -> dict[str, str | None]:
    user, token = sign_up(server)
    claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    past = datetime.now(UTC) - timedelta(minutes=1)
    program, number = program_token(server, token)
    assert server.fetch("DELETE", f"/api/account/tokens/{number}", token).status_code == 204
    ended = sign_up(server)[1]
    assert server.fetch("POST", "/auth/logout", ended).status_code == 204
    return {
        "none": None,
        "rubbish": "rubbish",
        "another secret": jwt.encode(claims, "another secret of enough length....", "HS256"),
        "another algorithm": jwt.encode(claims, SECRET, "HS512"),
        "alg none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.",
        "expired": jwt.encode({**claims, "exp": past}, SECRET, "HS256"),
        "no session": jwt.encode({**claims, "sid": str(uuid4())}, SECRET, "HS256"),
        "another user": jwt.encode({**claims, "sub": str(uuid4())}, SECRET, "HS256"),
        "changed": token[:-4] + "AAAA",
        "signed out": ended,
        "revoked": program,
        "never made": "todo_" + "A" * 43,
        "user id": user,
    }


async def test_only_genuine_tokens_are_let_in(server: Server, alone: Server) -> None:
    _, good = sign_up(server)
    assert post(server, good).status_code == 200
    for name, token in forged(server).items():
        for one in (server, alone):
            reply = post(one, token)
            assert reply.status_code == 401, name
            assert reply.headers["www-authenticate"].startswith("Bearer")
    # A program's token opens /mcp and nothing else.
    program, _ = program_token(server, good)
    assert post(server, program).status_code == 200
    for path in ("/tasks/", "/api/account", "/api/conversations"):
        assert server.fetch("GET", path, program).status_code == 401


async def test_only_known_hosts_are_answered(server: Server) -> None:
    _, token = sign_up(server)
    assert post(server, token, Host="backend:8000").status_code == 200
    assert post(server, token, Host="evil.example.com").status_code == 421
    assert post(server, token, Origin="https://evil.example.com").status_code == 403


async def test_there_is_no_redirect_and_no_session(server: Server) -> None:
    _, token = sign_up(server)
    for method in ("GET", "DELETE"):
        reply = server.fetch(method, "/mcp", token)
        assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    slashed = server.fetch("POST", "/mcp/", token, json={})
    assert slashed.status_code in (400, 406)
    assert "mcp-session-id" not in post(server, token).headers


async def test_another_client_cannot_act_for_a_turn(server: Server) -> None:
    _, token = sign_up(server)
    turn = {"message": "add Mine", "turn_id": str(uuid4())}
    body = server.fetch("POST", "/api/chat", token, json=turn).json()
    meta: Json = {
        "todo-app/call": {
            "conversation": body["conversation_id"],
            "turn": body["turn_id"],
            "holder": str(uuid4()),
            "key": "call_1",
        }
    }
    async with connected(server, token) as client:
        broken: Json = {"todo-app/call": {"turn": "x"}}
        for forged_meta in (meta, broken):
            result = await client.call_tool("add_task", {"title": "x"}, meta=forged_meta)
            assert result.is_error
        assert len(await listed(client)) == 1
