"""Finds the date in what somebody wrote, and says what it means where they are.

A grammar of our own: the libraries that were tried (dateparser, python-dateutil, parsedatetime)
roll 30 February over or take the nearest day, know no "next friday" of the next calendar week, read
"May", "sun" and "3 miles" as dates, and none exists for Python and the browser alike. This one is
small enough to be the same in both, held together by `tests/vectors/dates.json`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.dates.parts import AFTERNOON, Clock, Firmness, Here, Meaning, Part, part_at
from app.dates.zones import at_local_time


class ProblemKind(StrEnum):
    IMPOSSIBLE = "impossible"
    """There is no such day or time."""
    REPEATING = "repeating"
    SEVERAL = "several"
    """More than one day or time, or a stretch of time."""
    OTHER_ZONE = "other_zone"
    """A time with the name of a zone, which may not be the person's."""


_SAID = {
    ProblemKind.IMPOSSIBLE: "There is no such date or time as “{words}”.",
    ProblemKind.REPEATING: "Repeating tasks are not supported (“{words}”).",
    ProblemKind.SEVERAL: "“{words}” could be more than one date or time.",
    ProblemKind.OTHER_ZONE: "Times are taken in your own time zone; “{words}” names another.",
}


@dataclass(frozen=True)
class Problem:
    """Why no date was taken although there is one in the text."""

    kind: ProblemKind
    words: str

    @property
    def message(self) -> str:
        return _SAID[self.kind].format(words=self.words)


@dataclass(frozen=True)
class Reading:
    """A text and the date in it: a day, or an instant in UTC, or neither. With a problem nothing
    is taken out of the text."""

    title: str
    """The text without the words of the date; may be empty."""
    day: date | None = None
    instant: datetime | None = None
    spans: tuple[tuple[int, int], ...] = ()
    """Where the words of the date stand in the text."""
    words: tuple[str, ...] = ()
    """Those words."""
    problem: Problem | None = None
    unsure: str | None = None
    """Words left in the title that look like a date and may be something else."""


@dataclass(frozen=True)
class _Group:
    """Parts that stand beside one another and make one date: "friday", "at 5pm"."""

    parts: tuple[Part, ...]
    start: int
    """Of the first part, or of the words before it that belong to it ("due by")."""
    lead: str

    @property
    def end(self) -> int:
        return self.parts[-1].end

    @property
    def first(self) -> int:
        return self.parts[0].start

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        return tuple(part.meaning for part in self.parts)


_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|`[^`]*`")
_JOINT = re.compile(
    r"\s{0,4},?\s{0,4}(?:(?:at|on|by|the|in the|around|of|before|until|till)\s{1,4}|@\s{0,4}){0,3}",
    re.IGNORECASE,
)
_BETWEEN_TWO = re.compile(
    r"\s*(?:-|–|—|/|&|,?\s*\b(?:to|and|or|through|thru|till|until)\b)\s*(?:(?:on|by|at)\s+)?",
    re.IGNORECASE,
)
_DUE = (
    r"(?:(?:is|are)\s+)?(?:due(?:\s+date)?|deadline)\s*(?:is\b\s*)?:?"
    r"(?:\s+(?:on\s+or\s+before|on|by|at|before|until|for))?"
)
_LEAD = rf"{_DUE}|by|no\s+later\s+than|(?:on\s+or\s+)?before|until|till|til"
# "turn the heating on tomorrow": "on" belongs to what follows only before a name or a number.
_LEAD_BEFORE_NEAR = re.compile(rf"(?:^|(?<=[\s(\[,;:–—-]))(?:{_LEAD}|for)\s*$", re.IGNORECASE)
_LEAD_BEFORE_DAY = re.compile(rf"(?:^|(?<=[\s(\[,;:–—-]))(?:{_LEAD}|for|on|at)\s*$", re.IGNORECASE)
_LEAD_BEFORE_TIME = re.compile(
    rf"(?:^|(?<=[\s(\[,;:–—-]))(?:{_LEAD}|for|at|around|about)\s*$", re.IGNORECASE
)
_DECISIVE_DUE = re.compile(rf"(?:{_LEAD})\s*$", re.IGNORECASE)
# Before these a day is told about, not set.
_TOLD = re.compile(
    r"\b(?:last|past|previous|since|after|from|starting|to|between|through|than|as\s+of)\s+$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:\b(?:the|an?|my|our|your|his|her|their|its|that|every|each)|['’]s)\s+$", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"\s*(?:$|[^\w\s'\"“]|(?:about|with|at|in|to|for|and|or|from|after|because|so|if|when|while|i|i'm|we"
    r"|via|on|by|until|till|but|then|regarding|re|as|near|before|unless|please|due|high|medium|low)\b)",
    re.IGNORECASE,
)
_AT_THE_LATEST = re.compile(r"\s{1,4}at\s{1,4}the\s{1,4}latest\b", re.IGNORECASE)
_SEPARATORS = " \t\n\r,;:–—-"


def read(text: str, now: datetime, zone: ZoneInfo) -> Reading:
    """The date in this text, as written at `now` by somebody in this zone."""
    here = Here(now, zone)
    groups = _groups(text, here)
    unsure = None
    taken: list[_Group] = []
    for index, group in enumerate(groups):
        if group.first == 0 and not text[group.end :].strip(" .!?") and len(groups) == 1:
            taken.append(group)
        elif any(meaning.repeating for meaning in group.meanings):
            return _refused(text, ProblemKind.REPEATING, group)
        elif index and _is_stretch(text, groups[index - 1], group):
            both = _Group((*groups[index - 1].parts, *group.parts), groups[index - 1].first, "")
            return _refused(text, ProblemKind.SEVERAL, both)
        elif _is_meant(text, group):
            taken.append(group)
        elif not _is_adjective(text, group):
            unsure = unsure or text[group.first : group.end]
    return _result(text, here, taken, unsure)


def parse(text: str, now: datetime, zone: ZoneInfo) -> Reading | None:
    """The date that this text is, or what is wrong with it; None if it is not (only) a date."""
    reading = read(text.strip(), now, zone)
    if reading.problem is None and (reading.title or not reading.words):
        return None
    return reading


def _groups(text: str, here: Here) -> list[_Group]:
    hidden = [found.span() for found in _QUOTED.finditer(text)]
    parts: list[Part] = []
    position = 0
    while position < len(text):
        quoted = next((span for span in hidden if span[0] <= position < span[1]), None)
        if quoted and quoted != (0, len(text)):
            position = quoted[1]
            continue
        part = part_at(text, position, here) if _may_begin(text, position) else None
        if part is None:
            position += 1
        else:
            parts.append(part)
            position = part.end
    groups: list[_Group] = []
    for part in parts:
        last = groups[-1] if groups else None
        if last and _belong_together(text, last, part):
            groups[-1] = _Group((*last.parts, part), last.start, last.lead)
        else:
            start, lead = _lead(text, part)
            groups.append(_Group((part,), start, lead))
    return groups


def _belong_together(text: str, group: _Group, part: Part) -> bool:
    joint = _JOINT.fullmatch(text, group.end, part.start)
    if joint is None:
        return False
    # "for 2 May by friday": the day that it is for, and the day by which.
    return not (
        part.meaning.day
        and any(meaning.day for meaning in group.meanings)
        and _DECISIVE_DUE.search(joint[0].rstrip())
    )


def _may_begin(text: str, position: int) -> bool:
    """Whether a word or number begins there."""
    character = text[position]
    if not (character.isalnum() or character == "@"):
        return False
    if position == 0:
        return True
    before = text[position - 1]
    if before.isalnum() or before in "_./#$€£%'’+":
        return False
    # Part of something longer: "v-2", "3:16".
    return not (
        before in "-:"
        and position > 1
        and text[position - 2].isalnum()
        and (before == "-" or text[position - 2].isdigit())
    )


def _lead(text: str, part: Part) -> tuple[int, str]:
    """Where the words before it that belong to the date begin, and those words."""
    meaning = part.meaning
    if meaning.clock or meaning.day_part or meaning.end_of_day:
        pattern = _LEAD_BEFORE_TIME
    elif meaning.nameable or meaning.instant:
        pattern = _LEAD_BEFORE_NEAR
    else:
        pattern = _LEAD_BEFORE_DAY
    # A lead is short: a longer look back would cost the square of the text's length.
    begin = max(0, part.start - 40)
    found = pattern.search(text[begin : part.start])
    if found is None:
        return part.start, ""
    return begin + found.start(), found[0]


def _is_stretch(text: str, first: _Group, second: _Group) -> bool:
    """ "monday to friday": two days are named, none is the one."""
    return bool(_BETWEEN_TWO.fullmatch(text, first.end, second.first))


def _is_adjective(text: str, group: _Group) -> bool:
    return group.meanings[0].adjective and bool(
        _ARTICLE.search(text[max(0, group.start - 20) : group.start])
    )


def _is_meant(text: str, group: _Group) -> bool:
    """Whether the surroundings say that this is when, and not what."""
    before, after = text[max(0, group.start - 20) : group.start], text[group.end :]
    if _is_adjective(text, group) or _TOLD.search(before):
        return False
    firmness = _firmness(group)
    inside_a_sentence = bool(before.strip())
    if (
        firmness < Firmness.FIRM
        and inside_a_sentence
        and group.meanings[0].nameable
        and text[group.first].isupper()
        and not text.isupper()
    ):
        return False
    if group.lead and group.lead.strip().lower() != "for":
        # "on the 3rd floor", "by May 5 people": a weak one must end what it stands in.
        firm_enough = firmness is not Firmness.WEAK or bool(_GOES_ON.match(after))
        return firm_enough and (firmness is not Firmness.USUAL or not _names_a_thing(group, after))
    if firmness is Firmness.FIRM:
        return True
    if firmness is Firmness.WEAK:
        return bool(group.lead) and bool(_GOES_ON.match(after))
    if firmness is Firmness.PLAIN and not inside_a_sentence:
        return True
    return bool(_GOES_ON.match(after))


def _names_a_thing(group: _Group, after: str) -> bool:
    """ "at 5 houses": a bare number before a word counts something."""
    clock = group.meanings[-1].clock
    bare = clock is not None and clock.open_half and clock.minute == 0
    return bare and len(group.parts) == 1 and not _GOES_ON.match(after)


def _firmness(group: _Group) -> Firmness:
    has_day = any(m.day or m.today for m in group.meanings)
    has_clock = any(m.clock or m.end_of_day for m in group.meanings)
    if len(group.parts) > 1 and has_day and has_clock:
        return Firmness.FIRM
    if len(group.parts) > 1:
        return max(Firmness.USUAL, *(m.firmness for m in group.meanings))
    return group.meanings[0].firmness


def _result(text: str, here: Here, taken: list[_Group], unsure: str | None) -> Reading:
    if not taken:
        return Reading(text.strip(), unsure=unsure)
    taken = _the_due_one(taken)
    everything = [meaning for group in taken for meaning in group.meanings]
    whole = _Group(tuple(part for group in taken for part in group.parts), taken[0].first, "")
    for flag, kind in (
        ("repeating", ProblemKind.REPEATING),
        ("impossible", ProblemKind.IMPOSSIBLE),
        ("several", ProblemKind.SEVERAL),
    ):
        if any(getattr(meaning, flag) for meaning in everything):
            return _refused(text, kind, whole)
    if any(meaning.other_zone for meaning in everything):
        return _refused(text, ProblemKind.OTHER_ZONE, whole)
    meant = _combined(everything, here)
    if isinstance(meant, ProblemKind):
        return _refused(text, meant, whole)
    spans = tuple(_whole_span(text, group.start, group.end) for group in taken)
    return Reading(
        title=_without(text, spans),
        day=None if isinstance(meant, datetime) else meant,
        instant=meant if isinstance(meant, datetime) else None,
        spans=spans,
        words=tuple(text[start:end].strip() for start, end in spans),
        unsure=unsure,
    )


def _the_due_one(taken: list[_Group]) -> list[_Group]:
    """Of several days the one that is said to be the due one: "book for 2 May by friday"."""
    days = [group for group in taken if any(m.day or m.today or m.instant for m in group.meanings)]
    due = [group for group in days if _DECISIVE_DUE.match(group.lead.strip())]
    if len(days) > 1 and len(due) == 1:
        return [group for group in taken if group not in days or group is due[0]]
    return taken


def _refused(text: str, kind: ProblemKind, group: _Group) -> Reading:
    return Reading(text.strip(), problem=Problem(kind, text[group.first : group.end].strip()))


def _combined(meanings: list[Meaning], here: Here) -> date | datetime | ProblemKind:
    """One day or one instant out of all that was said."""
    instants = [m.instant for m in meanings if m.instant]
    clocks = [m for m in meanings if m.clock]
    parts = [m for m in meanings if m.day_part]
    ends = [m for m in meanings if m.end_of_day]
    day = _one_day(meanings, here)
    if isinstance(day, ProblemKind):
        return day
    if instants:
        alone = len(meanings) == 1
        return _in_range(instants[0]) if alone else ProblemKind.SEVERAL
    if len(clocks) + len(ends) > 1 or len(parts) > 1:
        return ProblemKind.SEVERAL
    if ends:
        return _in_range(day or here.today)
    if clocks:
        return _in_range(_at(clocks[0], parts[0].day_part if parts else None, day, here))
    if parts and parts[0].day_part:
        return _in_range(_in_part(parts[0].day_part, day, here))
    return _in_range(day) if day else ProblemKind.SEVERAL


def _one_day(meanings: list[Meaning], here: Here) -> date | ProblemKind | None:
    """The day, if one is named. A weekday may stand beside the date that falls on it."""
    days = [m for m in meanings if m.day]
    exact = [m for m in days if m.weekday is None]
    if any(m.today and not m.day_part for m in meanings):
        return here.today
    if not days:
        return here.today if any(m.today for m in meanings) else None
    if len(days) == 1:
        return days[0].day
    if len(days) == 2 and len(exact) == 1 and exact[0].day:
        weekday = next(m.weekday for m in days if m.weekday is not None)
        return exact[0].day if exact[0].day.weekday() == weekday else ProblemKind.IMPOSSIBLE
    return ProblemKind.SEVERAL


def _at(said: Meaning, part: time | None, day: date | None, here: Here) -> datetime:
    """A time of day: on its day, or when it comes next."""
    clock = said.clock or Clock(0, 0)
    hours = _hours(clock, part)
    zone = ZoneInfo("UTC") if said.utc else here.zone
    today = here.now.astimezone(zone).date()
    if day is None or day == here.today:
        for hour in hours:
            found = at_local_time(today if day is None else day, time(hour, clock.minute), zone)
            if found > here.now:
                return found
    if day is None:
        day = today + timedelta(1)
    return at_local_time(day, time(hours[0], clock.minute), zone)


def _hours(clock: Clock, part: time | None) -> tuple[int, ...]:
    """The hours that a clock's number can mean, the likelier first."""
    if not clock.open_half:
        return (clock.hour,)
    morning, afternoon = clock.hour % 12, clock.hour % 12 + 12
    if part is not None:
        return (afternoon,) if part >= AFTERNOON else (morning,)
    # People are up from 7 to 7.
    return (morning, afternoon) if 7 <= clock.hour <= 11 else (afternoon, morning)


def _in_part(usual: time, day: date | None, here: Here) -> date | datetime:
    """ "tomorrow evening", "EOD". A part of today that is already past leaves the day."""
    if day is None:
        found = at_local_time(here.today, usual, here.zone)
        return (
            found
            if found > here.now
            else at_local_time(here.today + timedelta(1), usual, here.zone)
        )
    found = at_local_time(day, usual, here.zone)
    return day if day == here.today and found <= here.now else found


def _in_range(when: date | datetime) -> date | datetime | ProblemKind:
    """Dates that the database and every zone can represent."""
    return when if 1970 <= when.year <= 8999 else ProblemKind.IMPOSSIBLE


def _whole_span(text: str, start: int, end: int) -> tuple[int, int]:
    """With "at the latest" and the brackets around."""
    if tail := _AT_THE_LATEST.match(text, end):
        end = tail.end()
    pairs = {"(": ")", "[": "]"}
    if start and end < len(text) and pairs.get(text[start - 1]) == text[end]:
        return start - 1, end + 1
    return start, end


def _without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text without these pieces and without the signs that only held them."""
    left = text
    for start, end in reversed(spans):
        head, tail = left[:start].rstrip(_SEPARATORS), left[end:].lstrip(_SEPARATORS)
        if tail.strip() in ("", "."):
            left = head
        elif not head or tail[0] in ".!?)":
            left = head + tail
        else:
            left = f"{head} {tail}"
    return " ".join(left.split())
