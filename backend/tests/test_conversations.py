"""Conversations: listing, reading, renaming, deleting. What puts messages in is the chat's own."""

from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.people import Person, register

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ann(client: httpx.AsyncClient) -> Person:
    return await register(client, "ann@example.com")


def begin(url: str, owner: Person, title: str = "", minutes_ago: int = 0) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "INSERT INTO conversations (user_id, title, updated_at)"
            " VALUES (%s, %s, now() - make_interval(mins => %s)) RETURNING id",
            (owner.user_id, title, minutes_ago),
        ).fetchone()
    assert row
    return int(row[0])


def say(url: str, conversation: int, role: str, content: str, tool_calls: object = ()) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO messages (conversation_id, role, content, tool_calls)"
            " VALUES (%s, %s, %s, %s)",
            (conversation, role, content, Jsonb(tool_calls)),
        )


def ask_first(url: str, owner: Person, conversation: int, expires: str = "5 min") -> str:
    turn, confirmation = uuid4(), uuid4()
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO turns (conversation_id, id, user_id, request_hash, holder)"
            " VALUES (%s, %s, %s, '', %s)",
            (conversation, turn, owner.user_id, uuid4()),
        )
        connection.execute(
            "INSERT INTO confirmations"
            " (id, conversation_id, turn_id, tool, arguments, prompt, expires_at)"
            " VALUES (%s, %s, %s, 'delete_task', %s, 'Delete “Milk”?', now() + %s::interval)",
            (confirmation, conversation, turn, Jsonb({"task_id": 7}), expires),
        )
    return str(confirmation)


async def test_the_one_that_was_spoken_in_last_comes_first(ann: Person, database_url: str) -> None:
    for number, minutes_ago in enumerate((30, 10, 20)):
        begin(database_url, ann, f"talk {number}", minutes_ago)
    everything = await ann.call("GET", "/api/conversations")
    assert [one["title"] for one in everything.json()] == ["talk 1", "talk 2", "talk 0"]
    assert set(everything.json()[0]) == {"id", "title", "created_at", "updated_at"}
    page = await ann.call("GET", "/api/conversations", limit="1", offset="1")
    assert [one["title"] for one in page.json()] == ["talk 2"]
    assert page.headers["X-Total-Count"] == everything.headers["X-Total-Count"] == "3"
    for query in ({"limit": "0"}, {"limit": "501"}, {"offset": "-1"}):
        assert (await ann.call("GET", "/api/conversations", **query)).status_code == 422


async def test_a_conversation_shows_what_was_said_in_order(ann: Person, database_url: str) -> None:
    talk = begin(database_url, ann, "Shopping")
    call = {
        "id": "c1",
        "name": "add_task",
        "arguments": {"title": "Milk"},
        "result": {"task_id": 1},
    }
    say(database_url, talk, "user", "Add milk")
    say(database_url, talk, "system", "a note of an earlier application")
    say(database_url, talk, "assistant", "Done.", [call])
    read = (await ann.call("GET", f"/api/conversations/{talk}")).json()
    assert (read["title"], read["pending_confirmation"]) == ("Shopping", None)
    said = [(message["role"], message["content"]) for message in read["messages"]]
    assert said == [("user", "Add milk"), ("assistant", "Done.")]
    assert read["messages"][1]["tool_calls"] == [
        {**call, "tool": "add_task", "error": None, "count": None}
    ]
    assert read["messages"][1]["status"] == "done"
    assert read["messages"][1]["turn_id"] is None


@pytest.mark.parametrize(
    ("kept", "name", "arguments", "result"),
    [
        (
            [{"name": "add_task", "arguments": {"title": "x"}, "result": 1}],
            "add_task",
            {"title": "x"},
            1,
        ),
        ([{"tool": "add_task", "arguments": '{"title": "x"}'}], "add_task", {"title": "x"}, None),
        ([{"tool": "add_task", "arguments": "no JSON"}], "add_task", {"text": "no JSON"}, None),
        (["add_task"], "add_task", {}, None),
        ([{}], "unknown", {}, None),
        ([{"name": "add_task", "arguments": [1]}], "add_task", {"value": [1]}, None),
    ],
)
async def test_tool_calls_of_earlier_applications_are_read(
    ann: Person,
    database_url: str,
    kept: object,
    name: str,
    arguments: object,
    result: object,
) -> None:
    talk = begin(database_url, ann)
    say(database_url, talk, "assistant", "", kept)
    say(database_url, talk, "assistant", "", {"no": "list"})
    read = (await ann.call("GET", f"/api/conversations/{talk}")).json()["messages"]
    call = read[0]["tool_calls"][0]
    assert (call["id"], call["name"], call["tool"]) == ("call_1", name, name)
    assert (call["arguments"], call["result"]) == (arguments, result)
    assert read[1]["tool_calls"] == []


async def test_what_waits_for_a_yes_is_shown_until_it_is_answered_or_expires(
    ann: Person, database_url: str
) -> None:
    talk = begin(database_url, ann)
    ask_first(database_url, ann, talk, "-1 s")
    path = f"/api/conversations/{talk}"
    assert (await ann.call("GET", path)).json()["pending_confirmation"] is None
    waiting = ask_first(database_url, ann, talk)
    pending = (await ann.call("GET", path)).json()["pending_confirmation"]
    assert (pending["id"], pending["tool"]) == (waiting, "delete_task")
    assert (pending["arguments"], pending["prompt"]) == ({"task_id": 7}, "Delete “Milk”?")
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE confirmations SET answered_at = now()")
    assert (await ann.call("GET", path)).json()["pending_confirmation"] is None


async def test_renaming_keeps_the_place_in_the_list(ann: Person, database_url: str) -> None:
    old, new = begin(database_url, ann, "old", 5), begin(database_url, ann, "new")
    renamed = await ann.call("PATCH", f"/api/conversations/{old}/title", {"title": " Renamed "})
    assert (renamed.status_code, renamed.json()["title"]) == (200, "Renamed")
    listed = (await ann.call("GET", "/api/conversations")).json()
    assert [one["id"] for one in listed] == [new, old]
    assert listed[1] == renamed.json()
    for title in ("", "  ", "x" * 201, None, 7):
        path = f"/api/conversations/{old}/title"
        assert (await ann.call("PATCH", path, {"title": title})).status_code == 422, title


async def test_deleting_takes_everything_in_it_and_no_task(ann: Person, database_url: str) -> None:
    talk, other = begin(database_url, ann), begin(database_url, ann)
    say(database_url, talk, "user", "Add milk")
    ask_first(database_url, ann, talk)
    await ann.call("POST", "/tasks/", {"title": "Milk"})
    assert (await ann.call("DELETE", f"/api/conversations/{talk}")).status_code == 204
    for method, path in (("GET", ""), ("DELETE", "")):
        reply = await ann.call(method, f"/api/conversations/{talk}{path}")
        assert reply.status_code == 404
        assert reply.json() == {"detail": "There is no such conversation."}
    listed = (await ann.call("GET", "/api/conversations")).json()
    assert [one["id"] for one in listed] == [other]
    assert len((await ann.call("GET", "/tasks/")).json()) == 1
    with psycopg.connect(database_url) as connection:
        for table in ("messages", "turns", "confirmations"):
            query = f"SELECT count(*) FROM {table}"  # noqa: S608 - names of ours
            assert connection.execute(query.encode()).fetchone() == (0,), table
