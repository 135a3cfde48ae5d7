"""The chat when connections break, pods go and the tools are elsewhere: real processes and HTTP."""

import asyncio
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import psycopg
import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import chat_response
from app.mcp.application import create_mcp_app
from app.settings import Settings
from tests.chatting import Heard, Json, events_of, say, stream, titles
from tests.conftest import SECRET, Start
from tests.fake_openai import FakeOpenAI, running
from tests.people import PASSWORD, register
from tests.postgres import free_port
from tests.process import Server
from tests.wire import wire_to


@pytest.fixture(scope="module")
def model() -> Iterator[tuple[FakeOpenAI, str]]:
    with running() as server:
        yield server


@pytest.fixture
def pods(database_url: str, model: tuple[FakeOpenAI, str]) -> Iterator[list[Server]]:
    """Two processes on one database."""
    model[0].forget()
    servers = [
        Server(
            DATABASE_URL=database_url,
            JWT_SECRET=SECRET,
            SHUTDOWN_DRAIN_SECONDS="0",
            OPENAI_API_KEY="sk-test",
            OPENAI_BASE_URL=model[1],
            CHAT_TURNS_PER_MINUTE="1000",
        )
        for _ in range(2)
    ]
    yield [server.wait_until_it_listens() for server in servers]
    for server in servers:
        server.signal(signal.SIGCONT)
        server.terminate()
        server.end()


def sign_up(server: Server) -> str:
    body = {"email": f"{uuid4().hex[:8]}@example.com", "password": PASSWORD}
    return str(server.fetch("POST", "/auth/register", json=body).json()["access_token"])


@contextmanager
def streaming(server: Server, token: str, body: Json) -> Iterator[Iterator[str]]:
    """The lines of a turn's events, as they come."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    with httpx.stream(
        "POST", f"{server.url}/api/chat", json=body, headers=headers, timeout=60
    ) as reply:
        assert reply.status_code == 200
        yield reply.iter_lines()


def until(lines: Iterator[str], event: str) -> list[str]:
    heard = []
    for line in lines:
        heard.append(line)
        if heard[-2:-1] == [f"event: {event}"]:
            return heard
    raise AssertionError(f"no {event}: {heard}")


def whole(server: Server, token: str, body: Json) -> Heard:
    with streaming(server, token, body) as lines:
        return events_of("\n".join(lines))


def eventually(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def tasks_of(server: Server, token: str) -> list[str]:
    return sorted(task["title"] for task in server.fetch("GET", "/tasks/", token).json())


def lease_runs_out(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE turns SET lease_until = now() WHERE state = 'running'")


def test_closing_the_connection_stops_the_model_and_keeps_what_was_said(
    pods: list[Server], model: tuple[FakeOpenAI, str]
) -> None:
    token = sign_up(pods[0])
    script = 'call add_task {"title": "Kept"}\nslow 0.5\nsay ' + "word " * 200
    turn = {"message": script, "turn_id": str(uuid4())}
    with streaming(pods[0], token, turn) as lines:
        head = until(lines, "delta")
        assert model[0].open == 1
    eventually(lambda: model[0].open == 0)
    conversation = events_of("\n".join(head)).all("conversation")[0]["conversation_id"]
    path = f"/api/conversations/{conversation}"
    eventually(lambda: len(pods[1].fetch("GET", path, token).json()["messages"]) == 2)
    answer = pods[1].fetch("GET", path, token).json()["messages"][1]
    assert answer["status"] == "stopped"
    assert answer["content"].startswith("word")
    assert [call["name"] for call in answer["tool_calls"]] == ["add_task"]
    # The conversation goes on.
    again = {"message": "say Hello.", "conversation_id": conversation}
    assert whole(pods[1], token, again).done["response"] == "Hello."


def test_asked_to_stop_a_pod_finishes_its_chats(pods: list[Server]) -> None:
    token = sign_up(pods[0])
    with streaming(pods[0], token, {"message": "slow 0.3\nsay one two three four"}) as lines:
        head = until(lines, "delta")
        pods[0].terminate()
        heard = events_of("\n".join([*head, *lines]))
    assert heard.done["response"] == "one two three four"
    code, _, errors = pods[0].end()
    assert (code, errors) == (0, "")


def test_a_turn_of_a_pod_that_died_is_gone_on_with(pods: list[Server], database_url: str) -> None:
    token = sign_up(pods[0])
    script = 'pause 1\ncall add_task {"title": "A"}\ncall add_task {"title": "B"}\nsay Both.'
    turn = {"message": script, "turn_id": str(uuid4())}
    with streaming(pods[0], token, turn) as lines:
        until(lines, "tool_end")
        pods[0].kill()
    assert tasks_of(pods[1], token) == ["A"]
    early = pods[1].fetch("POST", "/api/chat", token, json=turn)
    assert (early.status_code, early.json()["code"]) == (409, "turn_in_progress")
    assert early.headers["retry-after"]
    lease_runs_out(database_url)
    heard = whole(pods[1], token, turn)
    assert heard.done["response"] == "Both."
    titles = [call["arguments"]["title"] for call in heard.done["tool_calls"]]
    assert titles == ["A", "B"]
    assert tasks_of(pods[1], token) == ["A", "B"]
    path = f"/api/conversations/{heard.done['conversation_id']}"
    said = pods[1].fetch("GET", path, token).json()["messages"]
    assert [message["role"] for message in said] == ["user", "assistant"]


def test_a_stalled_pod_cannot_act_for_a_turn_that_it_lost(
    pods: list[Server], database_url: str
) -> None:
    token = sign_up(pods[0])
    script = 'pause 1\ncall add_task {"title": "A"}\ncall add_task {"title": "B"}\nsay Both.'
    turn = {"message": script, "turn_id": str(uuid4())}
    with streaming(pods[0], token, turn) as lines:
        head = until(lines, "tool_end")
        pods[0].signal(signal.SIGSTOP)
        lease_runs_out(database_url)
        heard = whole(pods[1], token, turn)
        pods[0].signal(signal.SIGCONT)
        stalled = events_of("\n".join([*head, *lines]))
    assert heard.done["response"] == "Both."
    assert stalled.names[-1] == "error"
    assert tasks_of(pods[1], token) == ["A", "B"]


def test_any_pod_takes_the_answer_to_a_question(pods: list[Server]) -> None:
    token = sign_up(pods[0])
    task = pods[0].fetch("POST", "/tasks/", token, json={"title": "Old"}).json()["id"]
    asked = whole(pods[0], token, {"message": f'call delete_task {{"task_id": {task}}}'})
    assert tasks_of(pods[1], token) == ["Old"]
    confirm = {"id": asked.all("confirm")[0]["id"], "approve": True}
    answer = whole(pods[1], token, {"confirm": confirm})
    assert answer.done["tool_calls"][0]["result"]["status"] == "deleted"
    assert tasks_of(pods[0], token) == []


class Recorder:
    """Passes requests on and keeps every tools/call that was in one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.calls: list[Json] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def listening() -> Message:
            message = await receive()
            if message["type"] == "http.request" and message.get("body"):
                body = json.loads(message["body"])
                if body.get("method") == "tools/call":
                    self.calls.append(body["params"])
            return message

        await self.app(scope, listening if scope["type"] == "http" else receive, send)


@pytest.fixture
def tools_elsewhere(database_url: str) -> Iterator[tuple[Recorder, str]]:
    """The MCP server as a deployment of its own, listened to."""
    settings = {"database_url": database_url, "jwt_secret": SECRET}
    recorder = Recorder(create_mcp_app(Settings.model_validate(settings)))
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(recorder, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    yield recorder, f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(30)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["openai", "offline"])
async def test_reported_calls_are_those_on_the_wire(
    start: Start, tools_elsewhere: tuple[Recorder, str], model: tuple[FakeOpenAI, str], kind: str
) -> None:
    recorder, url = tools_elsewhere
    key = {"openai_api_key": "sk-test", "openai_base_url": model[1]} if kind == "openai" else {}
    person = await register(await start(mcp_url=url, chat_turns_per_minute=100, **key))
    said = (
        [
            'call add_task {"title": "Buy milk"} & call add_task {"nonsense": 1}\n'
            'call list_tasks {"status": "pending"}\ncall search_tasks {"query": "milk"}',
            'call complete_task {"task_id": 1}\ncall update_task {"task_id": 1, "title": "x"}',
            'call get_task {"task_id": 1}\ncall get_task {"task_id": 99}',
            'call delete_task {"task_id": 1}',
            "yes",
        ]
        if kind == "openai"
        else [
            "add buy milk",
            "show pending tasks",
            "search milk",
            "complete buy milk",
            "rename task 1 to x",
            "show task 99",
            "delete task 1",
            "yes",
        ]
    )
    conversation: Json = {}
    reported = []
    for message in said:
        body = (await say(person, message, **conversation)).json()
        conversation = {"conversation_id": body["conversation_id"]}
        reported += [(call["name"], call["arguments"]) for call in body["tool_calls"]]
    wire = [(params["name"], params["arguments"]) for params in recorder.calls]
    assert reported == wire
    assert {name for name, _ in wire} == {
        *("add_task", "list_tasks", "complete_task", "delete_task"),
        *("update_task", "get_task", "search_tasks"),
    }
    assert await titles(person) == []


@pytest.mark.anyio
async def test_tools_that_cannot_be_reached_are_told_of(start: Start) -> None:
    person = await register(await start(mcp_url="http://127.0.0.1:9/mcp"))
    reply = await say(person, "add buy milk")
    assert (reply.status_code, reply.json()["code"]) == (503, "internal")
    assert "tools cannot be reached" in reply.json()["detail"]
    assert await titles(person) == []


@pytest.mark.anyio
async def test_a_thinking_model_keeps_no_database_connection(
    start: Start, model: tuple[FakeOpenAI, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_response, "COMMENT_SECONDS", 0.2)
    client = await start(
        openai_api_key="sk-test",
        openai_base_url=model[1],
        database_pool_size=1,
        chat_turns_per_minute=100,
    )
    person = await register(client)
    chats = [
        asyncio.create_task(stream(person, f"slow 2\nsay number{i} is done")) for i in range(6)
    ]
    await asyncio.to_thread(eventually, lambda: model[0].open == 6)
    # The one connection is free although six turns are under way.
    assert await titles(person) == []
    heard = await asyncio.gather(*chats)
    assert {one.done["response"] for one in heard} == {f"number{i} is done" for i in range(6)}


@pytest.mark.anyio
async def test_a_silent_model_does_not_look_like_a_dead_connection(
    start: Start, model: tuple[FakeOpenAI, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chat_response.COMMENT_SECONDS == 15
    monkeypatch.setattr(chat_response, "COMMENT_SECONDS", 0.1)
    client = await start(openai_api_key="sk-test", openai_base_url=model[1])
    person = await register(client)
    headers = {**person.headers, "Accept": "text/event-stream"}
    body = {"message": "pause 1\nsay Here."}
    reply = await client.post("/api/chat", json=body, headers=headers, timeout=60)
    assert ": still here\n\n" in reply.text


@pytest.mark.anyio
@pytest.mark.parametrize("back", [True, False])
async def test_a_database_that_is_away_for_a_moment_is_not_the_models_business(
    start: Start, database_url: str, model: tuple[FakeOpenAI, str], *, back: bool
) -> None:
    async with wire_to(database_url) as wire:
        key = {"openai_api_key": "sk-test", "openai_base_url": model[1]}
        person = await register(await start(database_url=wire.url, **key))
        model[0].forget()
        script = 'pause 2\ncall add_task {"title": "A"}\nsay It is done.'
        turn = {"message": script, "turn_id": str(uuid4())}
        chat = asyncio.create_task(stream(person, **turn))
        await asyncio.to_thread(eventually, lambda: len(model[0].requests) == 1)
        await wire.cut()
        if back:
            await asyncio.sleep(2.5)
            await wire.mend()
            assert (await chat).done["response"] == "It is done."
        else:
            heard = await chat
            assert (heard.error["code"], heard.error["retryable"]) == ("internal", True)
            assert "It is done" not in heard.text
            await wire.mend()
            await asyncio.to_thread(lease_runs_out, database_url)
            assert (await stream(person, **turn)).done["response"] == "It is done."
        assert await titles(person) == ["A"]
