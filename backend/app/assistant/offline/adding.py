"""Sentences that ask for a new task, or for several."""

import re
from dataclasses import replace

from app.assistant.offline.intent import Due, Intent, Missing, Talk, talk
from app.assistant.offline.sentence import is_quoted, titled, unquoted
from app.assistant.offline.verbs import begins_with_verb
from app.assistant.offline.when import Now, as_due, misspelt, repeats

_LEVEL = r"(?P<level>high|medium|low|normal|top|urgent|important)"
_LEVELS = {"top": "high", "urgent": "high", "important": "high", "normal": "medium"}
_KIND = r"(?:task|todo|to-do|to do|item|reminder|entry)"
_LINK = r"(?:(?:called|named|titled|labelled|saying|that\s+says|to|for|about|that)\b|[:\-\u2013])"
_COUNT = r"(?:two|three|four|five|six|\d|these|the\s+following|some|several)"
_START = re.compile(
    rf"^(?:add|create|make|insert|new|set up)\b\s*(?:me\s+)?(?:a|an|another|the|one)?\s*(?:new\s+)?"
    rf"(?:{_LEVEL}(?:[\s-]+priority)?\s+)?(?:{_KIND}\b)(?!\s*-?s\b)\s*{_LINK}?\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"^(?:add|create|make|new)\b\s*(?:(?:{_COUNT}\s+)?(?:new\s+)?(?:{_KIND})s|{_COUNT})\s*:?\s*(?P<titles>.+)$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:make|take|add)\s+a\s+note\s+(?:to|that|of|:)\s*(?P<title>.+)$", re.IGNORECASE
)
_ONTO_LIST = re.compile(
    r"^(?:add|put|insert|write|place|include|pop|stick|throw|get)\s*:?\s+(?P<title>.+?)\s+(?:to|on|onto|in|into)\s+"
    r"(?:my|the|our)\s+(?:[\w-]+\s+)?(?:list|tasks|todos|to-dos|to do list)\b[\s,]*(?P<more>.*)$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:add|todo|to-do|to\s+do\s*(?=:)|schedule|(?:note|jot|write)\s+down(?:\s+to\b)?)(?!\w)\s*[:\-\u2013]?\s*"
    r"(?P<title>.*)$",
    re.IGNORECASE,
)
_REMIND_WHEN = re.compile(
    r"^remind\s+me\s+(?P<when>.+?)\s+(?:to|that|about)\s+(?P<title>.+)$", re.IGNORECASE
)
_REMIND = re.compile(r"^remind\s+me\s+(?P<how>to|that)\s+(?P<title>.+)$", re.IGNORECASE)
_REMIND_ABOUT = re.compile(r"^remind\s+me\s+(?:about|of|on|at|in)\b", re.IGNORECASE)
_NEED = re.compile(
    r"^(?:(?:don'?t|do\s+not)\s+(?:let\s+me\s+)?forget(?:\s+(?:to|about))?|"
    r"i\s+(?:need|have|must|ought|want)\s+to\s+remember\s+to|remember\s+to|"
    r"(?:i\s+)?(?:need|have|ought|still\s+need|still\s+have)\s+to|i'?ve\s+got\s+to|i\s+(?:must|should|gotta))"
    r"\s+(?P<title>.+)$",
    re.IGNORECASE,
)
_WHEN_FIRST = re.compile(
    r"^(?P<when>.{2,40}?),?\s+(?P<rest>(?:i\s+(?:need|have|must|should|ought|gotta)|i'?ve\s+got|remind\s+me|add)\b.+)$",
    re.IGNORECASE,
)
_DESCRIPTION = re.compile(
    r"^(?P<title>.+?)[\s,]+with\s+(?:the\s+|a\s+)?(?:description|note|details?)\s*(?:of\b|:)?\s*"
    r"(?P<description>.+)$",
    re.IGNORECASE,
)
_PRIORITY = re.compile(
    rf"^(?P<title>.*?)[\s,]*\b(?:(?:with|at|as|it\s+is|it's|and)\s+)*(?:an?\s+)?(?:{_LEVEL}[\s-]+priority|"
    r"priority\s*:?\s*(?P<level2>high|medium|low)|(?P<level3>urgent|important|!high|!low))$",
    re.IGNORECASE,
)
_DUE_ALONE = re.compile(r"^(?:that\s+is\s+|which\s+is\s+)?due$", re.IGNORECASE)
_DUE_WHAT = re.compile(r"\bdue\s*:?\s+(?P<what>[^,]+)$", re.IGNORECASE)
# "I should delete task 3" is an order in the clothes of a wish, or no order at all.
_ORDER_INSIDE = re.compile(
    r"^(?:delete|remove|complete|finish|mark|update|rename|reopen)\b.*(?:\btask\s+#?\d|#\d|\btask$)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,\s*)?\band\s+(?:also\s+|then\s+)?(?:to\s+)?|\s*;\s*", re.IGNORECASE)
_AND_ADD = re.compile(
    r"\s*(?:[,;]\s*|,?\s*\b(?:and|then)\s+)(?:also\s+|then\s+)?add\s+", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+(?P<title>.+)$")
_NOTHING = re.compile(
    r"(?:nothing|anything|something|it|that|this|one|another)|!\w+|[\W_]*|.*\s(?:to|for|with|and|by|at|of)",
    re.IGNORECASE,
)
_NO_TASK = re.compile(
    r"^(?:set|mark|move|delete|remove|rename|change|complete|undo|yes|no|same|again|the\s+same|tell\s+me)\b"
    r"|\bnot\b|n't\b|\bnobody\b|\bnever\b",
    re.IGNORECASE,
)
_NO_REMINDERS = "There are no reminders here, so nothing will ring."


def understand(text: str, now: Now) -> Intent | None:
    if (found := _WHEN_FIRST.match(text)) and now.due(found["when"]):
        # In the middle of a sentence a capital would make it a name.
        return understand(f"{found['rest']} {found['when'].lower()}", now)
    if _REMIND_ABOUT.match(text):
        return Intent(None, talk=Talk.UNSUPPORTED, words=f"{_NO_REMINDERS} I can set a due date.")
    if (found := _REMIND_WHEN.match(text)) and now.due(found["when"]):
        return understand(f"remind me to {found['title']} {found['when']}", now)
    if found := _SEVERAL.match(text):
        return _all(re.split(r"\s*[,;]\s*|\s+and\s+", found["titles"]), now)
    for pattern in (_ONTO_LIST, _START, _NOTE, _REMIND, _NEED, _BARE):
        found = pattern.match(text)
        if found is None:
            continue
        rest = found["title"].strip()
        if pattern in (_REMIND, _NEED) and _ORDER_INSIDE.match(rest):
            return talk(Talk.WONDERING)
        if pattern is _ONTO_LIST and found["more"]:
            rest = f"{rest} {found['more']}"
        intent = _one_or_several(rest, found.groupdict().get("level"), now, text)
        if pattern is _NEED:
            intent = replace(intent, stated=True)
        if pattern is _REMIND and intent.talk is None:
            return replace(intent, notes=(*intent.notes, _NO_REMINDERS))
        return intent
    return None


def bullets(raw: str, now: Now) -> Intent | None:
    """ "Add:" and a line for each task."""
    lines = [line for line in raw.splitlines() if line.strip()]
    if len(lines) < 2 or not re.match(
        r"^\s*(?:please\s+)?(?:add|new\s+tasks?|todos?)\b", lines[0], re.IGNORECASE
    ):
        return None
    found = [_BULLET.match(line) for line in lines[1:]]
    return _all([each["title"] for each in found if each], now) if all(found) else None


def offer(text: str, now: Now) -> Intent | None:
    """A sentence that is no order, as a task that might be meant; None if it is half an order, or
    says what is not."""
    if _NO_TASK.search(text):
        return None
    text = re.sub(
        r"^(?:i\s+(?:will|want|need|am\s+going\s+to)|i'll|i'm\s+going\s+to|we\s+need)\s+(?:to\s+)?(?=\w)",
        "",
        text,
        flags=re.IGNORECASE,
    )
    reading = now.read(text)
    if reading.problem is None and not reading.title:
        return None
    intent = _task(text, None, now, text)
    return replace(intent, offered=True) if intent.tool and not intent.missing else None


def _all(titles: list[str], now: Now) -> Intent:
    each = [_task(title.strip(), None, now, title) for title in titles if title.strip()]
    wrong = next((one for one in each if one.talk or one.missing), None)
    if wrong is not None:
        return wrong
    return each[0] if len(each) == 1 else Intent("add_task", each=tuple(each))


def _one_or_several(rest: str, level: str | None, now: Now, sentence: str) -> Intent:
    if is_quoted(rest):
        return _task(rest, level, now, sentence)
    if _AND_ADD.search(rest):
        return _all(_AND_ADD.split(rest), now)
    halves = [half for half in _AND.split(rest) if half]
    if len(halves) > 1 and not re.search(
        r"[“\"]|\bwith\s+(?:the\s+|a\s+)?(?:note|description|details?)\b", rest
    ):
        dated = [bool(now.read(half).words) for half in halves]
        verbs = [begins_with_verb(half) for half in halves]
        if all(date or verb for date, verb in zip(dated, verbs, strict=True)) and (
            all(verbs) or all(dated)
        ):
            return _all(halves, now)
        # A date that belongs to one of them: perhaps two tasks, perhaps one.
        if any(dated[:-1]) and not all(dated):
            return talk(Talk.HALVES, rest)
    return _task(rest, level, now, sentence)


def _task(rest: str, level: str | None, now: Now, sentence: str) -> Intent:
    if is_quoted(rest):
        return _new(unquoted(rest), level, None, {})
    arguments: dict[str, str] = {}
    if found := _DESCRIPTION.match(rest):
        rest, description = found["title"], found["description"]
        if not is_quoted(description) and (late := _PRIORITY.match(description)) and late["title"]:
            description, level = late["title"].rstrip(" ,"), _level(late)
        arguments["description"] = unquoted(description)
    if words := repeats(rest):
        return talk(Talk.REPEATING, words)
    due: Due | None = None
    while found := _PRIORITY.match(rest):
        rest, level = found["title"].rstrip(" ,"), _level(found)
    reading = now.read(rest)
    notes: tuple[str, ...] = ()
    if reading.problem is not None:
        return talk(Talk.WHICH_DATE, reading.problem.message)
    if corrected := misspelt(sentence):
        return talk(Talk.INSTEAD, corrected)
    if reading.words:
        due = as_due(reading, " ".join(reading.words))
        rest = re.sub(r"[\s,]+(?:due|for|until|by|on)$", "", reading.title, flags=re.IGNORECASE)
        while found := _PRIORITY.match(rest):
            rest, level = found["title"].rstrip(" ,"), _level(found)
    elif (what := _DUE_WHAT.search(rest)) and not is_quoted(what["what"]):
        return talk(Talk.WHICH_DATE)
    elif reading.unsure:
        notes = (
            f"I kept “{reading.unsure}” in the title; if it is a date, tell me when it is due.",
        )
    if _DUE_ALONE.match(rest):
        rest = ""
    return replace(_new(rest, level, due, arguments), notes=notes)


def _new(title: str, level: str | None, due: Due | None, arguments: dict[str, str]) -> Intent:
    if level:
        arguments = {**arguments, "priority": _LEVELS.get(level.lower(), level.lower().strip("!"))}
    title = "" if _NOTHING.fullmatch(title) else titled(title)
    missing = None if title else Missing.TITLE
    return Intent(
        "add_task", {**({"title": title} if title else {}), **arguments}, due=due, missing=missing
    )


def _level(found: "re.Match[str]") -> str:
    return str(found["level"] or found["level2"] or found["level3"])


def title_of(text: str, now: Now, before: Intent) -> Intent:
    """The answer to "What shall I add?"."""
    intent = _task(text, None, now, text)
    if intent.tool is None or intent.missing:
        return intent
    return replace(
        intent, arguments={**before.arguments, **intent.arguments}, due=intent.due or before.due
    )
