"""The chat's contract, with the assistant that needs no model."""

import asyncio
from uuid import uuid4

import psycopg
import pytest

from tests.chatting import say, stream, titles
from tests.conftest import Start
from tests.people import Person, register

pytestmark = pytest.mark.anyio


@pytest.fixture
async def person(start: Start) -> Person:
    return await register(await start(chat_turns_per_minute=1000))


async def test_an_answer_has_the_shapes_that_clients_know(person: Person) -> None:
    reply = await person.call("POST", "/api/{me}/chat", {"message": "Add buy milk"})
    assert reply.status_code == 200
    body = reply.json()
    assert body["response"] == body["content"] == body["message"]["content"]
    assert "Added “Buy milk”" in body["response"]
    assert body["message_id"] == body["message"]["id"]
    assert body["message"]["role"] == "assistant"
    assert body["message"]["turn_id"] == body["turn_id"]
    (call,) = body["tool_calls"]
    assert (call["name"], call["tool"], call["error"]) == ("add_task", "add_task", None)
    assert call["arguments"] == {"title": "Buy milk"}
    assert call["result"]["status"] == "created"
    assert body["message"]["tool_calls"] == body["tool_calls"]
    assert body["confirmation"] is None
    kept = (await person.call("GET", f"/api/conversations/{body['conversation_id']}")).json()
    assert kept["title"] == "Add buy milk"
    assert kept["messages"][1] == body["message"]


async def test_events_come_in_their_order_and_are_not_held_back(person: Person) -> None:
    reply = await person.client.post(
        "/api/chat",
        json={"message": "Add buy milk"},
        headers={**person.headers, "Accept": "text/event-stream"},
    )
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.headers["cache-control"] == "no-cache, no-transform"
    heard = await stream(person, "Add buy bread")
    assert [name for name in heard.names if name != "delta"] == [
        "conversation",
        "tool_start",
        "tool_end",
        "done",
    ]
    assert heard.text == heard.done["response"]


async def test_a_turn_that_is_sent_again_gives_its_answer_again(person: Person) -> None:
    turn = str(uuid4())
    first = await say(person, "Add buy milk", turn_id=turn)
    again = await say(person, "Add buy milk", turn_id=turn)
    assert again.json() == first.json()
    streamed = await stream(person, "Add buy milk", turn_id=turn)
    assert streamed.done == first.json()
    assert streamed.text == first.json()["response"]
    assert await titles(person) == ["Buy milk"]
    other = await say(person, "Add buy bread", turn_id=turn)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


async def test_the_same_turn_many_times_at_once_acts_once(person: Person, start: Start) -> None:
    turn = str(uuid4())
    elsewhere = await start()
    pods = [person, Person(elsewhere, person.email, person.user_id, person.token)]
    replies = await asyncio.gather(
        *(say(pods[i % 2], "Add buy milk", turn_id=turn) for i in range(8))
    )
    codes = {reply.status_code for reply in replies}
    assert codes <= {200, 409}
    for reply in replies:
        if reply.status_code == 409:
            assert reply.json()["code"] == "turn_in_progress"
            assert reply.headers["retry-after"]
    assert await titles(person) == ["Buy milk"]
    said = (await person.call("GET", "/api/conversations")).json()
    assert len(said) == 1


async def test_turns_are_limited_for_each_user_over_all_pods(start: Start) -> None:
    clients = [await start(chat_turns_per_minute=3) for _ in range(2)]
    person = await register(clients[0])
    elsewhere = Person(clients[1], person.email, person.user_id, person.token)
    for pod in (person, elsewhere, person):
        assert (await say(pod, "hello")).status_code == 200
    refused = await say(elsewhere, "hello")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    other = await register(clients[1])
    assert (await say(other, "hello")).status_code == 200


@pytest.mark.parametrize(
    "answer",
    ["yes", "Yes, please!", "OK", "delete it", "yes please delete it now", "yep do it"],
)
async def test_yes_deletes(person: Person, answer: str) -> None:
    await say(person, "add buy milk")
    asked = (await say(person, "delete buy milk")).json()
    assert asked["confirmation"]["tool"] == "delete_task"
    assert asked["confirmation"]["prompt"] in asked["response"]
    assert await titles(person) == ["Buy milk"]
    done = (await say(person, answer, conversation_id=asked["conversation_id"])).json()
    assert [call["name"] for call in done["tool_calls"]] == ["delete_task"]
    assert await titles(person) == []


@pytest.mark.parametrize(
    "answer",
    ["no", "No, keep it.", "cancel", "what's pending?", "yes, but not now", "No! Keep it"],
)
async def test_anything_else_does_not(person: Person, answer: str) -> None:
    await say(person, "add buy milk")
    asked = (await say(person, "delete buy milk")).json()
    conversation = asked["conversation_id"]
    await say(person, answer, conversation_id=conversation)
    late = (await say(person, "yes", conversation_id=conversation)).json()
    assert late["tool_calls"] == []
    confirm = {"id": asked["confirmation"]["id"], "approve": True}
    refused = await person.call("POST", "/api/chat", {"confirm": confirm})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert await titles(person) == ["Buy milk"]


async def test_the_answer_by_button_works_once_and_again_gives_the_same(person: Person) -> None:
    await say(person, "add buy milk")
    asked = (await say(person, "delete buy milk")).json()
    kept = (await person.call("GET", f"/api/conversations/{asked['conversation_id']}")).json()
    assert kept["pending_confirmation"] == asked["confirmation"]
    body = {
        "confirm": {"id": asked["confirmation"]["id"], "approve": True},
        "turn_id": str(uuid4()),
    }
    first = await person.call("POST", "/api/{me}/chat", body)
    assert first.json()["response"] == "Deleted “Buy milk”."
    assert (await person.call("POST", "/api/{me}/chat", body)).json() == first.json()
    assert await titles(person) == []
    kept = (await person.call("GET", f"/api/conversations/{asked['conversation_id']}")).json()
    assert kept["pending_confirmation"] is None
    assert [message["content"] for message in kept["messages"] if message["role"] == "user"] == [
        "delete buy milk",
        "Yes",
    ]


async def test_a_button_and_words_that_contradict_it_are_refused(person: Person) -> None:
    await say(person, "add buy milk")
    asked = (await say(person, "delete buy milk")).json()
    for approve, words in ((True, "No! Keep it!"), (False, "yes, delete it")):
        confirm = {"id": asked["confirmation"]["id"], "approve": approve}
        refused = await say(person, words, confirm=confirm)
        assert refused.status_code == 422
        assert "contradict" in refused.text
    assert await titles(person) == ["Buy milk"]
    # The question still stands.
    confirm = {"id": asked["confirmation"]["id"], "approve": True}
    assert (await say(person, "Yes", confirm=confirm)).status_code == 200
    assert await titles(person) == []


async def test_a_question_expires(person: Person, database_url: str) -> None:
    await say(person, "add buy milk")
    asked = (await say(person, "delete buy milk")).json()
    with psycopg.connect(database_url, autocommit=True) as connection:
        stands = connection.execute(
            "UPDATE confirmations SET expires_at = expires_at - interval '10 minutes' "
            "RETURNING expires_at - created_at"
        ).fetchone()
    assert stands is not None
    assert stands[0].total_seconds() < 1
    confirm = {"id": asked["confirmation"]["id"], "approve": True}
    assert (await person.call("POST", "/api/chat", {"confirm": confirm})).status_code == 409
    late = (await say(person, "yes", conversation_id=asked["conversation_id"])).json()
    assert late["tool_calls"] == []
    assert await titles(person) == ["Buy milk"]


async def test_nobody_reaches_another_users_conversation(person: Person) -> None:
    other = await register(person.client)
    await say(person, "add buy milk")
    asked = (await say(person, "delete buy milk")).json()
    conversation = asked["conversation_id"]
    for body, status in (
        ({"message": "hello", "conversation_id": conversation}, 404),
        ({"message": "yes", "conversation_id": conversation}, 404),
        ({"confirm": {"id": asked["confirmation"]["id"], "approve": True}}, 404),
    ):
        assert (await other.call("POST", "/api/chat", body)).status_code == status
    path = f"/api/{person.user_id}/chat"
    assert (await other.call("POST", path, {"message": "hello"})).status_code == 403
    # Somebody else's turn id is as good as any.
    own = await other.call("POST", "/api/chat", {"message": "hi", "turn_id": asked["turn_id"]})
    assert own.status_code == 200
    assert own.json()["conversation_id"] != conversation
    assert await titles(person) == ["Buy milk"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": "   "},
        {"message": "x" * 4001},
        {"message": "nul\x00"},
        {"message": "hi", "turn_id": "1"},
        {"message": "hi", "conversation_id": 0},
        {"confirm": {"id": "x", "approve": True}},
        {"confirm": {"id": str(uuid4()), "approve": "yes"}},
    ],
)
async def test_what_makes_no_sense_is_refused(person: Person, body: object) -> None:
    assert (await person.call("POST", "/api/chat", body)).status_code == 422


async def test_the_chat_needs_a_token(person: Person) -> None:
    reply = await person.client.post("/api/chat", json={"message": "hi"})
    assert reply.status_code == 401
    health = (await person.client.get("/api/chat/health")).json()
    assert health == {"status": "ok", "assistant": "offline", "model": None}
