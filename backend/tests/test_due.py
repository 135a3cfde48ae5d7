"""When tasks are due, over HTTP: on a day, at an instant, where the person is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from tests.people import Person, register

pytestmark = pytest.mark.anyio

ZONES = (
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Asia/Kolkata",
)
# In each of these zones but Kiritimati and Kolkata the clocks change on one of these days.
DAYS = ("2026-11-27", "2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-09-27")
Json = dict[str, Any]


@pytest.fixture
async def ann(client: httpx.AsyncClient) -> Person:
    return await register(client)


async def call(
    person: Person,
    method: str,
    path: str,
    body: Json | None = None,
    zone: str | None = None,
    **query: str,
) -> httpx.Response:
    headers = person.headers | ({"X-Time-Zone": zone} if zone else {})
    return await person.client.request(method, path, headers=headers, json=body, params=query)


async def add(person: Person, zone: str | None = None, **fields: str | None) -> Json:
    reply = await call(person, "POST", "/api/tasks", {"title": "a task", **fields}, zone)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def put(person: Person, task: Json, body: Json, zone: str | None = None) -> httpx.Response:
    return await call(person, "PUT", f"/api/tasks/{task['id']}", body, zone)


async def titles(person: Person, zone: str | None = None, **query: str) -> list[str]:
    reply = await call(person, "GET", "/api/tasks", None, zone, **query)
    assert reply.status_code == 200, reply.text
    return [task["title"] for task in reply.json()]


def due(task: Json) -> tuple[str | None, str | None, str | None]:
    return task["due_date"], task["due_at"], task["due_time_zone"]


def last_minute(day: str, zone: str) -> str:
    local = datetime.fromisoformat(f"{day}T23:59").replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("zone", ZONES)
async def test_a_day_is_the_same_day_everywhere_and_its_last_minute_for_clients_that_know_no_days(
    ann: Person, zone: str
) -> None:
    for day in DAYS:
        task = await add(ann, zone, due_date=day)
        assert due(task) == (day, last_minute(day, zone), None)
        for elsewhere in ZONES:
            read = await call(ann, "GET", f"/api/tasks/{task['id']}", zone=elsewhere)
            assert due(read.json()) == (day, last_minute(day, elsewhere), None)


async def test_where_nobody_said_where_the_person_is_days_end_in_utc(ann: Person) -> None:
    assert due(await add(ann, due_date="2026-11-27")) == (
        "2026-11-27",
        "2026-11-27T23:59:00Z",
        None,
    )
    at = await add(ann, due_at="2026-11-27T17:00:00+01:00")
    assert due(at) == (None, "2026-11-27T16:00:00Z", None)


async def test_the_zone_is_kept_for_who_does_not_say_it(ann: Person) -> None:
    assert (await call(ann, "GET", "/api/account")).json()["time_zone"] is None
    await titles(ann, "Asia/Kolkata")
    assert (await call(ann, "GET", "/api/account")).json()["time_zone"] == "Asia/Kolkata"
    assert due(await add(ann, due_date="2026-11-27"))[1] == "2026-11-27T18:29:00Z"
    for unknown in ("Mars/Olympus", "../../etc/passwd", "", "x" * 300):
        await titles(ann, unknown)
    assert (await call(ann, "GET", "/api/account")).json()["time_zone"] == "Asia/Kolkata"


async def test_the_zone_is_set_by_hand_too(ann: Person) -> None:
    changed = await call(ann, "PATCH", "/api/account", {"time_zone": "Europe/Berlin"})
    assert (changed.status_code, changed.json()["time_zone"]) == (200, "Europe/Berlin")
    wrong = await call(ann, "PATCH", "/api/account", {"time_zone": "Berlin"})
    assert wrong.status_code == 422
    assert (await call(ann, "GET", "/api/account")).json()["time_zone"] == "Europe/Berlin"


async def test_an_instant_carries_the_zone_in_which_it_was_meant(ann: Person) -> None:
    task = await add(ann, "Europe/Berlin", due_at="2026-11-27T16:00:00Z")
    assert due(task) == (None, "2026-11-27T16:00:00Z", "Europe/Berlin")
    read = await call(ann, "GET", f"/api/tasks/{task['id']}", zone="Asia/Kolkata")
    assert due(read.json()) == due(task)
    other = await add(
        ann, "Europe/Berlin", due_at="2026-11-27T16:00:00Z", due_time_zone="Asia/Kolkata"
    )
    assert other["due_time_zone"] == "Asia/Kolkata"


async def test_a_day_and_an_instant_take_each_others_place(ann: Person) -> None:
    task = await add(ann, "Europe/Berlin", due_date="2026-11-27")
    at = (await put(ann, task, {"due_at": "2026-11-27T16:00:00Z"})).json()
    assert due(at) == (None, "2026-11-27T16:00:00Z", "Europe/Berlin")
    day = (await put(ann, task, {"due_date": "2026-11-28"})).json()
    assert due(day) == ("2026-11-28", "2026-11-28T22:59:00Z", None)
    later = (await put(ann, task, {"due_date": "2026-11-29"})).json()
    assert due(later) == ("2026-11-29", "2026-11-29T22:59:00Z", None)


@pytest.mark.parametrize(
    "nothing", [{"due_date": None}, {"due_at": None}, {"due_date": None, "due_at": None}]
)
@pytest.mark.parametrize("had", [{"due_date": "2026-11-27"}, {"due_at": "2026-11-27T16:00:00Z"}])
async def test_null_for_either_removes_both(ann: Person, had: Json, nothing: Json) -> None:
    task = await add(ann, "Europe/Berlin", **had)
    assert due((await put(ann, task, nothing)).json()) == (None, None, None)


async def test_null_beside_a_value_is_no_removal(ann: Person) -> None:
    task = await add(ann, "Europe/Berlin", due_date="2026-11-27")
    at = await put(ann, task, {"due_date": None, "due_at": "2026-11-27T22:59:00Z"})
    assert due(at.json()) == (None, "2026-11-27T22:59:00Z", "Europe/Berlin")
    day = await put(ann, task, {"due_date": "2026-11-27", "due_at": None})
    assert day.json()["due_date"] == "2026-11-27"


async def test_a_client_that_knows_no_days_and_sends_back_what_it_read_leaves_the_day(
    ann: Person,
) -> None:
    task = await add(ann, "Europe/Berlin", due_date="2026-11-27")
    old = {"title": "renamed", "due_at": task["due_at"], "priority": "high"}
    assert due((await put(ann, task, old)).json()) == due(task)
    # It was read in Berlin, and is sent back from Kolkata.
    assert (await put(ann, task, old, "Asia/Kolkata")).json()["due_date"] == "2026-11-27"
    moved = await put(ann, task, {"due_at": "2026-11-28T22:59:00Z"})
    assert due(moved.json())[:2] == (None, "2026-11-28T22:59:00Z")


async def test_a_whole_task_can_be_sent_back_as_it_was_read(ann: Person) -> None:
    for fields in ({"due_date": "2026-11-27"}, {"due_at": "2026-11-27T16:00:00Z"}, {}):
        task = await add(ann, "Europe/Berlin", **fields)
        back = await put(ann, task, task)
        assert back.status_code == 200, back.text
        assert due(back.json()) == due(task)
        copy = await call(ann, "POST", "/api/tasks", task)
        assert copy.status_code == 201, copy.text
        assert due(copy.json()) == due(task)


async def test_a_day_and_an_instant_that_contradict_are_refused(ann: Person) -> None:
    both = {"title": "x", "due_date": "2026-11-27", "due_at": "2026-11-28T16:00:00Z"}
    reply = await call(ann, "POST", "/api/tasks", both, "Europe/Berlin")
    assert reply.status_code == 422
    assert reply.json()["detail"][0]["loc"] == ["body", "due_at"]
    assert "send one of them" in reply.json()["detail"][0]["msg"]
    at_its_end = {"due_at": "2026-11-27T23:59:00+01:00"}
    agreeing = await call(ann, "POST", "/api/tasks", both | at_its_end, "Europe/Berlin")
    assert agreeing.json()["due_date"] == "2026-11-27"
    task = agreeing.json()
    wrong = await put(ann, task, {"due_date": "2026-11-29", "due_at": "2026-11-28T16:00:00Z"})
    assert wrong.status_code == 422
    read = await call(ann, "GET", f"/api/tasks/{task['id']}")
    assert due(read.json()) == due(task)


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-12-01T00:00:00Z", "31.12.2026", "tomorrow", "9000-01-01",
            "1969-12-31", "", "2026-1-1", " 2026-12-31"],
)  # fmt: skip
async def test_what_is_no_day_is_refused(ann: Person, day: str) -> None:
    reply = await call(ann, "POST", "/api/tasks", {"title": "x", "due_date": day})
    assert reply.status_code == 422
    assert reply.json()["detail"][0]["loc"] == ["body", "due_date"]


@pytest.mark.parametrize(
    "due_at", ["8999-12-31T23:59:59-23:59", "1970-01-01T00:00:00+23:59", "9000-01-01T00:00:00Z"]
)
async def test_the_year_of_an_instant_is_looked_at_in_utc(ann: Person, due_at: str) -> None:
    reply = await call(ann, "POST", "/api/tasks", {"title": "x", "due_at": due_at})
    assert reply.status_code == 422


@pytest.mark.parametrize("day", ["1970-01-02", "8999-12-30"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_the_first_and_the_last_day_can_be_sent_back(
    ann: Person, day: str, zone: str
) -> None:
    task = await add(ann, zone, due_date=day)
    assert due((await put(ann, task, {"due_at": task["due_at"]}, zone)).json()) == due(task)
    assert await titles(ann, zone, due_on=day) == ["a task"]


@pytest.mark.parametrize("zone", ZONES)
async def test_lists_of_a_day_hold_its_day_and_its_instants(
    client: httpx.AsyncClient, zone: str
) -> None:
    for day in DAYS:
        await _check_lists_of(await register(client), zone, day)


async def _check_lists_of(ann: Person, zone: str, day: str) -> None:
    local = datetime.fromisoformat(f"{day}T00:00")
    place = ZoneInfo(zone)

    def at(moment: datetime) -> str:
        return moment.replace(tzinfo=place).astimezone(UTC).isoformat()

    following = local + timedelta(days=1)
    await add(ann, zone, title="before", due_at=at(local - timedelta(minutes=2)))
    await add(ann, zone, title="first", due_at=at(local))
    await add(ann, zone, title="whole", due_date=day)
    await add(ann, zone, title="last", due_at=at(following - timedelta(seconds=1)))
    await add(ann, zone, title="after", due_at=at(following))
    await add(ann, zone, title="day before", due_date=str(date.fromisoformat(day) - timedelta(1)))
    await add(ann, zone, title="day after", due_date=str(date.fromisoformat(day) + timedelta(1)))
    await add(ann, zone, title="never")
    order = {"sort": "due_date"}
    assert set(await titles(ann, zone, due_on=day)) == {"first", "whole", "last"}
    assert set(await titles(ann, zone, due_from=day)) == {
        "first", "whole", "last", "after", "day after",
    }  # fmt: skip
    assert set(await titles(ann, zone, due_to=day)) == {
        "before", "day before", "first", "whole", "last",
    }  # fmt: skip
    assert await titles(ann, zone, due_from=day, due_to=day, **order) == ["first", "whole", "last"]
    # A day counts as its last minute where instants bound.
    assert set(await titles(ann, zone, due_before=at(following))) == {
        "before", "day before", "first", "whole", "last",
    }  # fmt: skip
    assert set(await titles(ann, zone, due_after=at(following - timedelta(minutes=1)))) == {
        "whole", "last", "after", "day after",
    }  # fmt: skip
    assert set(await titles(ann, zone, due_after=at(following - timedelta(seconds=59)))) == {
        "last", "after", "day after",
    }  # fmt: skip
    assert await titles(ann, zone, **order) == [
        "before", "day before", "first", "whole", "last", "after", "day after", "never",
    ]  # fmt: skip
    assert await titles(ann, zone, order="desc", **order) == [
        "day after", "after", "last", "whole", "first", "day before", "before", "never",
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
async def test_a_day_is_overdue_when_it_is_over_where_the_person_is(ann: Person, zone: str) -> None:
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(zone)).date()
    await add(ann, zone, title="today", due_date=str(today))
    await add(ann, zone, title="yesterday", due_date=str(today - timedelta(1)))
    await add(ann, zone, title="past", due_at=(now - timedelta(minutes=1)).isoformat())
    await add(ann, zone, title="ahead", due_at=(now + timedelta(hours=1)).isoformat())
    await add(ann, zone, title="never")
    done = await add(ann, zone, title="done", due_date="2020-01-01")
    await call(ann, "PATCH", f"/api/tasks/{done['id']}/complete")
    assert set(await titles(ann, zone, overdue="true")) == {"yesterday", "past"}
    assert set(await titles(ann, zone, overdue="false")) == {"today", "ahead", "never", "done"}


async def test_last_minutes_of_before_become_days_when_it_is_known_where_the_person_is(
    ann: Person, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        for title, due_at in (
            ("winter", "2026-11-27 23:59+01"),
            ("summer", "2026-07-01 23:59+02"),
            ("a minute before", "2026-11-27 23:58+01"),
            ("elsewhere", "2026-11-27 23:59+05:30"),
        ):
            connection.execute(
                "INSERT INTO tasks (user_id, title, due_at) VALUES (%s, %s, %s)",
                (ann.user_id, title, due_at),
            )
    listed = (await call(ann, "GET", "/api/tasks", zone="Europe/Berlin")).json()
    assert {task["title"]: due(task) for task in listed} == {
        "winter": ("2026-11-27", "2026-11-27T22:59:00Z", None),
        "summer": ("2026-07-01", "2026-07-01T21:59:00Z", None),
        "a minute before": (None, "2026-11-27T22:58:00Z", None),
        "elsewhere": (None, "2026-11-27T18:29:00Z", None),
    }
    # Only then: a traveller's instants are not turned into days.
    listed = (await call(ann, "GET", "/api/tasks", zone="Asia/Kolkata")).json()
    assert [task["due_date"] for task in listed if task["title"] == "elsewhere"] == [None]


async def test_times_leave_in_utc_whatever_the_database_speaks(
    ann: Person,
    database_url: str,
    start: Any,  # noqa: ANN401 - a fixture
) -> None:
    task = await add(ann, due_at="2026-07-01T12:00:00Z")
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'America/New_York'".encode())
    client = await start()
    read = await client.get(f"/api/tasks/{task['id']}", headers=ann.headers)
    assert read.json() == task
    account = (await client.get("/api/account", headers=ann.headers)).json()
    assert account["created_at"].endswith("Z")
    assert account["session_expires_at"].endswith("Z")


@pytest.mark.parametrize("field", ["due", "dueDate", "due_dat", "stauts", "tags"])
async def test_an_unknown_field_is_refused_by_name(ann: Person, field: str) -> None:
    for method, path in (("POST", "/api/tasks"), ("PUT", "/api/tasks/1")):
        reply = await call(ann, method, path, {"title": "x", field: "2026-12-01"})
        assert reply.status_code == 422
        problem = reply.json()["detail"][0]
        assert problem["loc"] == ["body", field]
        assert repr(field) in problem["msg"]


async def test_an_unknown_filter_is_refused_by_name(ann: Person) -> None:
    for path in ("/api/tasks", "/tasks/", f"/api/{ann.user_id}/tasks"):
        reply = await call(ann, "GET", path, stauts="completed")
        assert reply.status_code == 422
        assert reply.json()["detail"][0]["loc"] == ["query", "stauts"]


async def test_what_nobody_can_set_is_passed_over(ann: Person) -> None:
    body = {"title": "x", "id": 7, "user_id": "somebody", "created_at": "x", "updated_at": None}
    reply = await call(ann, "POST", "/api/tasks", body)
    assert reply.status_code == 201
    assert reply.json()["user_id"] == ann.user_id
