"""Talking to the assistant, for the tests."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

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
