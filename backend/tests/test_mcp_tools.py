"""What the MCP tools promise: their schemas, pages, days, forgiving arguments, and the limit."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator, meta

from tests.conftest import SECRET
from tests.process import Server
from tests.test_mcp import Json, call, connected, sign_up

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server(new_database: Callable[[str | None], str], template: str) -> Iterator[Server]:
    server = Server(
        DATABASE_URL=new_database(template), JWT_SECRET=SECRET, SHUTDOWN_DRAIN_SECONDS="0"
    )
    yield server.wait_until_it_listens()
    server.terminate()
    server.end()


async def test_every_result_is_what_the_tools_output_schema_says(server: Server) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for title in ("one", "two"):
            await call(client, "add_task", {"title": title, "due_date": "2026-11-27"})
        for name, arguments in (
            ("add_task", {"title": "three", "description": "x", "due_at": "2026-11-27T16:00:00Z"}),
            ("list_tasks", {}),
            ("list_tasks", {"limit": 1}),
            ("search_tasks", {"query": "nothing like it"}),
            ("get_task", {"task_id": 1}),
            ("complete_task", {"task_id": 1}),
            ("update_task", {"task_id": 1, "title": "four"}),
            ("delete_task", {"task_id": 1}),
            ("restore_task", {"task_id": 1}),
        ):
            schema = tools[name].output_schema
            assert schema is not None, name
            assert schema["type"] == "object"
            meta.validate(schema)
            result = await call(client, name, arguments)
            Draft202012Validator(schema).validate(result)


async def test_what_a_model_reads_at_every_call_is_short(server: Server) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        tools = (await client.list_tools()).tools
        for tool in tools:
            shown = json.dumps(tool.input_schema)
            assert "pattern" not in shown, tool.name
            assert len(shown) < 2_300, tool.name
        assert sum(len(json.dumps(tool.input_schema)) for tool in tools) < 6_500


async def test_a_list_says_how_many_there_are_and_where_it_goes_on(server: Server) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        for number in range(5):
            await call(client, "add_task", {"title": f"milk {number}"})
        for tool, arguments in (("list_tasks", {}), ("search_tasks", {"query": "milk"})):
            seen: list[str] = []
            offset: int | None = 0
            while offset is not None:
                page = await call(client, tool, {**arguments, "limit": 2, "offset": offset})
                assert page["total"] == 5
                seen += [task["title"] for task in page["tasks"]]
                offset = page["next_offset"]
            assert seen == [f"milk {number}" for number in (4, 3, 2, 1, 0)]
        beyond = await call(client, "list_tasks", {"offset": 99})
        assert beyond == {"tasks": [], "total": 5, "next_offset": None}


@pytest.mark.parametrize("as_sent", ["1", " 1 ", "#1", 1.0])
async def test_numbers_are_taken_as_models_send_them(server: Server, as_sent: Json) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        number = (await call(client, "add_task", {"title": "x"}))["task_id"]
        given = (
            as_sent * number if isinstance(as_sent, float) else as_sent.replace("1", str(number))
        )
        assert (await call(client, "get_task", {"task_id": given}))["id"] == number
        done = await call(client, "complete_task", {"task_id": given, "completed": "true"})
        assert done["task"]["completed"] is True
        page = await call(client, "list_tasks", {"limit": "1", "offset": 0.0})
        assert page["total"] == 1


async def test_another_dialects_arguments_are_taken(server: Server) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        number = (await call(client, "add_task", {"title": "milk"}))["task_id"]
        await call(client, "add_task", {"title": "bread"})
        await call(client, "complete_task", {"task_id": number})
        done = await call(client, "list_tasks", {"filter": "completed"})
        assert [task["title"] for task in done["tasks"]] == ["milk"]
        found = await call(client, "search_tasks", {"keyword": "bread"})
        assert [task["title"] for task in found["tasks"]] == ["bread"]


ZONES = {
    "Pacific/Auckland": "2026-11-27T04:00:00Z",
    "Pacific/Kiritimati": "2026-11-27T03:00:00Z",
    "America/Los_Angeles": "2026-11-28T01:00:00Z",
    "Europe/Berlin": "2026-11-27T16:00:00Z",
    "Asia/Kolkata": "2026-11-27T11:30:00Z",
}


def at_home_in(server: Server, token: str, zone: str) -> None:
    reply = server.fetch("PATCH", "/api/account", token, json={"time_zone": zone})
    assert reply.status_code == 200, reply.text


def due(task: dict[str, Any]) -> tuple[str | None, str | None]:
    return task["due_date"], task["due_at"]


@pytest.mark.parametrize("zone", ZONES)
async def test_days_and_times_are_those_of_the_users_zone(server: Server, zone: str) -> None:
    _, token = sign_up(server)
    at_home_in(server, token, zone)
    async with connected(server, token) as client:
        day = (await call(client, "add_task", {"title": "d", "due_date": "2026-11-27"}))["task"]
        assert day["due_date"] == "2026-11-27"
        # A model that writes a day into the wrong argument, or a time without its offset.
        same = (await call(client, "add_task", {"title": "s", "due_at": "2026-11-27"}))["task"]
        assert due(same) == due(day)
        at = (await call(client, "add_task", {"title": "t", "due_at": "2026-11-27T17:00"}))["task"]
        assert due(at) == (None, ZONES[zone])
        assert at["due_time_zone"] == zone
        of_day = await call(client, "list_tasks", {"due_on": "2026-11-27", "sort": "due_date"})
        assert [task["title"] for task in of_day["tasks"]] == ["t", "s", "d"]
        by_other_name = await call(client, "list_tasks", {"due_date": "2026-11-27"})
        assert by_other_name["total"] == 3
        before = await call(client, "list_tasks", {"due_before": "2026-11-27T17:01"})
        assert [task["title"] for task in before["tasks"]] == ["t"]
        number = day["id"]
        moved = await call(client, "update_task", {"task_id": number, "due_date": "2026-11-28"})
        assert moved["task"]["due_date"] == "2026-11-28"
        never = await call(client, "update_task", {"task_id": number, "due_date": None})
        assert due(never["task"]) == (None, None)
        over_http = server.fetch("GET", f"/api/tasks/{at['id']}", token).json()
        assert due(over_http) == due(at)


async def test_what_is_overdue_can_be_asked_for(server: Server) -> None:
    async with connected(server, sign_up(server)[1]) as client:
        await call(client, "add_task", {"title": "late", "due_date": "2020-01-01"})
        await call(client, "add_task", {"title": "early", "due_date": "8000-01-01"})
        late = await call(client, "list_tasks", {"overdue": True})
        assert [task["title"] for task in late["tasks"]] == ["late"]


def test_too_many_calls_are_refused_to_that_user_alone(database_url: str) -> None:
    limited = Server(
        DATABASE_URL=database_url,
        JWT_SECRET=SECRET,
        SHUTDOWN_DRAIN_SECONDS="0",
        MCP_CALLS_PER_MINUTE="5",
    )
    try:
        limited.wait_until_it_listens()
        (_, ann), (_, bob) = sign_up(limited), sign_up(limited)
        ping = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        accept = "application/json, text/event-stream"

        def ask(token: str) -> httpx.Response:
            headers = {"Accept": accept, "Authorization": f"Bearer {token}"}
            return httpx.post(f"{limited.url}/mcp", json=ping, headers=headers, timeout=60)

        replies = [ask(ann) for _ in range(7)]
        assert {reply.status_code for reply in replies[:5]} == {200}
        assert replies[-1].status_code == 429
        assert 1 <= int(replies[-1].headers["retry-after"]) <= 60
        assert "Wait a moment" in replies[-1].json()["detail"]
        assert ask(bob).status_code == 200
    finally:
        limited.terminate()
        limited.end()


def test_who_brings_no_token_is_told_where_to_get_one(server: Server) -> None:
    for token in (None, "todo_wrong"):
        reply = server.fetch("POST", "/mcp", token, json={})
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"].startswith("Bearer ")
        assert "access token" in reply.json()["detail"]
        assert "OAuth" in reply.json()["error_description"]
