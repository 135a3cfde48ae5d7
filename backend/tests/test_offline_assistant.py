"""The offline assistant, as a user meets it."""

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app.assistant.offline import rules
from app.assistant.offline.when import Now
from tests.chatting import WRITES, Json, Rows, replace_tasks, say, stop_the_clock, titles
from tests.conftest import Start
from tests.people import Person, register
from tests.phrasings import NOW, PHRASINGS, TASKS, Said

pytestmark = pytest.mark.anyio
# The least part of the phrasings whose tool and arguments must be right.
RIGHT = 0.95


@pytest.fixture
async def person(start: Start) -> Person:
    return await register(await start(chat_turns_per_minute=10_000))


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
        offers = question is not None and (
            question["tool"] == "add_task" or "calls" in question["arguments"]
        )
        return not (writes[:-1] if offers else writes)
    wanted = (said.tool, _plain(said.arguments))
    if said.tool in WRITES:
        return [(tool, _plain(arguments)) for tool, arguments in writes] == [wanted]
    return not writes and bool(calls) and (calls[-1][0], _plain(calls[-1][1])) == wanted


async def test_it_understands_what_people_say(
    person: Person, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, NOW)
    tasks: Rows = [dict(zip(("id", "title", "completed"), task, strict=True)) for task in TASKS]
    wrong = []
    with psycopg.connect(database_url, autocommit=True) as database:
        for said in PHRASINGS:
            replace_tasks(database, person.user_id, tasks)
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
    assert [call["tool"] for call in done["tool_calls"] if call["tool"] in WRITES] == [
        "complete_task"
    ]
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


def put_many(database_url: str, user_id: str, titles: list[str]) -> None:
    """The first of them is the oldest."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO tasks (user_id, title, created_at)"
            " SELECT %s, title, timestamptz '2026-01-01' + place * interval '1 minute'"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS t (title, place)",
            (user_id, titles),
        )


WELCOME = Path(__file__).parents[2] / "frontend/features/assistant/welcome.tsx"
# What the answer to each prompt that the panel suggests must name, and must not.
SUGGESTED = {
    "Add Call the dentist for tomorrow": (("Call the dentist", "tomorrow"), ()),
    "What do I still have to do?": (("Gas bill", "Book the holidays"), ("Sow tomatoes",)),
    "Which tasks are overdue?": (("Gas bill",), ("Book the holidays", "Sow tomatoes")),
    "Find everything about the holidays": (("Book the holidays", "Holiday list"), ("Gas bill",)),
}


async def test_every_prompt_that_the_panel_suggests_works(person: Person) -> None:
    found = re.search(r"const EXAMPLES = \[(.*?)\];", WELCOME.read_text(), re.DOTALL)
    assert found is not None
    examples = [re.sub("[“”]", "", each) for each in re.findall(r'"(.+?)",', found[1])]
    assert set(examples) == set(SUGGESTED)
    for task in (
        {"title": "Gas bill", "due_date": "2026-01-15"},
        {"title": "Book the holidays"},
        {"title": "Holiday list"},
        {"title": "Sow tomatoes", "due_date": "2026-01-15", "completed": True},
    ):
        assert (await person.call("POST", "/tasks/", task)).status_code == 201
    for example in examples:
        answer = (await say(person, example)).json()["response"]
        named, others = SUGGESTED[example]
        for title in named:
            assert title in answer, example
        for title in others:
            assert title not in answer, example


async def test_a_title_with_a_question_in_it_opens_none(person: Person) -> None:
    for title in ("“Which hotel to book”", "“Buy groceries”"):
        await say(person, f"add {title}")
    first = (await say(person, "mark Which hotel to book as done")).json()
    assert "Which hotel to book" in first["response"]
    later = (await say(person, "groceries", conversation_id=first["conversation_id"])).json()
    assert not [call for call in later["tool_calls"] if call["tool"] in WRITES]


async def test_an_open_question_is_answered_by_any_process_until_it_expires(
    start: Start, person: Person, database_url: str
) -> None:
    for title in ("Buy milk", "Buy bread"):
        await say(person, f"add {title}")
    asked = (await say(person, "complete buy")).json()
    elsewhere = replace(person, client=await start())
    done = (await say(elsewhere, "the bread", conversation_id=asked["conversation_id"])).json()
    assert "“Buy bread” is done." in done["response"]
    await say(person, "undo", conversation_id=asked["conversation_id"])
    asked = (await say(person, "delete buy", conversation_id=asked["conversation_id"])).json()
    assert "Which one" in asked["response"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE turns SET context = jsonb_set(context, '{question,expires_at}',"
            " to_jsonb((now() - interval '1 second')::text)) WHERE context->>'question' IS NOT NULL"
        )
    late = (await say(elsewhere, "the bread", conversation_id=asked["conversation_id"])).json()
    assert late["confirmation"] is None or late["confirmation"]["tool"] == "add_task"


async def test_several_tasks_wait_for_one_yes(person: Person) -> None:
    for title in ("Buy milk", "Buy bread", "Call Ann"):
        await say(person, f"add {title}")
    await say(person, "I bought milk")
    await say(person, "I bought bread")
    for answer, left in (("no", ["Buy bread", "Buy milk", "Call Ann"]), ("yes", ["Call Ann"])):
        asked = (await say(person, "delete all done tasks")).json()
        question = asked["confirmation"]
        assert question["tool"] == "delete_task"
        assert "Delete 2 tasks" in question["prompt"]
        assert "Buy milk" in question["prompt"]
        told = (await say(person, answer, conversation_id=asked["conversation_id"])).json()
        assert await titles(person) == left
    assert "“Buy milk”" in told["response"]
    assert "“Buy bread”" in told["response"]
    await say(person, "undo", conversation_id=told["conversation_id"])
    assert await titles(person) == ["Buy bread", "Buy milk", "Call Ann"]


async def test_a_task_is_found_by_its_words_however_many_there_are(
    person: Person, database_url: str
) -> None:
    many = ["Zebra crossing", *(f"Errand {number}" for number in range(700))]
    put_many(database_url, person.user_id, many)
    done = (await say(person, "complete the zebra task")).json()
    assert "“Zebra crossing” is done." in done["response"]
    counted = (await say(person, "how many tasks do I have?")).json()
    assert "701" in counted["response"]


async def test_titles_are_shown_as_they_are_written(person: Person, database_url: str) -> None:
    forged = "Buy iPhone case\n- 9999: **Pay** [here](https://evil.example) \u202eecnalab"
    put_many(database_url, person.user_id, [forged])
    body = (await say(person, "find case")).json()
    line = body["response"].splitlines()[-1]
    assert line.startswith("- Buy iPhone case - 9999: \\*\\*Pay\\*\\* \\[here\\]")
    assert "](" not in line
    assert "\u202e" not in line


async def test_it_helps_once_and_then_keeps_short(person: Person) -> None:
    first = (await say(person, "???")).json()
    assert "What is due this week" in first["response"]
    again = (await say(person, "???", conversation_id=first["conversation_id"])).json()
    assert again["response"] == "I did not understand that, so I changed nothing."
    offered = (await say(person, "hoover the stairs")).json()
    assert "\n\n\n" not in offered["response"]
    assert offered["confirmation"]["prompt"] == "Add “Hoover the stairs” as a task? Yes or no."
    yes = (await say(person, "yes", conversation_id=offered["conversation_id"])).json()
    assert yes["response"] == "Added “Hoover the stairs”."
    assert await titles(person) == ["Hoover the stairs"]


async def test_no_text_keeps_the_rules_long() -> None:
    """Measured in steps of the rules' own work, each as long as any: texts of one repeated piece
    are the worst for patterns."""
    now = Now(NOW, ZoneInfo("UTC"))
    for start, piece in (
        ("move ", "to friday "),
        ("the ", "is done "),
        ("add ", "and "),
        ("mark ", "'a' "),
        ("remind me ", "to "),
        ("show ", "tasks due "),
    ):
        text = (start + piece * 750)[:1500]
        assert rules.understand(text, now) is not None
