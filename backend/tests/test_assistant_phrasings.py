"""How well the offline assistant understands what people say, in three numbers.

Understood: what was meant happened, or was put to the person as a question, or was rightly not
done. Asked: nothing was written, though more was meant. Wrong write: the list was changed
otherwise than anybody meant, or without the question that it needed. An answer that states
something else than was asked is counted by itself.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from app.assistant import turn
from tests.assistant_phrasings import ALL, DIALOGUES, NOW, TASKS, Dialogue, Given
from tests.chatting import Json
from tests.conftest import Start
from tests.people import Person, register

pytestmark = pytest.mark.anyio

UNDERSTOOD = 0.9
"""The least part of the dialogues that must be understood."""


@pytest.fixture
def wednesday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands at the dialogues' NOW."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
            return NOW

    monkeypatch.setattr(turn, "datetime", Clock)
    return iter([None])


@pytest.fixture
async def person(start: Start) -> Person:
    return await register(await start(chat_turns_per_minute=10_000))


def put_tasks(database_url: str, user_id: str, tasks: tuple[Given, ...]) -> None:
    """Exactly these tasks, the last of them added two hours before NOW."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM tasks")
        connection.execute("DELETE FROM deleted_tasks")
        knows_days = connection.execute(
            "SELECT 1 FROM information_schema.columns"
            " WHERE table_name = 'tasks' AND column_name = 'due_date'"
        ).fetchone()
        for back, task in enumerate(reversed(tasks)):
            day = date.fromisoformat(task.due) if task.due and "T" not in task.due else None
            at = datetime.fromisoformat(task.due) if task.due and not day else None
            if day and not knows_days:
                at, day = datetime(day.year, day.month, day.day, 12, tzinfo=UTC), None
            added = NOW - timedelta(days=back, hours=2)
            values: dict[str, object] = {
                "id": len(tasks) - back,
                "user_id": user_id,
                "title": task.title,
                "completed": task.completed,
                "description": task.description,
                "priority": task.priority,
                "due_at": at,
                "created_at": added,
                "updated_at": added,
                **({"due_date": day} if knows_days else {}),
            }
            connection.execute(
                f"INSERT INTO tasks ({', '.join(values)})"  # noqa: S608 - names written above
                f" VALUES ({', '.join(f'%({name})s' for name in values)})".encode(),
                values,
            )
        connection.execute("SELECT setval('tasks_id_seq', 1000)")


def _due(task: Json) -> object:
    if task.get("due_date"):
        return task["due_date"]
    if task["due_at"] is None:
        return None
    at = datetime.fromisoformat(task["due_at"])
    if "due_date" not in task and at.astimezone(UTC).hour == 12:
        return at.date().isoformat()
    return at.astimezone(UTC)


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


def keep_questions_open(database_url: str) -> None:
    """The dialogues' clock stands still, the database's does not."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE confirmations SET expires_at = now() + interval '10 minutes'")


async def judge(person: Person, dialogue: Dialogue, database_url: str) -> tuple[str, str]:
    """One of: understood, asked, wrong answer, wrong write. And what happened."""
    before = latest = await _tasks(person)
    conversation: dict[str, Json] = {}
    headers = {**person.headers, "X-Time-Zone": dialogue.zone}
    body: Json = {}
    for sentence in dialogue.said:
        latest = await _tasks(person)
        reply = await person.client.post(
            "/api/chat", headers=headers, json={"message": sentence, **conversation}
        )
        assert reply.status_code == 200, (dialogue.said, reply.text)
        body = reply.json()
        conversation = {"conversation_id": body["conversation_id"]}
        if body["confirmation"]:
            keep_questions_open(database_url)
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


@pytest.mark.usefixtures("wednesday")
async def test_it_does_what_was_meant_and_never_writes_in_doubt(
    person: Person, database_url: str, record_property: Callable[[str, object], None]
) -> None:
    counts: Counter[str] = Counter()
    others = []
    for dialogue in DIALOGUES:
        put_tasks(database_url, person.user_id, (*TASKS, *dialogue.besides))
        outcome, what = await judge(person, dialogue, database_url)
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
