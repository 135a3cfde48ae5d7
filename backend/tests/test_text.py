"""Text that the database cannot keep is refused in words, wherever it comes in."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.keepable import UNKEEPABLE
from tests.chatting import say
from tests.conftest import Start
from tests.people import Person, register

pytestmark = pytest.mark.anyio

# Any code point at all, also those that are half a surrogate pair, and the worst ones often.
TEXTS = st.text(st.characters() | st.sampled_from("\x00\ud800\udfff "), min_size=1, max_size=12)
WENT_WRONG = "Something went wrong on our side"


@pytest.fixture
async def person(start: Start) -> Person:
    return await register(await start(chat_turns_per_minute=100_000))


async def send(person: Person, method: str, path: str, body: object) -> httpx.Response:
    """One request whose JSON writes every character that is not ASCII as an escape."""
    return await person.client.request(
        method,
        path,
        content=json.dumps(body),
        headers={
            **person.headers,
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        },
    )


async def mcp(person: Person, tool: str, arguments: dict[str, Any]) -> httpx.Response:
    params = {"name": tool, "arguments": arguments}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return await send(person, "POST", "/mcp", call)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TEXTS)
async def test_no_text_breaks_a_route_and_none_is_kept_that_cannot_be(
    person: Person, text: str
) -> None:
    task = (await person.call("POST", "/tasks/", {"title": "Buy milk"})).json()["id"]
    # A title, so that the conversation's own is not made of the text.
    talk = (await say(person, "hello")).json()["conversation_id"]
    for method, path, body in (
        ("POST", "/tasks/", {"title": text}),
        ("POST", "/tasks/", {"title": "Buy bread", "description": text}),
        ("PUT", f"/tasks/{task}", {"title": text}),
        ("PUT", f"/tasks/{task}", {"description": text}),
        ("PATCH", f"/api/conversations/{talk}/title", {"title": text}),
        ("POST", "/api/chat", {"message": text, "conversation_id": talk}),
        ("POST", "/api/account/tokens", {"name": text}),
        ("POST", "/auth/login", {"email": text, "password": "wrong"}),
        ("POST", "/api/account/tokens", {"name": "my editor", text: text}),
    ):
        reply = await send(person, method, path, body)
        assert reply.status_code < 500, (method, path, reply.text)
        if UNKEEPABLE.search(text) and "my editor" not in str(body):
            assert reply.status_code == 422, (method, path, reply.text)
    escaped = quote(text, errors="surrogatepass")
    assert (await person.call("GET", f"/tasks/?search={escaped}")).status_code < 500
    assert (await person.call("GET", f"/api/{escaped}/tasks")).status_code < 500
    for tool, arguments in (
        ("add_task", {"title": text}),
        ("update_task", {"task_id": task, "description": text}),
        ("search_tasks", {"query": text}),
        ("get_task", {"task_id": task, text: text}),
        (text, {}),
    ):
        answer = await mcp(person, tool, arguments)
        assert answer.status_code < 500, (tool, answer.text)
        assert WENT_WRONG not in answer.text, (tool, answer.text)


async def test_a_turn_that_another_program_makes_up_is_refused(person: Person) -> None:
    made_up = {"turn": str(person.user_id), "holder": str(person.user_id)}
    for meta in (
        {**made_up, "conversation": 99_999_999_999_999, "key": "k"},
        {**made_up, "conversation": "9" * 400, "key": "k"},
        {**made_up, "conversation": -1, "key": "k"},
        {**made_up, "conversation": 1e400, "key": "k"},
        {**made_up, "conversation": 1, "key": "\x00"},
        {**made_up, "conversation": 1, "key": "\ud800"},
    ):
        params = {"name": "list_tasks", "arguments": {}, "_meta": {"todo-app/call": meta}}
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        answer = await send(person, "POST", "/mcp", call)
        assert WENT_WRONG not in answer.text, meta
        assert "isError" not in answer.text or "not run from here" in answer.text
