"""What one user may take: pages of lists, so many tasks, so many changes, so many registrations."""

import json
from typing import Any

import httpx
import psycopg
import pytest

from tests.chatting import say
from tests.conftest import Start
from tests.people import PASSWORD, Person, register
from tests.test_conversations import begin
from tests.test_conversations import say as say_by_sql

pytestmark = pytest.mark.anyio

FULL = "There are 2 tasks already, the most that an account can hold. Delete some"


def add_by_sql(url: str, owner: Person, number: int, description: str = "") -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO tasks (user_id, title, description)"
            " SELECT %s, 'task ' || n, %s FROM generate_series(1, %s) AS n",
            (owner.user_id, description, number),
        )


async def call_tool(person: Person, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    call = {"name": name, "arguments": arguments}
    reply = await person.client.post(
        "/mcp",
        headers={**person.headers, "Accept": "application/json, text/event-stream"},
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
    )
    assert reply.status_code == 200, reply.text
    result: dict[str, Any] = reply.json()["result"]
    return result


async def test_a_list_of_tasks_comes_in_pages(client: httpx.AsyncClient, database_url: str) -> None:
    ann = await register(client)
    add_by_sql(database_url, ann, 1005)
    seen: set[int] = set()
    for query, length in (({}, 1000), ({"offset": "1000"}, 5), ({"offset": "1005"}, 0)):
        page = await ann.call("GET", "/tasks/", None, **query)
        assert page.headers["X-Total-Count"] == "1005"
        assert len(page.json()) == length
        seen |= {task["id"] for task in page.json()}
    assert len(seen) == 1005
    assert (await ann.call("GET", "/tasks/", limit="1001")).status_code == 422


async def test_a_list_that_did_not_change_is_not_sent_again(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann, bob = await register(client), await register(client)
    add_by_sql(database_url, ann, 3)

    async def ask(person: Person, tag: str, path: str = "/tasks/") -> httpx.Response:
        headers = {**person.headers, "If-None-Match": tag}
        return await person.client.get(path, headers=headers)

    first = await ann.call("GET", "/tasks/")
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    again = await ask(ann, f'"other", {tag}')
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["ETag"], again.headers["X-Total-Count"]) == (tag, "3")
    assert (await ask(ann, tag, "/tasks/?status=completed")).status_code == 200
    assert (await ask(ann, tag, "/tasks/?limit=1")).status_code == 200
    assert (await ask(bob, tag)).json() == []
    one, two, three = (task["id"] for task in first.json())

    async def changed(path: str = "/tasks/") -> bool:
        nonlocal tag
        reply = await ask(ann, tag, path)
        tag = reply.headers["ETag"]
        return reply.status_code == 200

    await ann.call("PATCH", f"/tasks/{one}/toggle")
    assert await changed()
    assert not await changed()
    with psycopg.connect(database_url) as other_program:
        other_program.execute("UPDATE tasks SET title = 'other' WHERE id = %s", (two,))
    assert await changed()
    await ann.call("DELETE", f"/tasks/{two}")
    assert await changed()
    # As many as before, and the newest change is an old one.
    await ann.call("DELETE", f"/tasks/{three}")
    await ann.call("POST", f"/tasks/{two}/restore")
    assert await changed()
    assert not await changed()


async def test_there_are_so_many_tasks_and_no_more(start: Start) -> None:
    ann = await register(await start(tasks_per_user=2))
    ids = [
        (await ann.call("POST", "/tasks/", {"title": title})).json()["id"] for title in ("a", "b")
    ]
    refused = await ann.call("POST", "/tasks/", {"title": "c"})
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith(FULL)
    tool = await call_tool(ann, "add_task", {"title": "c"})
    assert tool["isError"]
    assert tool["content"][0]["text"].startswith(FULL)
    assert FULL in (await say(ann, "add a task to call mum")).json()["response"]
    assert (await ann.call("DELETE", f"/tasks/{ids[0]}")).status_code == 204
    assert (await ann.call("POST", "/tasks/", {"title": "c"})).status_code == 201
    late = await ann.call("POST", f"/tasks/{ids[0]}/restore")
    assert (late.status_code, late.json()["detail"][: len(FULL)]) == (409, FULL)
    assert len((await ann.call("GET", "/tasks/")).json()) == 2


async def test_changes_are_limited_for_each_user_over_all_ways(start: Start) -> None:
    client = await start(writes_per_minute=3)
    ann, bob = await register(client), await register(client)
    task = (await ann.call("POST", "/tasks/", {"title": "a"})).json()["id"]
    assert not (await call_tool(ann, "add_task", {"title": "b"})).get("isError")
    assert (await ann.call("PATCH", f"/api/{{me}}/tasks/{task}/complete")).status_code == 200
    refused = await ann.call("PUT", f"/tasks/{task}", {"title": "c"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (await call_tool(ann, "delete_task", {"task_id": task}))["isError"]
    assert (await ann.call("GET", f"/tasks/{task}")).json()["title"] == "a"
    assert (await bob.call("POST", "/tasks/", {"title": "d"})).status_code == 201


async def test_registration_can_be_closed(start: Start) -> None:
    client = await start(registration_open=False)
    reply = await client.post(
        "/auth/register", json={"email": "ann@example.com", "password": PASSWORD}
    )
    assert reply.status_code == 403
    assert reply.json()["detail"].startswith("Registration is closed here.")


async def test_registrations_are_limited_over_all_pods(start: Start) -> None:
    pods = [await start(registrations_per_minute=2) for _ in range(2)]
    for pod in pods:
        await register(pod)
    reply = await pods[0].post(
        "/auth/register", json={"email": "ann@example.com", "password": PASSWORD}
    )
    assert reply.status_code == 429
    assert 1 <= int(reply.headers["Retry-After"]) <= 60


async def test_a_conversation_comes_from_its_end(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client)
    talk = begin(database_url, ann)
    for number in range(120):
        say_by_sql(database_url, talk, "user", f"{number}")
    path = f"/api/conversations/{talk}"
    newest = await ann.call("GET", path)
    said = newest.json()["messages"]
    assert [message["content"] for message in said] == [f"{n}" for n in range(70, 120)]
    assert newest.headers["X-Total-Count"] == "120"
    earlier = await ann.call("GET", path, limit="100", before=str(said[0]["id"]))
    assert [m["content"] for m in earlier.json()["messages"]] == [f"{n}" for n in range(70)]
    assert earlier.headers["X-Total-Count"] == "120"
    for query in ({"limit": "101"}, {"limit": "0"}, {"before": "0"}, {"before": "x"}):
        assert (await ann.call("GET", path, None, **query)).status_code == 422


async def test_the_record_of_a_turn_names_tasks_and_does_not_copy_them(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client)
    add_by_sql(database_url, ann, 30, "ipsum " * 160)
    reply = (await say(ann, "show my tasks")).json()
    (call,) = reply["tool_calls"]
    assert call["count"] == 30
    assert (len(call["result"]["tasks"]), call["result"]["total"]) == (20, 30)
    assert set(call["result"]["tasks"][0]) == {"id", "title", "completed"}
    assert "task 30" in reply["response"]
    kept = await ann.call("GET", f"/api/conversations/{reply['conversation_id']}")
    assert kept.json()["messages"][-1]["tool_calls"] == [call]
    assert "ipsum" not in kept.text
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT count(*) FROM tool_effects").fetchone()
    assert rows == (0,), "nobody goes on with a turn that is done"


async def test_an_export_of_many_pages_is_whole(
    client: httpx.AsyncClient, database_url: str
) -> None:
    ann = await register(client)
    add_by_sql(database_url, ann, 450)
    talk = begin(database_url, ann, "long")
    for number in range(201):
        say_by_sql(database_url, talk, "user", f"{number}")
    gone = (await ann.call("POST", "/tasks/", {"title": "gone"})).json()["id"]
    await ann.call("DELETE", f"/tasks/{gone}")
    export = json.loads((await ann.call("GET", "/api/account/export")).text)
    assert [task["title"] for task in export["tasks"]] == [f"task {n}" for n in range(1, 451)]
    assert [row["task"]["title"] for row in export["deleted_tasks"]] == ["gone"]
    (conversation,) = export["conversations"]
    assert [m["content"] for m in conversation["messages"]] == [f"{n}" for n in range(201)]
    assert len(export["sign_ins"]) == 1
