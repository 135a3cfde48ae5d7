"""What phrases with a date mean: the same cases that the browser's quick entry is held to."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import dates

VECTORS = Path(__file__).parent / "vectors" / "dates.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=UTC)


def _zone(case: dict[str, Any]) -> ZoneInfo:
    zone = dates.zone_named(case["zone"])
    assert zone is not None
    return zone


def _told(reading: dates.Reading) -> dict[str, Any]:
    instant, problem = reading.instant, reading.problem
    told = {
        "title": reading.title,
        "date": reading.day and reading.day.isoformat(),
        "instant": instant and instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "words": list(reading.words),
        "problem": problem and problem.kind.value,
        "problem_words": problem and problem.words,
        "unsure": reading.unsure,
    }
    return {name: value for name, value in told.items() if value or name == "title"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['zone']}: {case['text']}")
def test_phrase_means_what_the_shared_vectors_say(case: dict[str, Any]) -> None:
    reading = dates.read(case["text"], datetime.fromisoformat(case["now"]), _zone(case))
    given_with_it = ("text", "now", "zone")
    assert _told(reading) == {k: v for k, v in case.items() if k not in given_with_it}


@pytest.mark.parametrize(
    "text", ["friday", "by friday 5pm", "due tomorrow", "the 3rd", "25.12", "noon", " today "]
)
def test_parse_takes_a_text_that_is_only_a_date(text: str) -> None:
    reading = dates.parse(text, WEDNESDAY, BERLIN)
    assert reading is not None
    assert reading.day or reading.instant


def test_parse_says_what_is_wrong_with_a_date() -> None:
    reading = dates.parse("31 April", WEDNESDAY, BERLIN)
    assert reading is not None
    assert reading.problem is not None
    assert "31 April" in reading.problem.message


@pytest.mark.parametrize("text", ["", "milk", "5", "milk tomorrow", "may", "next"])
def test_parse_refuses_a_text_that_is_more_or_less_than_a_date(text: str) -> None:
    assert dates.parse(text, WEDNESDAY, BERLIN) is None


_PIECES = st.sampled_from([
    "due", "by", "on", "the", "at", "in", "every", "next", "this", "friday", "monday", "sun",
    "may", "31", "2026-02-30", "12/25", "25.12.", "5pm", "17:00", "@", ",", "-", "(", ")", "[",
    "]", "3rd", "days", "weeks", "hours", "tomorrow", "tonight", "noon", "EOD", "end", "of",
    "month", "week", "and", "to", "9999", "0",
    '"', "'", "’", "", "İ", "ß", "📅",
])  # fmt: skip


@given(
    st.lists(_PIECES, max_size=12).map(" ".join) | st.text(max_size=60),
    st.integers(366 * 86_400, 221_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.sampled_from(["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata"]),
)
def test_any_text_is_read_and_no_word_of_it_is_made_up(text: str, now: datetime, name: str) -> None:
    zone = dates.zone_named(name)
    assert zone is not None
    reading = dates.read(text, now, zone)
    assert (reading.day is None) or (reading.instant is None)
    left = "".join(reading.title.split())
    letters = iter("".join(text.split()))
    assert all(letter in letters for letter in left)
    if reading.problem:
        assert reading.title == text.strip()
        assert reading.problem.words in text


@pytest.mark.parametrize(
    "name",
    [
        "", "Mars/Olympus", "../../etc/passwd", "localtime", "posix/Europe/Berlin", "x" * 500,
        "/etc/passwd", "Europe/", "Europe", "Europe/Berlin\x00", "posixrules",
    ],
)  # fmt: skip
def test_unknown_zone_is_none(name: str) -> None:
    assert dates.zone_named(name) is None


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "Asia/Calcutta", "Etc/GMT+12"])
def test_known_zone(name: str) -> None:
    zone = dates.zone_named(name)
    assert zone is not None
    assert zone.key == name


def test_last_minute_of_a_day_whose_clocks_change() -> None:
    day = date(2026, 10, 25)
    assert dates.last_minute(day, BERLIN) == datetime(2026, 10, 25, 22, 59, tzinfo=UTC)
    assert dates.last_minute(day - timedelta(1), BERLIN) == datetime(
        2026, 10, 24, 21, 59, tzinfo=UTC
    )


def test_time_that_the_clocks_skip_is_as_much_later() -> None:
    skipped = dates.at_local_time(date(2026, 3, 29), time(2, 30), BERLIN)
    assert skipped.astimezone(BERLIN).time() == time(3, 30)
