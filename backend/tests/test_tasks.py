"""Tasks over all route dialects."""

import asyncio
from typing import NamedTuple

import httpx
import psycopg
import pytest

from tests.people import Person, register

pytestmark = pytest.mark.anyio


class Dialect(NamedTuple):
    """Where a dialect keeps its tasks, and what it calls completing one."""

    tasks: str
    complete: str


BY_PATH = Dialect("/api/{me}/tasks", "complete")
BY_TOKEN = Dialect("/api/tasks", "complete")
SEED = Dialect("/tasks/", "toggle")
DIALECTS = (BY_PATH, BY_TOKEN, SEED)


def one(dialect: Dialect, task_id: int, action: str = "") -> str:
    return "/".join(filter(None, (dialect.tasks.rstrip("/"), str(task_id), action)))


@pytest.fixture(params=DIALECTS, ids=["by path", "by token", "seed"])
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


async def test_a_deleted_task_can_be_restored_as_it_was_for_a_day(
    ann: Person, dialect: Dialect, database_url: str
) -> None:
    task_id = await add(ann, "Keep", description="exactly", due_at="2026-12-31T18:00:00Z")
    before = (await ann.call("PATCH", one(dialect, task_id, dialect.complete))).json()
    assert (await ann.call("DELETE", one(dialect, task_id))).status_code == 204
    assert (await ann.call("DELETE", one(dialect, task_id))).status_code == 404
    restored = await ann.call("POST", one(dialect, task_id, "restore"))
    assert (restored.status_code, restored.json()) == (200, before)
    assert (await ann.call("GET", dialect.tasks)).json() == [before]
    assert (await ann.call("POST", one(dialect, task_id, "restore"))).status_code == 404

    await ann.call("DELETE", one(dialect, task_id))
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE deleted_tasks SET deleted_at = now() - interval '24h 1s'")
    late = await ann.call("POST", one(dialect, task_id, "restore"))
    assert late.status_code == 404
    assert "24 hours" in late.json()["detail"]


async def test_what_can_no_longer_be_restored_is_forgotten(ann: Person, database_url: str) -> None:
    for title in ("old", "new"):
        await ann.call("DELETE", f"/tasks/{await add(ann, title)}")
        with psycopg.connect(database_url) as connection:
            rows = connection.execute("SELECT task->>'title' FROM deleted_tasks").fetchall()
            assert rows == [(title,)]
            connection.execute("UPDATE deleted_tasks SET deleted_at = now() - interval '25h'")


async def test_of_two_who_restore_at_once_one_succeeds(ann: Person) -> None:
    task_id = await add(ann, "Once")
    await ann.call("DELETE", f"/tasks/{task_id}")
    path = f"/tasks/{task_id}/restore"
    replies = await asyncio.gather(*(ann.call("POST", path) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [200, 404, 404, 404]
    assert await titles(ann) == ["Once"]


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


async def test_every_order_can_be_turned_round(ann: Person) -> None:
    await add(ann, "banana", priority="low", due_at="2026-12-03T00:00:00Z")
    await add(ann, "Apple", priority="high")
    await add(ann, "cherry", due_at="2026-12-01T00:00:00Z")
    for sort, ascending in {
        "created": ["banana", "Apple", "cherry"],
        "title": ["Apple", "banana", "cherry"],
        "priority": ["banana", "cherry", "Apple"],
    }.items():
        assert await titles(ann, sort=sort, order="asc") == ascending, sort
        assert await titles(ann, sort=sort, order="desc") == ascending[::-1], sort
    undated_last = ["banana", "cherry", "Apple"]
    assert await titles(ann, sort="due_date", order="desc") == undated_last
    assert await titles(ann, sort="due_date", order="asc") == ["cherry", "banana", "Apple"]


async def test_what_changed_last_comes_first_when_asked(ann: Person) -> None:
    first = await add(ann, "first")
    await add(ann, "second")
    await add(ann, "third")
    await ann.call("PATCH", f"/tasks/{first}/complete", {"completed": True})
    assert await titles(ann, sort="updated") == ["first", "third", "second"]
    assert await titles(ann, sort="updated", order="asc") == ["second", "third", "first"]


async def test_lists_are_narrowed_by_priority_and_due_date(ann: Person) -> None:
    await add(ann, "first", priority="low", due_at="2026-12-01T00:00:00Z")
    await add(ann, "second", priority="high", due_at="2026-12-02T00:00:00Z")
    await add(ann, "undated", priority="high")
    assert await titles(ann, priority="high", sort="title") == ["second", "undated"]
    assert await titles(ann, due_after="2026-12-02T00:00:00Z") == ["second"]
    assert await titles(ann, due_before="2026-12-02T00:00:00Z") == ["first"]
    # The same moments in another zone.
    day = {"due_after": "2026-12-01T02:00:00+02:00", "due_before": "2026-12-02T02:00:00+02:00"}
    assert await titles(ann, **day) == ["first"]
    assert await titles(ann, priority="low", due_after="2026-12-02T00:00:00Z") == []


async def test_search_finds_all_words_in_title_or_description(ann: Person) -> None:
    await add(ann, "Buy MILK", description="from the corner shop")
    await add(ann, "Call the shop", description=None)
    await add(ann, "100% done_or C:\\temp /x")
    assert await titles(ann, search="milk") == ["Buy MILK"]
    assert await titles(ann, search="  shop\u3000milk\n") == ["Buy MILK"]
    assert await titles(ann, search="shop") == ["Call the shop", "Buy MILK"]
    assert await titles(ann, search="shop bread") == []
    assert len(await titles(ann, search="  ")) == 3
    for literal in ("100%", "%", "_", "\\", "e_o", "/x", "C:\\t"):
        assert await titles(ann, search=literal) == ["100% done_or C:\\temp /x"], literal
    assert await titles(ann, search="1%0") == []
    assert await titles(ann, search="'; DROP TABLE tasks; --") == []


async def test_pages_cover_a_list_without_gaps_and_tell_its_length(ann: Person) -> None:
    for number in range(7):
        await add(ann, f"task {number}", completed=number % 2 == 0)
    everything = await titles(ann)
    for limit in (1, 3, 7, 500):
        paged: list[str] = []
        for offset in range(0, 10, limit):
            query = {"limit": str(limit), "offset": str(offset)}
            reply = await ann.call("GET", "/api/tasks", **query)
            assert reply.headers["X-Total-Count"] == "7"
            paged += [task["title"] for task in reply.json()]
        assert paged == everything, limit
    page = await ann.call("GET", "/api/tasks", limit="2", status="completed", search="task")
    assert (len(page.json()), page.headers["X-Total-Count"]) == (2, "4")
    assert (await ann.call("GET", "/api/tasks")).headers["X-Total-Count"] == "7"
    assert len(await titles(ann, offset="5")) == 2


async def test_a_wrong_query_is_refused(ann: Person) -> None:
    for name, value in (
        ("limit", "0"),
        ("limit", "1001"),
        ("offset", "-1"),
        ("offset", "2147483648"),
        ("order", "up"),
        ("sort", "colour"),
        ("status", "open"),
        ("priority", "urgent"),
        ("search", "a\x00"),
        ("search", "x" * 201),
        ("due_after", "tomorrow"),
        ("due_before", "2026-12-01T00:00:00"),
    ):
        reply = await ann.call("GET", "/api/tasks", **{name: value})
        assert reply.status_code == 422, (name, value)
        assert reply.json()["detail"][0]["loc"] == ["query", name]


async def test_titles_are_kept_without_the_blanks_around_them(ann: Person) -> None:
    for given, kept in (
        ("\u3000 Buy\tmilk\ufeff\n", "Buy milk"),
        (" " * 300 + "x" * 200 + "\x1c", "x" * 200),
    ):
        task_id = await add(ann, given)
        assert (await ann.call("GET", f"/tasks/{task_id}")).json()["title"] == kept
        changed = await ann.call("PUT", f"/tasks/{task_id}", {"title": f"{given} "})
        assert changed.json()["title"] == kept


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
        ("POST", "restore", None),
    ]
    for dialect in DIALECTS:
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
    for path in (
        f"{start}{end}"
        for start in ("/tasks", "/api/tasks", "/api/{me}/tasks")
        for end in ("", "/")
    ):
        reply = await ann.call("GET", path)
        assert (reply.status_code, len(reply.json())) == (200, 1), path
        assert (await ann.call("POST", path, {"title": ""})).status_code == 422, path


async def test_a_wrong_task_is_refused_and_nothing_is_kept(ann: Person) -> None:
    wrong: list[dict[str, object]] = [
        {},
        {"title": ""},
        {"title": "   "},
        {"title": "\ufeff\u3000\x1f\x85"},
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
