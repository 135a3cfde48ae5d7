"""How well the offline assistant understands what people say, in three numbers.

Understood: what was meant happened, or was put to the person as a question, or was rightly not
done. Asked: nothing was written, though more was meant. Wrong write: the list was changed
otherwise than anybody meant, or without the question that it needed. An answer that states
something else than was asked is counted by itself.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.assistant_phrasings import ALL, DIALOGUES, NOW, TASKS, Dialogue, Given
from tests.chatting import Json, Rows, replace_tasks, stop_the_clock
from tests.conftest import Start
from tests.people import Person, register

pytestmark = pytest.mark.anyio

Database = psycopg.Connection[Any]
UNDERSTOOD = 0.9
"""The least part of the dialogues that must be understood."""


@pytest.fixture
async def person(start: Start) -> Person:
    return await register(await start(chat_turns_per_minute=10_000))


def rows(tasks: tuple[Given, ...]) -> Rows:
    """The last of them was added two hours before NOW, each other a day before the next."""
    return [
        {
            "id": number,
            "title": task.title,
            "completed": task.completed,
            "description": task.description,
            "priority": task.priority,
            **_when(task.due),
            "created_at": added,
            "updated_at": added,
        }
        for number, task in enumerate(tasks, 1)
        for added in [NOW - timedelta(days=len(tasks) - number, hours=2)]
    ]


def _when(due: str | None) -> dict[str, object]:
    is_instant = due is not None and "T" in due
    return {
        "due_date": date.fromisoformat(due) if due and not is_instant else None,
        "due_at": datetime.fromisoformat(due) if due and is_instant else None,
    }


def _due(task: Json) -> object:
    if task.get("due_date") or task["due_at"] is None:
        return task.get("due_date")
    return datetime.fromisoformat(task["due_at"]).astimezone(UTC)


def _fields(task: Json) -> dict[str, object]:
    """What a person sees of a task."""
    return {
        "title": task["title"],
        "due": _due(task),
        "priority": task["priority"],
        "completed": task["completed"],
        "description": task["description"],
    }


_NEW = _fields(
    {
        "title": "",
        "due_at": None,
        "priority": "medium",
        "completed": False,
        "description": None,
    }
)


async def _tasks(person: Person) -> dict[int, dict[str, object]]:
    reply = await person.call("GET", "/tasks/")
    return {task["id"]: _fields(task) for task in reply.json()}


def _changes(
    before: dict[int, dict[str, object]], after: dict[int, dict[str, object]]
) -> dict[object, dict[str, object] | None]:
    """What differs, by the title as it was, or is in a new task."""
    changes: dict[object, dict[str, object] | None] = {}
    for number, task in before.items():
        if number not in after:
            changes[task["title"]] = None
        elif after[number] != task:
            now = after[number]
            changes[task["title"]] = {key: now[key] for key in now if now[key] != task[key]}
    for number, task in after.items():
        if number not in before:
            differs = {key: task[key] for key in task if task[key] != _NEW[key]}
            changes[str(differs.pop("title")).casefold()] = differs
    return changes


def _wanted(dialogue: Dialogue) -> dict[object, dict[str, object] | None]:
    there = ALL | {task.title for task in dialogue.besides}
    wanted: dict[object, dict[str, object] | None] = {}
    for title, change in dialogue.changes.items():
        fields = None if change is None else dict(change)
        if fields and isinstance(fields.get("due"), str) and "T" in str(fields["due"]):
            fields["due"] = datetime.fromisoformat(str(fields["due"])).astimezone(UTC)
        wanted[title if title in there else title.casefold()] = fields
    return wanted


def _named(text: str, tasks: list[str]) -> list[str]:
    """The titles that the text names, in the order in which it names them. Longer titles first:
    what is part of another title is not named by it."""
    plain = re.sub(r"\\(?=[^\w\s]|_)", "", text)
    places = {}
    for title in sorted(tasks, key=len, reverse=True):
        words = re.escape(" ".join(title.split())).replace(r"\ ", r"\s+")
        found = re.search(rf"(?<!\w){words}(?!\w)", plain)
        if found:
            places[title] = found.start()
            plain = plain[: found.start()] + "\0" * len(found[0]) + plain[found.end() :]
    return sorted(places, key=places.__getitem__)


def _answer_is_right(dialogue: Dialogue, text: str, tasks: list[str]) -> bool:
    if dialogue.words and not re.search(dialogue.words, text.replace("\\", "")):
        return False
    if dialogue.never and re.search(dialogue.never, text):
        return False
    named = _named(text, tasks)
    if dialogue.first and named[:1] != [dialogue.first]:
        return False
    if dialogue.how_many is not None and len(named) != dialogue.how_many:
        return False
    if dialogue.kind == "shows" and dialogue.shows:
        return dialogue.shows <= set(named) <= dialogue.shows | dialogue.may_show
    if dialogue.kind == "shows" and dialogue.how_many is None and not dialogue.never:
        return set(named) <= dialogue.may_show
    return dialogue.kind not in ("asks",) or "?" in text


def keep_questions_open(database: Database) -> None:
    """The dialogues' clock stands still, the database's does not."""
    database.execute("UPDATE confirmations SET expires_at = now() + interval '10 minutes'")


async def judge(person: Person, dialogue: Dialogue, database: Database) -> tuple[str, str]:
    """One of: understood, asked, wrong answer, wrong write. And what happened."""
    replace_tasks(database, person.user_id, rows((*TASKS, *dialogue.besides)))
    before = latest = await _tasks(person)
    conversation: dict[str, Json] = {}
    headers = {**person.headers, "X-Time-Zone": dialogue.zone}
    body: Json = {}
    for place, sentence in enumerate(dialogue.said):
        latest = await _tasks(person) if place else before
        reply = await person.client.post(
            "/api/chat", headers=headers, json={"message": sentence, **conversation}
        )
        assert reply.status_code == 200, (dialogue.said, reply.text)
        body = reply.json()
        conversation = {"conversation_id": body["conversation_id"]}
        if body["confirmation"]:
            keep_questions_open(database)
    after = await _tasks(person)
    changes, wrote = _changes(before, after), after != latest
    wanted = _wanted(dialogue)
    question = body["confirmation"]
    text = body["response"]
    what = f"{changes} {'? ' if question else ''}{text!r}"
    answered = _answer_is_right(dialogue, text, [str(task["title"]) for task in before.values()])
    if dialogue.kind == "confirms":
        if wrote:
            return "wrong write", what
        if not question:
            return "asked", what
        await person.call(
            "POST",
            "/api/chat",
            {"confirm": {"id": question["id"], "approve": True}, **conversation},
        )
        changes = _changes(before, await _tasks(person))
        right = changes == wanted and answered
        return ("understood" if right else "asked"), f"after yes: {changes} {what}"
    if changes != wanted:
        # What the sentences before the last one did is judged by dialogues of their own.
        return ("wrong write" if wrote or dialogue.kind != "does" else "asked"), what
    if question and dialogue.kind in ("quiet", "shows") and question["tool"] != "add_task":
        return "wrong answer", what
    if answered:
        return "understood", what
    named = dialogue.kind == "shows" and dialogue.words is None and bool(_named(text, list(ALL)))
    return ("wrong answer" if named else "asked"), what


async def test_it_does_what_was_meant_and_never_writes_in_doubt(
    person: Person,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    stop_the_clock(monkeypatch, NOW)
    counts: Counter[str] = Counter()
    others = []
    with psycopg.connect(database_url, autocommit=True) as database:
        for dialogue in DIALOGUES:
            outcome, what = await judge(person, dialogue, database)
            counts[outcome] += 1
            if outcome != "understood":
                others.append(f"{outcome} ({dialogue.kind}): {dialogue.said} {what}")
    figures = (
        f"of {len(DIALOGUES)} dialogues: understood {counts['understood']}, asked"
        f" {counts['asked']}, wrong answer {counts['wrong answer']}, wrong write"
        f" {counts['wrong write']}"
    )
    record_property("assistant", figures)
    report = "\n".join([figures, *sorted(others)])
    print(report)  # noqa: T201 - the figures, with pytest's -rP
    assert counts["wrong write"] == 0, report
    assert counts["wrong answer"] == 0, report
    assert counts["understood"] >= UNDERSTOOD * len(DIALOGUES), report
