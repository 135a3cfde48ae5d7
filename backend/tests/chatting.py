"""Talking to the assistant, for the tests."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from app.assistant import turn
from tests.people import Person

Json = Any
WRITES = frozenset({"add_task", "complete_task", "update_task", "delete_task"})


@dataclass(frozen=True)
class Heard:
    """A turn's events."""

    events: list[tuple[str, Json]]

    def all(self, name: str) -> list[Json]:
        return [data for kind, data in self.events if kind == name]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    @property
    def text(self) -> str:
        return "".join(data["text"] for data in self.all("delta"))

    @property
    def done(self) -> Json:
        assert self.names[-1] == "done", self.events[-1]
        return self.events[-1][1]

    @property
    def error(self) -> Json:
        assert self.names[-1] == "error", self.events[-1]
        return self.events[-1][1]


def events_of(text: str) -> Heard:
    heard = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if lines:
            heard.append((lines["event"], json.loads(lines["data"])))
    return Heard(heard)


async def say(person: Person, message: str, **more: Json) -> httpx.Response:
    """One turn, answered as JSON."""
    return await person.call("POST", "/api/chat", {"message": message, **more})


async def stream(person: Person, message: str | None = None, **more: Json) -> Heard:
    """One turn, answered as events."""
    reply = await person.client.post(
        "/api/chat",
        headers={**person.headers, "Accept": "text/event-stream"},
        json={"turn_id": str(uuid4()), **({"message": message} if message else {}), **more},
        timeout=60,
    )
    assert reply.status_code == 200, reply.text
    return events_of(reply.text)


async def titles(person: Person) -> list[str]:
    reply = await person.call("GET", "/tasks/")
    return sorted(task["title"] for task in reply.json())


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """For the assistant it is this moment and stays so; for the database time goes on."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
            return now

    monkeypatch.setattr(turn, "datetime", Clock)


Rows = Sequence[dict[str, object]]
"""Of the table `tasks`, all of the same columns."""


def replace_tasks(database: psycopg.Connection[Any], user_id: str, tasks: Rows) -> None:
    """These tasks are all that there are, and nothing was deleted."""
    columns = ["user_id", *tasks[0]]
    values = ", ".join(f"%({name})s" for name in columns)
    insert = f"INSERT INTO tasks ({', '.join(columns)}) VALUES ({values})"  # noqa: S608 - our names
    with database.transaction(), database.cursor() as cursor:
        cursor.execute("DELETE FROM tasks")
        cursor.execute("DELETE FROM deleted_tasks")
        cursor.executemany(insert.encode(), [{"user_id": user_id, **task} for task in tasks])
        cursor.execute("SELECT setval('tasks_id_seq', 1000)")
