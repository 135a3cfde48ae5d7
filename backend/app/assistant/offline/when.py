"""The dates in sentences, read where and when they were said."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from app import dates
from app.assistant.offline.intent import Due, Selection
from app.dates import Reading
from app.dates.calendar import end_of_month, months_later, weekend

_REPEATS = re.compile(
    r"\b(?:every|each)\s+(?:other\s+|second\s+|single\s+|\d+\s+)?(?:day|night|morning|evening|afternoon"
    r"|week|weekend|weekday|month|year|hour|mon|tue|wed|thu|fri|sat|sun)\w*(?:\s+.*)?"
    r"|\b(?:daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annually)(?:\s+(?:at|on)\b.*)?$"
    r"|\b(?:repeat(?:s|ing|edly)?|recurr(?:s|ing))\b.*",
    re.IGNORECASE,
)
_CLOCK_ONLY = re.compile(
    r"(?:at\s+)?(?:\d{1,2}(?::\d\d)?\s*(?:am|pm|a\.m\.|p\.m\.)?|noon|\d{1,2}\s+o'?clock)",
    re.IGNORECASE,
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
            "seven": 7, "eight": 8, "nine": 9, "ten": 10, "couple": 2}  # fmt: skip
_LENGTH = re.compile(
    r"(?:by\s+)?(?P<count>\d{1,3}|another|an?(?:\s+couple(?:\s+of)?)?|one|two|three|four|five|six|seven|eight|nine"
    r"|ten)\s+(?:more\s+)?(?P<unit>days?|weeks?|hours?)",
    re.IGNORECASE,
)
_VOCABULARY = (
    "today", "tomorrow", "tonight", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "january", "february", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_LONGEST_DATE = 80
"""Characters: no date takes as many, and what is longer need not be read as one."""
_PLAIN_WORDS = frozenset({"sundae", "someday", "sundays", "mondays", "fridays", "saturdays"})
_PREPOSITION = r"(?P<how>before|by|until|till|up\s+to|after|since|from|on|for|at|in)?\s*(?:the\s+)?"


def number(word: str) -> int | None:
    word = word.lower()
    return int(word) if word.isdigit() else _NUMBERS.get(word)


@dataclass(frozen=True)
class Now:
    """When and where something was said."""

    moment: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.moment.astimezone(self.zone).date()

    def instant(self) -> str:
        """As the tools take it."""
        return self.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def read(self, text: str) -> Reading:
        """The date in this text."""
        return dates.read(text, self.moment, self.zone)

    def parse(self, text: str) -> Reading | None:
        """The date that this text is, or what is wrong with it; None if it is none."""
        text = text.strip(" ,.:")
        return dates.parse(text, self.moment, self.zone) if len(text) <= _LONGEST_DATE else None

    def due(self, text: str) -> Due | None:
        """When this text says, or None if it is no date (or one that does not exist)."""
        reading = self.parse(text)
        if reading is None or reading.problem is not None:
            return None
        return as_due(reading, text)

    def later(self, text: str) -> Due | None:
        """ "two days", "by a week": how much later."""
        found = _LENGTH.fullmatch(text.strip())
        if found is None:
            return None
        count = 1 if found["count"].lower() == "another" else number(found["count"].split()[-1])
        if "couple" in found["count"].lower():
            count = 2
        unit = found["unit"].lower()
        if unit.startswith("hour"):
            return Due(later_hours=count or 1)
        return Due(later_days=(count or 1) * (7 if unit.startswith("week") else 1))

    def span(self, text: str) -> tuple[Selection, str] | None:
        """The stretch of time that a question is about, and the text without it."""
        for pattern, make in _SPANS:
            if found := pattern.search(text):
                selection = make(self, found)
                if selection is not None:
                    rest = f"{text[: found.start()]} {text[found.end() :]}"
                    return selection, " ".join(rest.split())
        return self._named_day(text)

    def _named_day(self, text: str) -> tuple[Selection, str] | None:
        """ "on 3 December", "before friday", at the end."""
        words = text.split()
        for count in range(min(6, len(words)), 0, -1):
            tail = " ".join(words[-count:])
            found = re.fullmatch(
                rf"(?:due\s+)?{_PREPOSITION}(?!due\b)(?P<day>.+)", tail, re.IGNORECASE
            )
            if found is None:
                continue
            reading = self.parse(found["day"])
            if reading is None or reading.problem is not None:
                continue
            day = reading.day or (reading.instant and reading.instant.astimezone(self.zone).date())
            if day:
                how = (found["how"] or "on").lower()
                return _around(how, day, found["day"], self), " ".join(words[:-count])
        return None


def as_due(reading: Reading, text: str) -> Due | None:
    when = reading.instant or reading.day
    if when is None:
        return None
    return Due.of(when, clock_only=bool(_CLOCK_ONLY.fullmatch(text.strip())))


def repeats(text: str) -> str | None:
    """The words that ask for repetition, outside of quotes."""
    found = _REPEATS.search(re.sub(r"[“\"].*?[”\"]", lambda quoted: "_" * len(quoted[0]), text))
    return text[found.start() : found.end()] if found else None


def misspelt(text: str) -> str | None:
    """The text with a word where a date would stand as the date that it resembles."""
    words = text.split()
    for place, word in enumerate(words):
        bare = word.strip(".,!?").lower()
        before = words[place - 1].lower() if place else ""
        ends = place == len(words) - 1
        if not (ends or before in ("on", "by", "next", "this", "until", "due", "for")) or not place:
            continue
        if bare in _VOCABULARY or bare in _PLAIN_WORDS or len(bare) < 5 or not bare.isalpha():
            continue
        near = get_close_matches(bare, _VOCABULARY, n=1, cutoff=0.83)
        if near:
            return " ".join([*words[:place], near[0], *words[place + 1 :]])
    return None


def _around(how: str, day: date, words: str, now: Now) -> Selection:
    iso = day.isoformat()
    name = words.strip(" ?.!")
    match " ".join(how.split()):
        case "before":
            return Selection(due_to=(day - timedelta(1)).isoformat(), label=f"before {name}")
        case "by" | "until" | "till" | "up to":
            return Selection(due_to=iso, label=f"by {name}")
        case "after":
            return Selection(due_from=(day + timedelta(1)).isoformat(), label=f"after {name}")
        case _:
            label = {now.today: "today", now.today + timedelta(1): "tomorrow"}.get(day)
            return Selection(due_from=iso, due_to=iso, label=label or f"on {name}")


def _days(first: date, last: date, label: str) -> Selection:
    return Selection(due_from=first.isoformat(), due_to=last.isoformat(), label=label)


def _next_days(now: Now, found: "re.Match[str]") -> Selection | None:
    count = number(found["count"] or "1")
    if count is None:
        return None
    days = count * (7 if found["unit"].lower().startswith("week") else 1)
    return _days(now.today, now.today + timedelta(days), f"in the next {days} days")


def _week(now: Now, found: "re.Match[str]") -> Selection:
    monday = now.today - timedelta(now.today.weekday())
    if (found["which"] or "").lower() == "next":
        monday += timedelta(7)
        return _days(monday, monday + timedelta(6), "next week")
    return _days(monday, monday + timedelta(6), "this week")


def _weekend(now: Now, found: "re.Match[str]") -> Selection:
    saturday = weekend(now.today)
    if (found["which"] or "").lower() == "next":
        saturday += timedelta(7)
        return _days(saturday, saturday + timedelta(1), "next weekend")
    return _days(saturday, saturday + timedelta((6 - saturday.weekday()) % 7), "this weekend")


def _month(now: Now, found: "re.Match[str]") -> Selection:
    first = now.today.replace(day=1)
    which = found["which"].lower()
    if which == "next":
        first = months_later(first, 1)
    return _days(first, end_of_month(first), f"{which} month")


def _named_month(now: Now, found: "re.Match[str]") -> Selection:
    month = _MONTHS.index(found["month"].lower()) + 1
    year = int(found["year"] or now.today.year + (month < now.today.month))
    first = date(year, month, 1)
    return _days(first, end_of_month(first), f"in {found['month'].capitalize()}")


def _yesterday(now: Now, _found: "re.Match[str]") -> Selection:
    day = now.today - timedelta(1)
    return _days(day, day, "yesterday")


def _near(now: Now, found: "re.Match[str]") -> Selection:
    word = found["near"].lower()
    ahead = 2 if "after" in word else 1 if "tomorrow" in word else 0
    day = now.today + timedelta(ahead)
    how = (found["how"] or "on").lower()
    return _around(how, day, ("today", "tomorrow", "the day after tomorrow")[ahead], now)


def _span(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern, re.IGNORECASE)


_SPANS = (
    (
        _span(r"\b(?:is\s+|are\s+)?(?:over\s?due|past\s+due|late(?:\s+with)?|behind(?:\s+with)?)\b"),
        lambda _now, _found: Selection(status="pending", overdue=True, label="overdue"),
    ),
    (
        _span(r"\b(?:(?:have|has|with)\s+)?(?:no|without(?:\s+an?|\s+any)?)\s+(?:due\s+)?(?:dates?|deadlines?)\b"),
        lambda _now, _found: Selection(undated=True, label="without a due date"),
    ),
    (
        _span(
            r"\b(?:in|over|within|for)?\s*(?:the\s+)?(?:next|coming)\s+(?P<count>\d{1,3}|two|three|four|five|six"
            r"|seven|ten)\s+(?P<unit>days?|weeks?)\b"
        ),
        _next_days,
    ),
    (
        _span(r"\b(?:in|on|at|for|over)?\s*(?:(?P<which>this|next|the|coming)\s+)weekend(?:'s)?\b"),
        _weekend,
    ),
    (_span(r"\b(?:in|for|on)?\s*(?P<which>this|next|my|the)\s+week(?:'s)?\b"), _week),
    (_span(r"\b(?:in|for)?\s*(?P<which>this|next)\s+month(?:'s)?\b"), _month),
    (
        _span(rf"\b(?:in|for)\s+(?P<month>{'|'.join(_MONTHS)})(?:\s+(?P<year>\d{{4}}))?(?!\s*\d)"),
        _named_month,
    ),
    (_span(r"\byesterday(?:'s)?\b"), _yesterday),
    (
        _span(
            rf"\b{_PREPOSITION}(?P<near>(?:the\s+)?day\s+after\s+tomorrow|tomorrow|today|tonight)(?:'s)?\b"
        ),
        _near,
    ),
)  # fmt: skip
