"""The offline assistant, as a user meets it."""

from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest

from app.assistant import turn
from tests.chatting import WRITES, Json, say, titles
from tests.conftest import Start
from tests.people import Person, register
from tests.phrasings import NOW, PHRASINGS, TASKS, Said

pytestmark = pytest.mark.anyio
# What DESIGN asks for.
RIGHT = 0.95


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands at the phrasings' NOW."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
            return NOW

    monkeypatch.setattr(turn, "datetime", Clock)
    return iter([None])


@pytest.fixture
async def person(start: Start) -> Person:
    return await register(await start(chat_turns_per_minute=10_000))


def put_tasks(database_url: str, user_id: str) -> None:
    """Exactly TASKS, with their numbers."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM tasks")
        for task in TASKS:
            connection.execute(
                "INSERT INTO tasks (id, user_id, title, completed) VALUES (%s, %s, %s, %s)",
                (task[0], user_id, *task[1:]),
            )
        connection.execute("SELECT setval('tasks_id_seq', 1000)")


def _plain(arguments: Json) -> Json:
    return {
        key: value.casefold() if key in ("title", "query") else value
        for key, value in arguments.items()
    }


def is_right(said: Said, body: Json) -> bool:
    calls = [(call["tool"], call["arguments"]) for call in body["tool_calls"]]
    question = body["confirmation"]
    if question is not None:
        calls.append((question["tool"], question["arguments"]))
    writes = [call for call in calls if call[0] in WRITES]
    if said.tool is None:
        return not writes
    wanted = (said.tool, _plain(said.arguments))
    if said.tool in WRITES:
        return [(tool, _plain(arguments)) for tool, arguments in writes] == [wanted]
    return not writes and bool(calls) and (calls[-1][0], _plain(calls[-1][1])) == wanted


@pytest.mark.usefixtures("monday")
async def test_it_understands_what_people_say(person: Person, database_url: str) -> None:
    wrong = []
    for said in PHRASINGS:
        put_tasks(database_url, person.user_id)
        body = (await say(person, said.text)).json()
        if not is_right(said, body):
            calls = [(call["tool"], call["arguments"]) for call in body["tool_calls"]]
            wrong.append(f"{said.text!r}: {calls} {body['confirmation']}")
    right = len(PHRASINGS) - len(wrong)
    assert len(PHRASINGS) >= 150
    assert right >= RIGHT * len(PHRASINGS), f"{right} of {len(PHRASINGS)}:\n" + "\n".join(wrong)


async def test_it_says_what_it_is_once_in_a_conversation(person: Person) -> None:
    first = (await say(person, "Add buy milk")).json()
    assert "offline assistant" in first["response"]
    assert first["assistant"] == "offline"
    more = (await say(person, "what's pending?", conversation_id=first["conversation_id"])).json()
    assert "offline assistant" not in more["response"]
    assert "Buy milk" in more["response"]


async def test_it_takes_the_answer_to_its_question(person: Person) -> None:
    for title in ("Buy milk", "Buy bread"):
        await say(person, f"add {title}")
    asked = (await say(person, "complete buy")).json()
    assert "Which one" in asked["response"]
    done = (await say(person, "the bread", conversation_id=asked["conversation_id"])).json()
    assert [call["tool"] for call in done["tool_calls"]] == ["list_tasks", "complete_task"]
    pending = (await say(person, "show pending tasks")).json()
    assert "Buy milk" in pending["response"]
    assert "Buy bread" not in pending["response"]


async def test_a_page_of_text_is_no_order(person: Person) -> None:
    body = (await say(person, "add " + "very long " * 390)).json()
    assert body["tool_calls"] == []
    assert await titles(person) == []


async def test_a_task_that_is_not_there_is_said_to_be_missing(person: Person) -> None:
    body = (await say(person, "complete task 77")).json()
    assert "There is no such task" in body["response"]
    assert body["tool_calls"][0]["error"] == "There is no such task."
