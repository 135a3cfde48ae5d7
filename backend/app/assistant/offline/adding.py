"""Sentences that ask for a new task."""

import re
from datetime import datetime
from typing import Any

from app.assistant.offline import dates
from app.assistant.offline.intent import Intent, Talk, talk
from app.assistant.offline.sentence import titled, unquoted

_LEVEL = r"(?P<level>high|medium|low|normal|top|urgent|important)"
_LEVELS = {"top": "high", "urgent": "high", "important": "high", "normal": "medium"}
_KIND = r"(?:task|todo|to-do|to do|item|reminder|entry)"
_START = re.compile(
    rf"^(?:add|create|make|insert|new|set up)\b\s*(?:me\s+)?(?:a|an|another|the|one)?\s*(?:new\s+)?"
    rf"(?:{_LEVEL}(?:[\s-]+priority)?\s+)?(?:{_KIND}s?\b)\s*"
    r"(?:(?:called|named|titled|labelled|saying|that\s+says|to|for|about|that)\b|[:\-\u2013,])?\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:make|take|add)\s+a\s+note\s+(?:to|that|of|:)\s*(?P<title>.+)$", re.IGNORECASE
)
_ONTO_LIST = re.compile(
    r"^(?:add|put|insert|write|place|include)\s*:?\s+(?P<title>.+?)\s+(?:to|on|onto|in|into)\s+"
    r"(?:my|the|our)\s+(?:[\w-]+\s+)?(?:list|tasks|todos|to-dos|to do list)$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:add|todo|to-do|schedule|note\s+down|jot\s+down|write\s+down)\b\s*[:\-\u2013]?\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_REMIND = re.compile(
    r"^(?:remind\s+me\s+(?:to|about|that)|(?:don'?t|do\s+not)\s+(?:let\s+me\s+)?forget\s+(?:to|about)|"
    r"i\s+(?:need|have|must|ought|want)\s+to\s+remember\s+to|remember\s+to|"
    r"i\s+(?:need|have|ought|still\s+need|still\s+have)\s+to|i'?ve\s+got\s+to|i\s+(?:must|should|gotta))"
    r"\s+(?P<title>.+)$",
    re.IGNORECASE,
)
_DESCRIPTION = re.compile(
    r"^(?P<title>.+?)[\s,]+with\s+(?:the\s+|a\s+)?(?:description|note|details?)\s*(?:of\b|:)?\s*"
    r"(?P<description>.+)$",
    re.IGNORECASE,
)
_PRIORITY = re.compile(
    rf"^(?P<title>.+?)[\s,]+(?:with\s+|at\s+|as\s+)?(?:an?\s+)?(?:{_LEVEL}\s+priority|"
    r"priority\s*:?\s*(?P<level2>high|medium|low))$",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"^(?P<title>.+?)[\s,]+(?:that\s+is\s+|which\s+is\s+)?due\s*:?\s+(?P<due>.+)$", re.IGNORECASE
)
# "I should delete task 3" is an order in the clothes of a wish, or no order at all.
_ORDER_INSIDE = re.compile(
    r"^(?:delete|remove|complete|finish|mark|update|rename|reopen)\b.*(?:\btask\s+#?\d|#\d|\btask$)",
    re.IGNORECASE,
)


def understand(text: str, now: datetime) -> Intent | None:
    for pattern in (_ONTO_LIST, _START, _NOTE, _REMIND, _BARE):
        found = pattern.match(text)
        if found is None:
            continue
        rest = found["title"].strip()
        if pattern is _REMIND and _ORDER_INSIDE.match(rest):
            return talk(Talk.WONDERING)
        level = found.groupdict().get("level")
        return _task(rest, level, now)
    return None


def _task(rest: str, level: str | None, now: datetime) -> Intent:
    arguments: dict[str, Any] = {}
    if found := _DESCRIPTION.match(rest):
        rest, arguments["description"] = found["title"], unquoted(found["description"])
    while True:
        if found := _PRIORITY.match(rest):
            rest, level = found["title"], found["level"] or found["level2"]
        elif found := _DUE.match(rest):
            due = dates.parse(found["due"], now)
            if due is None:
                # "due Friday, high priority": the priority goes first.
                if inner := _PRIORITY.match(found["due"]):
                    rest = f"{found['title']} due {inner['title']}"
                    level = inner["level"] or inner["level2"]
                    continue
                return talk(Talk.WHICH_DATE)
            rest, arguments["due_at"] = found["title"], due
        elif "due_at" not in arguments and (ending := dates.at_the_end(rest, now))[1]:
            rest, arguments["due_at"] = ending
        else:
            break
    if level:
        arguments["priority"] = _LEVELS.get(level.lower(), level.lower())
    title = titled(rest)
    if not title or dates.parse(title, now):
        return talk(Talk.WHAT_TO_ADD)
    return Intent("add_task", {"title": title, **arguments})
