"""The words that name a day or a time of day, and what each says.

A table of patterns: where a text is read, the first that fits there wins, so longer ones come
first. Nothing is decided here about whether a word is meant as a date; `firmness` says how much
its surroundings must tell.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from app.dates import calendar as cal


class Firmness(IntEnum):
    """How sure it is that these words mean a date."""

    WEAK = 0
    """12.5, "the 3rd": only beside another part, after "on", "by", "due", or alone."""
    USUAL = 1
    """Weekdays: also at the end of the text, before punctuation or a word such as "with"."""
    PLAIN = 2
    """ "tomorrow": also at the beginning."""
    FIRM = 3
    """2026-12-31: wherever it stands."""


@dataclass(frozen=True)
class Clock:
    hour: int
    minute: int
    open_half: bool = False
    """Of a 12-hour clock, without saying which half of the day."""


@dataclass(frozen=True)
class Meaning:
    """What one part says. `impossible`: it names a day or time that does not exist."""

    firmness: Firmness = Firmness.USUAL
    day: date | None = None
    weekday: int | None = None
    clock: Clock | None = None
    day_part: time | None = None
    """The usual time of "morning", "EOD"…"""
    today: bool = False
    """A part of this very day ("tonight")."""
    end_of_day: bool = False
    """Midnight: the day as a whole."""
    instant: datetime | None = None
    impossible: bool = False
    repeating: bool = False
    other_zone: bool = False
    utc: bool = False
    several: bool = False
    adjective: bool = False
    """Something else after an article or a possessive ("the friday report")."""
    nameable: bool = False
    """Something else when it has a capital inside a sentence ("USA Today")."""


@dataclass(frozen=True)
class Part:
    start: int
    end: int
    meaning: Meaning


@dataclass(frozen=True)
class Here:
    """When and where the text was written."""

    now: datetime
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.local.date()


MORNING, AFTERNOON, END_OF_WORK, EVENING = time(9), time(15), time(17), time(20)
_DAY_PARTS = {
    "morning": MORNING,
    "afternoon": AFTERNOON,
    "evening": EVENING,
    "night": EVENING,
}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "", "a an one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        )
    )
    for word in words.split()
}  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\.?"
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_COUNT = (
    r"(?P<count>\d{1,6}(?:\.\d)?|an?(?: couple(?: of)?)?|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|half an)"
)
_UNIT = r"(?P<unit>min(?:ute)?s?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?)"
_NTH = r"(?P<number>\d{1,2})(?:st|nd|rd|th)"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_PERIOD = r"(?P<period>day|week|month|year)"
# After a part: no letter or digit, no unit, and no sign that goes on ("12/25/1", "friday's").
_END = r"(?![\w%€$£°]|[-./:,'’](?=\w))"
# More often than the days that they could be.
_FRACTIONS = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4"})
# Shown by the clocks of others: nothing says which of the two clocks a time is meant on.
_OTHER_ZONES = (
    r"(?:[AECMP][SD]T|[ECMP]T|CES?T|EES?T|WES?T|BST|IST|JST|KST|HKT|SGT|MSK|AE[SD]T|NZ[SD]T)"
)

Rule = tuple["re.Pattern[str]", Callable[["re.Match[str]", Here], Meaning | None]]


def part_at(text: str, position: int, here: Here) -> Part | None:
    """The part of a date that begins exactly there, or None."""
    for pattern, say in _RULES:
        if found := pattern.match(text, position):
            try:
                meaning = say(found, here)
            except (OverflowError, ValueError):
                meaning = Meaning(Firmness.FIRM, impossible=True)
            if meaning is not None:
                return Part(position, found.end(), meaning)
    return None


def _dated(day: date | None, firmness: Firmness = Firmness.USUAL) -> Meaning:
    return Meaning(firmness, day=day, impossible=day is None)


def _iso(found: "re.Match[str]", _here: Here) -> Meaning:
    day = cal.exactly(int(found["year"]), int(found["month"]), int(found["number"]))
    if day is None or found["hour"] is None:
        return _dated(day, Firmness.FIRM)
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:
        return Meaning(Firmness.FIRM, impossible=True)
    if not found["offset"]:
        return Meaning(Firmness.FIRM, day=day, clock=Clock(hour, minute))
    offset = found["offset"].upper().replace("Z", "+00:00")
    instant = datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00{offset}")
    return Meaning(Firmness.FIRM, instant=instant.astimezone(UTC))


def _with_year(found: "re.Match[str]", _here: Here) -> Meaning:
    """25.12.2026, 12/25/2026, 25-12-2026 and the like."""
    first, second, sign = int(found["first"]), int(found["second"]), found["sign"][0]
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    day_first = sign == "." or first > 12
    if sign == "-" and first <= 12 and second <= 12 and first != second:
        # 03-04-2026: nothing says which of them is the month.
        return Meaning(Firmness.WEAK, several=True)
    number, month = (first, second) if day_first else (second, first)
    # Of three short numbers with dots between them most are versions.
    firmness = Firmness.WEAK if sign == "." and len(found["year"]) == 2 else Firmness.FIRM
    return _dated(cal.exactly(year, month, number), firmness)


def _dotted(found: "re.Match[str]", here: Here) -> Meaning | None:
    """25.12. and 25.12: perhaps a price."""
    number, month = int(found["first"]), int(found["second"])
    if not (1 <= month <= 12 and 1 <= number <= 31):
        return None
    return _dated(cal.next_date(here.today, month, number), Firmness.WEAK)


def _slashed(found: "re.Match[str]", here: Here) -> Meaning | None:
    """12/25, or 25/12 when the first cannot be a month."""
    first, second = int(found["first"]), int(found["second"])
    if found[0] == "24/7":
        return None
    number, month = (first, second) if first > 12 else (second, first)
    if not (1 <= month <= 12 and 1 <= number <= 31):
        return None
    firmness = Firmness.WEAK if found[0] in _FRACTIONS else Firmness.USUAL
    return _dated(cal.next_date(here.today, month, number), firmness)


def _month_and_day(found: "re.Match[str]", here: Here) -> Meaning:
    month, number = _MONTHS.index(found["month"][:3].lower()) + 1, int(found["number"])
    if found["year"]:
        return _dated(cal.exactly(int(found["year"]), month, number), Firmness.FIRM)
    return _dated(cal.next_date(here.today, month, number))


def _end_of_month(found: "re.Match[str]", here: Here) -> Meaning:
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    year = int(found["year"]) if found["year"] else here.today.year
    end = cal.end_of_month(date(year, month, 1))
    if not found["year"] and end < here.today:
        end = cal.end_of_month(date(year + 1, month, 1))
    return _dated(end)


def _day_of_month(found: "re.Match[str]", here: Here) -> Meaning:
    number = int(found["number"])
    if found["which"]:
        month = here.today.replace(day=1)
        if found["which"].lower() == "next":
            month = cal.months_later(month, 1)
        return _dated(cal.exactly(month.year, month.month, number))
    return _dated(cal.next_day_of_month(here.today, number), Firmness.WEAK)


def _near(found: "re.Match[str]", here: Here) -> Meaning:
    word = found["near"].lower()
    ahead = 2 if "after" in word else 0 if word.endswith(("today",)) else 1
    return Meaning(Firmness.PLAIN, day=here.today + timedelta(ahead), nameable=True)


def _tonight(_found: "re.Match[str]", _here: Here) -> Meaning:
    return Meaning(Firmness.PLAIN, day_part=EVENING, today=True, nameable=True)


def _from_now(found: "re.Match[str]", here: Here) -> Meaning | None:
    """ "in 3 days", "two weeks from friday"."""
    words, unit = found["count"].lower(), found["unit"].lower()
    number = _number(words)
    anchor = (found.groupdict().get("anchor") or "").lower()
    if unit.startswith(("min", "h")):
        if anchor not in ("", "now"):
            return None
        length = timedelta(minutes=number) if unit.startswith("m") else timedelta(hours=number)
        later = here.now.astimezone(UTC) + length
        return Meaning(Firmness.FIRM, instant=later.replace(second=0, microsecond=0))
    if number != int(number):
        return None
    start = here.today
    if anchor.startswith("tom"):
        start += timedelta(1)
    elif anchor[:3] in _WEEKDAYS:
        start = cal.next_weekday(start, _WEEKDAYS.index(anchor[:3]))
    return Meaning(Firmness.FIRM, day=_later(start, int(number), unit))


def _number(words: str) -> float:
    if words == "half an":
        return 0.5
    if "couple" in words:
        return 2
    return float(_NUMBERS.get(words) or words)


def _later(start: date, number: int, unit: str) -> date:
    if unit.startswith("month"):
        return cal.months_later(start, number)
    if unit.startswith("year"):
        return cal.months_later(start, 12 * number)
    days = {"d": 1, "w": 7, "f": 14}[unit[0]]
    return start + timedelta(days * number)


def _weekday(found: "re.Match[str]", here: Here) -> Meaning:
    word = found["weekday"].lower()
    weekday = _WEEKDAYS.index(word[:3])
    which = (found.groupdict().get("which") or found.groupdict().get("week") or "").lower()
    if which == "next":
        return Meaning(day=cal.weekday_of_next_week(here.today, weekday), weekday=weekday)
    # "Sit in the sun", "the cat sat": these are words of their own.
    doubtful = not which and found["weekday"] in ("sat", "sun", "wed", "mon")
    return Meaning(
        Firmness.WEAK if doubtful else Firmness.USUAL,
        day=cal.next_weekday(here.today, weekday),
        weekday=weekday,
        adjective=not which,
    )


def _weekend(found: "re.Match[str]", here: Here) -> Meaning:
    if found["which"].lower() == "next":
        return Meaning(day=cal.weekday_of_next_week(here.today, cal.SATURDAY))
    return Meaning(day=cal.weekend(here.today))


def _period(found: "re.Match[str]", here: Here) -> Meaning | None:
    """ "next week", "the end of the month", "the start of next year"."""
    edge = (found.groupdict().get("edge") or "").lower()
    upcoming = (found.groupdict().get("which") or "").lower() == "next"
    period = found["period"].lower()
    today = here.today
    if period == "day":
        # "this day" and "the start of the day" say nothing.
        return Meaning(day_part=END_OF_WORK, today=True) if edge == "end" and not upcoming else None
    if period == "week":
        start = cal.weekday_of_next_week(today, cal.MONDAY) if upcoming else today
        end = cal.end_of_week(start)
    elif period == "month":
        start = cal.months_later(today.replace(day=1), 1) if upcoming else today
        end = cal.end_of_month(start)
    else:
        start = date(today.year + 1, 1, 1) if upcoming else today
        end = date(start.year, 12, 31)
    if edge in ("start", "beginning"):
        return Meaning(day=start) if upcoming else None
    return Meaning(day=start if upcoming and not edge else end)


_SHORT = {"eow": "week", "eom": "month", "eoy": "year"}


def _shortened(found: "re.Match[str]", here: Here) -> Meaning:
    end = {
        "week": cal.end_of_week(here.today),
        "month": cal.end_of_month(here.today),
        "year": date(here.today.year, 12, 31),
    }
    return Meaning(day=end[_SHORT[found[0].lower()]])


def _end_of_named_day(found: "re.Match[str]", here: Here) -> Meaning:
    ahead = 1 if found["near"].lower().startswith("tom") else 0
    return Meaning(day=here.today + timedelta(ahead), day_part=END_OF_WORK)


def _end_of_work(_found: "re.Match[str]", _here: Here) -> Meaning:
    return Meaning(day_part=END_OF_WORK, today=True)


def _half_day(found: "re.Match[str]", _here: Here) -> Meaning:
    """5pm"""
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        return Meaning(impossible=True)
    hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    return _timed(found, Meaning(clock=Clock(hour, minute)))


def _twenty_four(found: "re.Match[str]", _here: Here) -> Meaning:
    """17:00, or 5:30 without a half."""
    hour, minute = int(found["hour"]), int(found["minute"])
    said = bool(found["at"])
    if (hour, minute) == (24, 0):
        return Meaning(end_of_day=True)
    if hour > 23 or minute > 59:
        return Meaning(Firmness.USUAL if said else Firmness.WEAK, impossible=True)
    open_half = not found["hour"].startswith("0") and 1 <= hour <= 12
    # 13:34 may be a verse or a score; people meet at 13:30.
    firmness = Firmness.USUAL if said or minute % 5 == 0 else Firmness.WEAK
    return _timed(found, Meaning(firmness, clock=Clock(hour, minute, open_half)))


def _bare_hour(found: "re.Match[str]", _here: Here) -> Meaning | None:
    """ "at 5", "5 o'clock"."""
    hour = int(found["hour"])
    if hour > 24:
        return None
    if hour == 24:
        return Meaning(end_of_day=True)
    open_half = not found["hour"].startswith("0") and 1 <= hour <= 12
    return _timed(found, Meaning(clock=Clock(hour, 0, open_half)))


def _timed(found: "re.Match[str]", meaning: Meaning) -> Meaning:
    zone = found.groupdict().get("zone")
    if zone is None:
        return meaning
    if zone.upper() not in ("UTC", "GMT"):
        return Meaning(Firmness.FIRM, other_zone=True)
    return replace(meaning, firmness=Firmness.FIRM, utc=True)


def _noon(found: "re.Match[str]", _here: Here) -> Meaning:
    firmness = Firmness.USUAL if found["at"] else Firmness.WEAK
    if found["word"].lower() == "midnight":
        return Meaning(firmness, end_of_day=True)
    return Meaning(firmness, clock=Clock(12, 0))


def _day_part(found: "re.Match[str]", _here: Here) -> Meaning:
    which = (found["which"] or "").lower()
    usual = _DAY_PARTS[found["part"].lower()]
    if which == "this":
        return Meaning(day_part=usual, today=True)
    return Meaning(Firmness.USUAL if which else Firmness.WEAK, day_part=usual, adjective=True)


def _always(meaning: Meaning) -> Callable[["re.Match[str]", Here], Meaning]:
    def say(_found: "re.Match[str]", _here: Here) -> Meaning:
        return meaning

    return say


_REPEATING = _always(Meaning(Firmness.FIRM, repeating=True))
_SEVERAL = _always(Meaning(Firmness.FIRM, several=True))


def _rule(pattern: str, say: Callable[["re.Match[str]", Here], Meaning | None]) -> Rule:
    # Blanks are counted: of open repetitions side by side a long run of blanks costs the square.
    bounded = pattern.replace(" ", r"\s{1,4}").replace(r"\s*", r"\s{0,4}")
    return re.compile(bounded + _END, re.IGNORECASE), say


_AT = r"(?P<at>(?:at|@)\s*)?"
_ZONE = rf"(?:\s*(?P<zone>UTC|GMT|{_OTHER_ZONES}))?"
_TOMORROW = r"tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr"
_EVERY = (
    r"(?:every|each) "
    r"(?:(?:other|single|second|third|last|first|\d+(?:st|nd|rd|th)?|two|three|four|six) )*"
    rf"(?:{_WEEKDAY.replace('?P<weekday>', '?:')}s?|{_MONTH.replace('?P<month>', '?:')}"
    r"|minutes?|hours?|days?|weekdays?|weekends?|weeks?|fortnight|months?|quarter|years?"
    r"|mornings?|afternoons?|evenings?|nights?|\d{1,2}(?:st|nd|rd|th)|noon|midnight)"
)
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)days"
_HALF = r"(?P<half>a\.?m\.?|p\.?m\.?)"
_TIME_OF_RANGE = r"\d{1,2}(?:[:.]\d\d)?\s*(?:a\.?m\.?|p\.?m\.?)?"

_RULES: tuple[Rule, ...] = (
    _rule(_EVERY, _REPEATING),
    _rule(
        rf"(?:on|over) (?:{_DAYS}|weekdays|weekends)|(?:{_DAYS}|weekdays)(?=[\s.!?,;:)]*$)",
        _REPEATING,
    ),
    _rule(
        r"(?:once|twice|(?:\d+|two|three|four) times) (?:an?|per|every) "
        r"(?:hour|day|week|month|year)",
        _REPEATING,
    ),
    # A word for a repetition only where nothing follows: else "weekly" describes something.
    _rule(
        r"(?:every\s*day|daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annually|nightly)"
        r"(?=[\s.!?,;:)]*$)",
        _REPEATING,
    ),
    _rule(
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<number>\d{1,2})"
        r"(?:(?:T| )(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?"
        r"\s*(?P<offset>Z|[+-]\d\d:?\d\d)?)?",
        _iso,
    ),
    _rule(
        r"(?P<first>\d{1,2})(?P<sign>\.\s*)(?P<second>\d{1,2})\.\s*(?P<year>\d{4}|\d\d)",
        _with_year,
    ),
    _rule(
        r"(?P<first>\d{1,2})(?P<sign>[-/])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)",
        _with_year,
    ),
    # "3-5pm", "from 9:00 to 17:00": a stretch of time has two ends.
    _rule(
        rf"(?:from )?{_TIME_OF_RANGE}\s*(?:-|–|to|until|till|and)\s*"
        rf"(?:\d{{1,2}}(?::\d\d)?\s*{_HALF}|\d{{1,2}}:\d\d)",
        _SEVERAL,
    ),
    _rule(
        rf"{_MONTH} (?:the )?(?P<number>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}",
        _month_and_day,
    ),
    _rule(
        rf"(?:the )?(?P<number>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? {_MONTH}{_YEAR}",
        _month_and_day,
    ),
    _rule(rf"(?:the )?end of {_MONTH}(?: (?P<year>\d{{4}}))?", _end_of_month),
    _rule(rf"the {_NTH}(?: (?:of (?P<which>this|next) month))?", _day_of_month),
    _rule(rf"(?:in|within) {_COUNT} {_UNIT}(?:['’]?\s+time)?", _from_now),
    _rule(
        rf"{_COUNT} {_UNIT} from "
        rf"(?P<anchor>now|today|{_TOMORROW}|{_WEEKDAY.replace('?P<weekday>', '?:')})",
        _from_now,
    ),
    _rule(r"(?:the )?end of (?P<near>today|tomorrow)", _end_of_named_day),
    _rule(rf"(?P<near>(?:the )?day after (?:{_TOMORROW})|(?:later )?today|{_TOMORROW})", _near),
    _rule(r"tonight", _tonight),
    _rule(
        rf"(?:(?P<which>this|next|coming|upcoming|this coming) )?{_WEEKDAY}"
        r"(?: (?:of )?(?P<week>next|this) week)?",
        _weekday,
    ),
    _rule(rf"(?P<week>next|this) week (?:on )?{_WEEKDAY}", _weekday),
    _rule(r"(?:(?:on|at|over) )?(?P<which>this|next|the|coming|this coming) weekend", _weekend),
    _rule(
        rf"(?:the )?(?P<edge>end|start|beginning) of (?:(?P<which>the|this|next) )?{_PERIOD}",
        _period,
    ),
    _rule(r"(?P<which>this|next) (?P<period>week|month|year)", _period),
    _rule(r"eow|eom|eoy", _shortened),
    _rule(r"eod|cob|close of business|end of business", _end_of_work),
    _rule(rf"{_AT}(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?\s*{_HALF}{_ZONE}", _half_day),
    _rule(rf"{_AT}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::\d\d)?(?:\s*h)?{_ZONE}", _twenty_four),
    _rule(rf"{_AT}(?P<hour>\d{{1,2}})\s*o['’]?clock{_ZONE}", _bare_hour),
    _rule(rf"(?:at |@\s*)(?P<hour>\d{{1,2}}){_ZONE}", _bare_hour),
    _rule(r"(?P<first>\d{1,2})/(?P<second>\d{1,2})", _slashed),
    _rule(r"(?P<first>\d{1,2})\.\s*(?P<second>\d{1,2})\.?", _dotted),
    _rule(r"(?P<at>at )?(?P<word>noon|midnight)", _noon),
    _rule(r"(?:(?P<which>this|in the|at) )?(?P<part>morning|afternoon|evening|night)", _day_part),
)  # fmt: skip
