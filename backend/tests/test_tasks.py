"""Tasks over both route dialects."""

from typing import NamedTuple

import httpx
import pytest

from tests.people import Person, register

pytestmark = pytest.mark.anyio


class Dialect(NamedTuple):
    """Where a dialect keeps its tasks, and what it calls completing one."""

    tasks: str
    complete: str


BY_PATH = Dialect("/api/{me}/tasks", "complete")
BY_TOKEN = Dialect("/tasks/", "toggle")


def one(dialect: Dialect, task_id: int, action: str = "") -> str:
    return "/".join(filter(None, (dialect.tasks.rstrip("/"), str(task_id), action)))


@pytest.fixture(params=[BY_PATH, BY_TOKEN], ids=["by path", "by token"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    assert isinstance(request.param, Dialect)
    return request.param


@pytest.fixture
async def ann(client: httpx.AsyncClient) -> Person:
    return await register(client, "ann@example.com")


async def add(person: Person, title: str, **fields: object) -> int:
    reply = await person.call("POST", "/tasks/", {"title": title, **fields})
    assert reply.status_code == 201, reply.text
    return int(reply.json()["id"])


async def titles(person: Person, **query: str) -> list[str]:
    reply = await person.call("GET", "/api/{me}/tasks", **query)
    assert reply.status_code == 200, reply.text
    return [task["title"] for task in reply.json()]


async def test_a_task_lives_its_whole_life(ann: Person, dialect: Dialect) -> None:
    fields = {
        "title": "  Buy milk ",
        "description": "two bottles",
        "due_at": "2026-12-31T18:00:00+02:00",
        "priority": "high",
    }
    made = await ann.call("POST", dialect.tasks, fields)
    assert made.status_code == 201
    task = made.json()
    assert task["title"] == "Buy milk"
    assert task["description"] == "two bottles"
    assert task["due_at"] == "2026-12-31T16:00:00Z"
    assert task["priority"] == "high"
    assert task["completed"] is False
    assert task["user_id"] == ann.user_id

    assert (await ann.call("GET", one(dialect, task["id"]))).json() == task

    changed = (await ann.call("PUT", one(dialect, task["id"]), {"title": "Buy oat milk"})).json()
    assert changed["title"] == "Buy oat milk"
    assert changed["description"] == "two bottles"
    assert changed["updated_at"] > task["updated_at"]
    assert changed["created_at"] == task["created_at"]

    done = await ann.call("PATCH", one(dialect, task["id"], dialect.complete))
    assert done.json()["completed"] is True

    assert (await ann.call("GET", dialect.tasks)).json() == [done.json()]
    gone = await ann.call("DELETE", one(dialect, task["id"]))
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await ann.call("GET", one(dialect, task["id"]))).status_code == 404
    assert (await ann.call("GET", dialect.tasks)).json() == []


async def test_completing_toggles_without_a_body_and_sets_with_one(
    ann: Person, dialect: Dialect
) -> None:
    path = one(dialect, await add(ann, "Walk"), dialect.complete)
    bodies = (None, None, {"completed": True}, {"completed": True}, {"completed": False})
    seen = [(await ann.call("PATCH", path, body)).json()["completed"] for body in bodies]
    assert seen == [True, False, True, True, False]


async def test_null_empties_description_and_due_date_and_nothing_else(ann: Person) -> None:
    task = await add(ann, "Write", description="a letter", due_at="2026-12-01T00:00:00Z")
    nulls = dict.fromkeys(("title", "description", "due_at", "priority", "completed"))
    changed = (await ann.call("PUT", f"/tasks/{task}", nulls)).json()
    assert (changed["description"], changed["due_at"]) == (None, None)
    assert (changed["title"], changed["priority"], changed["completed"]) == (
        "Write",
        "medium",
        False,
    )


async def test_lists_are_filtered_and_sorted(ann: Person) -> None:
    await add(ann, "banana", priority="low", due_at="2026-12-03T00:00:00Z")
    await add(ann, "Apple", priority="high", completed=True)
    await add(ann, "cherry", due_at="2026-12-01T00:00:00Z")

    assert await titles(ann) == ["cherry", "Apple", "banana"]
    assert await titles(ann, sort="title") == ["Apple", "banana", "cherry"]
    assert await titles(ann, sort="due_date") == ["cherry", "banana", "Apple"]
    assert await titles(ann, sort="priority") == ["Apple", "cherry", "banana"]
    assert await titles(ann, status="pending", sort="title") == ["banana", "cherry"]
    assert await titles(ann, status="completed") == ["Apple"]
    assert await titles(ann, status="all", sort="created") == ["cherry", "Apple", "banana"]


async def test_nobody_sees_or_touches_another_users_tasks(
    client: httpx.AsyncClient, ann: Person
) -> None:
    bob = await register(client, "bob@example.com")
    secret = await add(ann, "Ann's secret")
    before = (await ann.call("GET", f"/tasks/{secret}")).json()

    attempts = [
        ("GET", "", None),
        ("PUT", "", {"title": "stolen"}),
        ("DELETE", "", None),
    ]
    for dialect in (BY_PATH, BY_TOKEN):
        for method, action, body in [*attempts, ("PATCH", dialect.complete, None)]:
            reply = await bob.call(method, one(dialect, secret, action), body)
            assert reply.status_code == 404, (dialect, method)
    for method, action, body in [*attempts, ("PATCH", "complete", None)]:
        path = f"/api/{ann.user_id}/tasks/{secret}/{action}".rstrip("/")
        assert (await bob.call(method, path, body)).status_code == 403, method
    for method, body in (("GET", None), ("POST", {"title": "planted"})):
        reply = await bob.call(method, f"/api/{ann.user_id}/tasks", body)
        assert reply.status_code == 403

    assert await titles(bob) == []
    assert (await ann.call("GET", "/tasks/")).json() == [before]


async def test_the_list_answers_with_and_without_its_closing_slash(ann: Person) -> None:
    await add(ann, "Here")
    for path in ("/tasks", "/tasks/", "/api/{me}/tasks", "/api/{me}/tasks/"):
        reply = await ann.call("GET", path)
        assert (reply.status_code, len(reply.json())) == (200, 1), path
        assert (await ann.call("POST", path, {"title": ""})).status_code == 422, path


async def test_a_wrong_task_is_refused_and_nothing_is_kept(ann: Person) -> None:
    wrong: list[dict[str, object]] = [
        {},
        {"title": ""},
        {"title": "   "},
        {"title": "x" * 201},
        {"title": None},
        {"title": 7},
        {"title": "a\x00b"},
        {"title": "a", "description": "x" * 1001},
        {"title": "a", "description": "\x00"},
        {"title": "a", "priority": "urgent"},
        {"title": "a", "completed": "yes"},
        {"title": "a", "due_at": "tomorrow"},
        {"title": "a", "due_at": 1767225600},
        {"title": "a", "due_at": "2026-12-31T18:00:00"},
        {"title": "a", "due_at": "9999-12-31T23:59:59-10:00"},
        {"title": "a", "due_at": "0001-01-01T00:00:00+10:00"},
    ]
    for fields in wrong:
        reply = await ann.call("POST", "/tasks/", fields)
        assert reply.status_code == 422, fields
        assert all(set(problem) == {"loc", "msg", "type"} for problem in reply.json()["detail"])
    assert await titles(ann) == []


async def test_text_of_any_script_is_kept_as_it_is(ann: Person) -> None:
    text = "Šálek čaje 🍵 '; DROP TABLE tasks; -- <b>" + "字" * 150
    task = await add(ann, text, description="é" * 1000)
    kept = (await ann.call("GET", f"/tasks/{task}")).json()
    assert (kept["title"], kept["description"]) == (text, "é" * 1000)


async def test_a_number_that_no_task_can_have_is_refused(ann: Person) -> None:
    for task_id in ("0", "-1", "2147483648", "99999999999999999999", "one"):
        for method in ("GET", "DELETE"):
            reply = await ann.call(method, f"/tasks/{task_id}")
            assert reply.status_code == 422, (method, task_id)


async def test_without_a_token_nothing_is_answered(client: httpx.AsyncClient) -> None:
    for method, path in [
        ("GET", "/api/someone/tasks"),
        ("POST", "/api/someone/tasks"),
        ("GET", "/api/someone/tasks/1"),
        ("PUT", "/api/someone/tasks/1"),
        ("DELETE", "/api/someone/tasks/1"),
        ("PATCH", "/api/someone/tasks/1/complete"),
        ("GET", "/tasks/"),
        ("POST", "/tasks/"),
        ("GET", "/tasks/1"),
        ("PUT", "/tasks/1"),
        ("DELETE", "/tasks/1"),
        ("PATCH", "/tasks/1/toggle"),
        ("GET", "/auth/me"),
        ("POST", "/auth/refresh"),
        ("POST", "/auth/logout"),
    ]:
        reply = await client.request(method, path, json={"title": "x"})
        assert reply.status_code == 401, (method, path)
        assert reply.headers["WWW-Authenticate"] == "Bearer"
        assert reply.json()["detail"].startswith("Sign in first")
