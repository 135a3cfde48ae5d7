"""The assistant with a language model: a fake one, over real HTTP, in both forms of the API."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.chatting import say, stream, titles
from tests.conftest import Start
from tests.fake_openai import FakeOpenAI, running
from tests.people import Person, register

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def model() -> Iterator[tuple[FakeOpenAI, str]]:
    with running() as server:
        yield server


@pytest.fixture(params=["responses", "chat_completions"])
def api_mode(request: pytest.FixtureRequest) -> Literal["responses", "chat_completions"]:
    mode: Literal["responses", "chat_completions"] = request.param
    return mode


@pytest.fixture
async def person(start: Start, model: tuple[FakeOpenAI, str], api_mode: str) -> Person:
    fake, url = model
    fake.forget()
    return await register(
        await start(
            openai_api_key="sk-test",
            openai_base_url=url,
            openai_api_mode=api_mode,
            openai_agent_model="fake",
            chat_turns_per_minute=1000,
            chat_timeout_seconds=20,
        )
    )


async def test_a_turn_of_several_rounds_streams_what_it_does(person: Person) -> None:
    heard = await stream(
        person,
        'call add_task {"title": "Buy milk"} & call add_task {"title": "Buy bread"}\n'
        "call list_tasks {}\n"
        "say Both are on your list.",
    )
    assert heard.names[0] == "conversation"
    assert heard.all("conversation")[0]["assistant"] == "openai"
    assert heard.text == "Both are on your list."
    assert heard.names.count("delta") > 1
    starts, ends = heard.all("tool_start"), heard.all("tool_end")
    assert [start["name"] for start in starts] == ["add_task", "add_task", "list_tasks"]
    assert [end["id"] for end in ends] == [start["id"] for start in starts]
    done = heard.done
    assert [call["arguments"] for call in done["tool_calls"]] == [
        {"title": "Buy milk"},
        {"title": "Buy bread"},
        {"limit": 50},
    ]
    assert {task["title"] for task in done["tool_calls"][2]["result"]["tasks"]} == {
        "Buy milk",
        "Buy bread",
    }
    assert done["response"] == done["content"] == done["message"]["content"] == heard.text
    assert await titles(person) == ["Buy bread", "Buy milk"]


@pytest.mark.parametrize(
    ("script", "title"),
    [
        ('call add_task {"title": "Buy milk"}\nsay Bad <NUL> text.', "Buy milk"),
        ('call add_task {"title": "Buy milk"}\nsay Bad <LONE> text.', "Buy milk"),
        ('call add_task {"title": "Buy\\u0000milk"}\nsay Bad � text.', "Buy�milk"),
    ],
    ids=["NUL said", "surrogate said", "NUL given"],
)
async def test_what_cannot_be_kept_is_replaced_and_the_turn_ends(
    person: Person, script: str, title: str
) -> None:
    heard = await stream(person, script)
    assert heard.done["response"] == heard.text == "Bad � text."
    assert [call["arguments"] for call in heard.done["tool_calls"]] == [{"title": title}]
    assert await titles(person) == [title]
    path = f"/api/conversations/{heard.done['conversation_id']}"
    kept = (await person.call("GET", path)).json()["messages"][-1]
    assert (kept["status"], kept["content"]) == ("done", "Bad � text.")


@pytest.mark.parametrize(
    "unreadable", ['{"title": "\\ud800"}', '{"\\ud800": "x"}', "[" * 1500 + "]" * 1500]
)
async def test_a_call_that_the_sdk_cannot_read_ends_the_turn_with_what_was_done(
    person: Person, unreadable: str
) -> None:
    script = f'call add_task {{"title": "Buy milk"}}\ncall add_task {unreadable}\nsay Done.'
    heard = await stream(person, script)
    assert heard.error["code"] == "model_unavailable"
    conversation = heard.all("conversation")[0]["conversation_id"]
    kept = (await person.call("GET", f"/api/conversations/{conversation}")).json()["messages"][-1]
    assert (kept["role"], kept["status"]) == ("assistant", "failed")
    assert [call["arguments"] for call in kept["tool_calls"]] == [{"title": "Buy milk"}]
    more = await stream(person, "say Hello again.", conversation_id=conversation)
    assert more.done["response"] == "Hello again."


@pytest.mark.parametrize(
    "call",
    [
        'add_task {"title": NaN}',
        'add_task {"title": Infinity}',
        'search_tasks {"query": "\\u0000"}',
        'add_task {"title": ' + "9" * 3000 + "}",
    ],
)
async def test_arguments_that_make_no_sense_are_the_models_to_mend(
    person: Person, call: str
) -> None:
    heard = await stream(person, f"call {call}\nsay I could not do that.")
    assert heard.done["response"] == "I could not do that."
    assert await titles(person) == []


async def test_what_was_done_is_recorded_even_where_the_answer_cannot_be(
    person: Person, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE messages ADD CHECK (role = 'user' OR content <> 'Bought.')")
    heard = await stream(person, 'call add_task {"title": "Buy milk"}\nsay Bought.')
    assert heard.error["code"] == "internal"
    assert await titles(person) == ["Buy milk"]
    conversation = heard.all("conversation")[0]["conversation_id"]
    kept = (await person.call("GET", f"/api/conversations/{conversation}")).json()["messages"][-1]
    assert (kept["role"], kept["status"]) == ("assistant", "failed")
    assert [call["name"] for call in kept["tool_calls"]] == ["add_task"]
    more = await stream(person, "say Hello again.", conversation_id=conversation)
    assert more.done["response"] == "Hello again."


async def test_the_model_is_asked_within_bounds_and_without_a_user_id(
    person: Person, model: tuple[FakeOpenAI, str], api_mode: str
) -> None:
    await say(person, "say Hello.")
    asked = model[0].requests[-1]
    limit = "max_output_tokens" if api_mode == "responses" else "max_tokens"
    assert asked[limit] == 1024
    assert asked["stream"] is True
    tools = [tool.get("function", tool) for tool in asked["tools"]]
    assert {tool["name"] for tool in tools} == {
        *("add_task", "list_tasks", "complete_task", "delete_task"),
        *("update_task", "get_task", "search_tasks", "restore_task"),
    }
    assert not [tool for tool in tools if "user_id" in tool["parameters"]["properties"]]


async def test_it_remembers_the_conversation_from_the_database(
    person: Person, start: Start, model: tuple[FakeOpenAI, str], api_mode: str
) -> None:
    first = (await say(person, 'call add_task {"title": "Buy milk"}\nsay Added.')).json()
    # Another pod.
    other = await start(
        openai_api_key="sk-test", openai_base_url=model[1], openai_api_mode=api_mode
    )
    elsewhere = Person(other, person.email, person.user_id, person.token)
    await say(elsewhere, "say As I said.", conversation_id=first["conversation_id"])
    shown = str(model[0].requests[-1])
    for word in ("Buy milk", "Added.", "add_task", "created"):
        assert word in shown
    said = (await person.call("GET", f"/api/conversations/{first['conversation_id']}")).json()
    assert [message["role"] for message in said["messages"]] == ["user", "assistant"] * 2
    assert said["messages"][1]["tool_calls"][0]["name"] == "add_task"


async def test_a_passing_failure_is_not_seen(person: Person, model: tuple[FakeOpenAI, str]) -> None:
    heard = await stream(person, 'call add_task {"title": "Once"}\nfail 429 2\nsay Fine.')
    assert heard.done["response"] == "Fine."
    heard = await stream(person, "fail 500 1\nsay Fine again.")
    assert heard.done["response"] == "Fine again."
    assert await titles(person) == ["Once"]
    assert len(model[0].requests) == 2 + 2 + 1 + 1


@pytest.mark.parametrize(
    ("script", "code", "status", "retryable"),
    [
        ("refuse-key", "model_key_refused", 502, False),
        ("fail 500 99", "model_unavailable", 503, True),
        ("fail 429 99", "model_rate_limited", 429, True),
        ("fail 404 99", "model_unavailable", 503, False),
        ("garbage", "model_unavailable", 503, True),
        ("break\nsay Half of this is heard.", "model_unavailable", 503, True),
        ("say", "model_unavailable", 503, True),
    ],
)
async def test_a_failing_model_is_told_of_plainly(
    person: Person, script: str, code: str, status: int, *, retryable: bool
) -> None:
    heard = await stream(person, f"{script}\n")
    assert (heard.error["code"], heard.error["retryable"]) == (code, retryable)
    detail = heard.error["detail"]
    assert detail.endswith((".", "AGENT_MODEL.", "KEY."))
    for inner in ("Traceback", "openai", "sk-test", "127.0.0.1", "Told to fail"):
        assert inner not in detail
    plain = await say(person, f"{script}\nsay something else")
    if not script.startswith(("break", "say")):
        assert (plain.status_code, plain.json()["code"]) == (status, code)
    conversation = heard.all("conversation")[0]["conversation_id"]
    said = (await person.call("GET", f"/api/conversations/{conversation}")).json()["messages"]
    assert [message["status"] for message in said] == ["done", "failed"]


async def test_a_model_that_is_not_there(start: Start) -> None:
    client = await start(
        openai_api_key="sk-test", openai_base_url="http://127.0.0.1:9/v1", chat_timeout_seconds=20
    )
    person = await register(client)
    reply = await say(person, "Hello")
    assert (reply.status_code, reply.json()["code"]) == (503, "model_unavailable")
    assert reply.headers["retry-after"]
    # Everything else works.
    assert (await person.call("POST", "/tasks/", {"title": "By hand"})).status_code == 201
    health = (await client.get("/api/chat/health")).json()
    assert health == {"status": "ok", "assistant": "openai", "model": "gpt-4o"}


async def test_a_slow_model_is_given_up_and_what_it_did_is_kept(
    start: Start, model: tuple[FakeOpenAI, str]
) -> None:
    client = await start(openai_api_key="sk-test", openai_base_url=model[1], chat_timeout_seconds=2)
    person = await register(client)
    heard = await stream(person, 'call add_task {"title": "Kept"}\nslow 3\nsay Too late.')
    assert heard.error["code"] == "too_slow"
    assert await titles(person) == ["Kept"]
    assert (await say(person, "hang")).status_code == 504


async def test_a_model_without_an_end_is_stopped(
    start: Start, model: tuple[FakeOpenAI, str]
) -> None:
    client = await start(openai_api_key="sk-test", openai_base_url=model[1], chat_max_turns=3)
    person = await register(client)
    heard = await stream(person, "call list_tasks {}\n" * 8)
    assert heard.error["code"] == "too_many_steps"


async def test_a_turn_that_failed_goes_on_without_doing_anything_again(person: Person) -> None:
    turn = str(uuid4())
    # Each request of the SDK is tried four times: the fifth failure is the next turn's first.
    script = 'call add_task {"title": "Only once"}\nsay Done.'
    first = await stream(person, f"{script}\nbreak", turn_id=turn)
    assert first.error["code"] == "model_unavailable"
    assert await titles(person) == ["Only once"]
    again = await stream(person, f"{script}\nbreak", turn_id=turn)
    assert again.error["code"] == "model_unavailable"
    assert [call["name"] for call in again.all("tool_start")] == ["add_task"]
    assert await titles(person) == ["Only once"]


async def test_what_the_model_gets_wrong_is_told_to_the_model(person: Person) -> None:
    heard = await stream(
        person,
        'call add_task {"titel": "x"}\ncall get_task {"task_id": 999}\n'
        "call add_task no json\nsay I gave up.",
    )
    errors = [end["error"] for end in heard.all("tool_end")]
    assert errors == [
        "The argument title is missing. There is no argument titel.",
        "There is no such task.",
    ]
    assert heard.done["response"] == "I gave up."


async def test_deleting_asks_first_and_any_pod_takes_the_answer(
    person: Person, start: Start, model: tuple[FakeOpenAI, str], api_mode: str
) -> None:
    task = (await person.call("POST", "/tasks/", {"title": "Old"})).json()["id"]
    delete = f'call delete_task {{"task_id": {task}}}'
    asked = await stream(person, delete)
    question = asked.all("confirm")[0]
    assert question["prompt"] == "Delete “Old”? Yes or no."
    assert asked.done["confirmation"] == question
    assert asked.done["response"] == question["prompt"]
    assert [call["name"] for call in asked.done["tool_calls"]] == ["get_task"]
    assert await titles(person) == ["Old"]

    other = await start(
        openai_api_key="sk-test", openai_base_url=model[1], openai_api_mode=api_mode
    )
    elsewhere = Person(other, person.email, person.user_id, person.token)
    answer = await stream(elsewhere, confirm={"id": question["id"], "approve": True})
    assert [call["name"] for call in answer.all("tool_start")] == ["delete_task"]
    assert answer.done["tool_calls"][0]["result"]["status"] == "deleted"
    assert answer.done["response"]
    assert await titles(person) == []


async def test_a_deletion_that_was_approved_needs_no_model_to_be_told_of(
    start: Start, model: tuple[FakeOpenAI, str], person: Person
) -> None:
    task = (await person.call("POST", "/tasks/", {"title": "Old"})).json()["id"]
    asked = await stream(person, f'call delete_task {{"task_id": {task}}}')
    down = await start(openai_api_key="sk-test", openai_base_url="http://127.0.0.1:9/v1")
    there = Person(down, person.email, person.user_id, person.token)
    conversation = asked.done["conversation_id"]
    answer = (await say(there, "yes please", conversation_id=conversation)).json()
    assert answer["response"] == "Deleted “Old”."
    assert model[0].requests
    assert await titles(person) == []


@pytest.mark.parametrize(
    ("script", "code", "status", "says"),
    [
        ("error 400 context_length_exceeded", "too_long", 413, "Begin a new one"),
        (
            "error 400 x This model's maximum context length is 8192 tokens",
            "too_long",
            413,
            "Begin a new one",
        ),
        ("error 400 x Your prompt is too long: 210000 tokens", "too_long", 413, "too long"),
        ("error 429 insufficient_quota", "model_out_of_quota", 503, "no credit left"),
        ("report insufficient_quota", "model_out_of_quota", 503, "no credit left"),
        ("report context_length_exceeded", "too_long", 413, "too long"),
    ],
)
async def test_what_no_repetition_mends_is_said_as_what_it_is(
    person: Person, script: str, code: str, status: int, says: str
) -> None:
    heard = await stream(person, f"{script}\n")
    assert (heard.error["code"], heard.error["retryable"]) == (code, False)
    assert says in heard.error["detail"]
    assert "OPENAI_BASE_URL" not in heard.error["detail"]
    plain = await say(person, f"{script}\nsay something else")
    assert (plain.status_code, plain.json()["code"]) == (status, code)


async def test_an_answer_that_was_cut_off_says_so(person: Person) -> None:
    heard = await stream(person, "cut\nsay First this, then")
    assert heard.done["response"] == heard.text
    assert heard.text.startswith("First this, then")
    assert "cut off" in heard.text
    silent = await stream(person, "cut\nsay")
    assert silent.error["code"] == "cut_off"
    assert "CHAT_MAX_OUTPUT_TOKENS" in silent.error["detail"]
    whole = await stream(person, "say All of it.")
    assert whole.text == "All of it."


async def test_a_tool_that_there_is_not_is_the_models_to_correct(
    person: Person, model: tuple[FakeOpenAI, str]
) -> None:
    heard = await stream(
        person,
        'call remove_everything {}\ncall add_task {"title": "Buy milk"}\nsay Now it is there.',
    )
    assert heard.done["response"] == "Now it is there."
    assert await titles(person) == ["Buy milk"]
    shown = str(model[0].requests[-1])
    assert "There is no tool remove_everything. There are: add_task," in shown


async def test_nothing_is_kept_at_openai(
    person: Person, model: tuple[FakeOpenAI, str], api_mode: str
) -> None:
    await say(person, 'call add_task {"title": "Buy milk"}\nsay Done.')
    for asked in model[0].requests:
        # Other servers know no such field in Chat Completions, and it is not their default.
        assert asked.get("store") is (False if api_mode == "responses" else None)
        for item in asked.get("input", []):
            assert "id" not in item


async def test_lists_are_short_for_the_model_and_for_the_record(
    person: Person, model: tuple[FakeOpenAI, str]
) -> None:
    long = "a very long description " * 20
    headers = person.headers | {"X-Time-Zone": "Europe/Berlin"}
    for number in range(60):
        body = {"title": f"task {number}", "description": long, "due_at": "2026-11-27T16:00:00Z"}
        await person.client.post("/tasks/", headers=headers, json=body)
    await person.call("PUT", "/tasks/60", {"due_date": "2026-11-28", "priority": "high"})
    heard = await stream(person, 'call list_tasks {}\ncall get_task {"task_id": 60}\nsay Seen.')
    page = heard.done["tool_calls"][0]["result"]
    # The record keeps the first of them, and how many there were.
    assert (len(page["tasks"]), page["total"], page["next_offset"]) == (20, 60, 50)
    shown = model[0].requests[-1]
    items = shown.get("input") or shown["messages"]
    listed, got = (
        json.loads(item.get("output") or item["content"])
        for item in items
        if item.get("type") == "function_call_output" or item.get("role") == "tool"
    )
    assert len(json.dumps(listed)) < 6_000
    assert listed["tasks"][:2] == [
        {"id": 60, "title": "task 59", "due": "2026-11-28", "priority": "high", "done": False},
        {
            "id": 59,
            "title": "task 58",
            "due": "2026-11-27T17:00+01:00",
            "priority": "medium",
            "done": False,
        },
    ]
    assert (listed["total"], listed["next_offset"]) == (60, 50)
    assert got["description"] == long
    # In the turns that follow too; a description is not kept with them, get_task gives it again.
    await say(person, "say Hello.", conversation_id=heard.done["conversation_id"])
    again = str(model[0].requests[-1])
    assert "task 59" in again
    assert long not in again


@pytest.mark.parametrize(
    "zone", ["Pacific/Auckland", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata"]
)
async def test_the_model_knows_what_day_it_is_where_the_user_is(
    person: Person, model: tuple[FakeOpenAI, str], zone: str
) -> None:
    before = datetime.now(ZoneInfo(zone)).date()
    reply = await person.client.post(
        "/api/chat",
        headers=person.headers | {"X-Time-Zone": zone},
        json={"message": 'call add_task {"title": "x", "due_at": "2026-11-27T17:00"}\nsay Done.'},
    )
    assert reply.status_code == 200
    shown = json.dumps(model[0].requests[0])
    assert f"({zone})" in shown
    after = datetime.now(ZoneInfo(zone)).date()
    assert any(f"{day:%A}, {day}" in shown for day in (before, after))
    local = datetime(2026, 11, 27, 17, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    made = reply.json()["tool_calls"][0]["result"]["task"]
    assert made["due_at"] == local.strftime("%Y-%m-%dT%H:%M:%SZ")
