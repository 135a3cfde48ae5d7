"""Sentences that ask what there is: lists, one task, a search."""

import re
from typing import Any

from app.assistant.offline.intent import Intent, Talk, talk
from app.assistant.offline.reference import NUMBER
from app.assistant.offline.sentence import unquoted

_MANY = r"(?:tasks|todos|to-dos|items|entries|task|todo|to-do|anything|something|things?|ones)"
_ABOUT = (
    r"(?:about|for|regarding|concerning|on|with|containing|that\s+contains?|that\s+mentions?|"
    r"mentioning|mentions?|related\s+to|matching|named|called|including|to\s+do\s+with)"
)
_SHOW = r"(?:show|list|display|see|give|get|view|print|what\s+are|which\s+are)"
_WORD = r"(?:the\s+)?(?:words?|text|term|keyword)\s+"

_SEARCH = (
    rf"(?:search|find|look\s+for|look\s+up|lookup|locate)\s+(?:me\s+)?(?:through\s+|in\s+)?"
    rf"(?:(?:for\s+)?(?:all\s+|any\s+)?(?:of\s+)?(?:my\s+|the\s+)?(?:{_MANY}|list)\s+)?"
    rf"(?:{_ABOUT}\s+)?(?:{_WORD})?(?P<query>.+)",
    rf"(?:do|have)\s+i\s+(?:have\s+|got\s+)?(?:an?\s+|any\s+)?(?:{_MANY})\s+{_ABOUT}\s+(?P<query>.+)",
    rf"(?:is|are)\s+there\s+(?:an?\s+|any\s+)?(?:{_MANY})\s+{_ABOUT}\s+(?:{_WORD})?(?P<query>.+)",
    rf"(?:which|what)\s+(?:of\s+my\s+)?(?:{_MANY})\s+(?:are\s+|is\s+)?(?:about|mention|contain|have|include|"
    rf"related\s+to|relate\s+to)\s+(?:{_WORD})?(?:the\s+)?(?P<query>.+)",
    rf"{_SHOW}\s+(?:me\s+)?(?:all\s+)?(?:my\s+|the\s+)?(?:{_MANY})\s+(?:about|regarding|concerning|"
    rf"containing|mentioning|related\s+to|matching|with)\s+(?:{_WORD})?(?P<query>.+)",
)
_SEARCH_ALONE = re.compile(r"^(?:search|find|look\s+for|look\s+up)$", re.IGNORECASE)
_NUMBERED = NUMBER.replace("?P<number>", "").replace(
    r"(?:task|todo|to-do|item)?", "(?:task|item|todo|#)"
)
_GET = (
    rf"(?:show|view|open|get|display|see|read|print|give)\s+(?:me\s+)?(?P<task>{_NUMBERED})",
    r"(?:show|view|open|get|display|see|give)?\s*(?:me\s+)?(?:the\s+|all\s+)?(?:details?|info|information)\s+"
    r"(?:of|for|about|on)\s+(?P<task>.+)",
    r"(?:tell\s+me\s+)(?:more\s+)?about\s+(?P<task>.+)",
    rf"(?:what\s+is|what's|whats)\s+(?P<task>{_NUMBERED})(?:\s+about)?",
    r"when\s+is\s+(?P<task>.+?)\s+due",
    rf"is\s+(?P<task>{_NUMBERED}|['\"].+['\"]|.+\s+task)\s+(?:done|complete|completed|finished|open|pending|due)",
)
_LIST = (
    rf"(?:{_SHOW}|what'?s|what\s+is|what|which|how\s+many|do\s+i\s+have|have\s+i|give|are\s+there|is\s+there|my|all|"
    r"tasks|todos|pending|completed|open|list|everything|overview)\b.*"
)
_ABOUT_LIST = re.compile(
    r"\b(?:tasks?|todos?|to-dos?|to\s+do|list|pending|completed?|finish(?:ed)?|done|open|left|remain(?:s|ing)?|"
    r"unfinished|incomplete|everything|outstanding|agenda|due)\b",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"\b(?:pending|open|incomplete|unfinished|undone|uncompleted|outstanding|remain(?:s|ing)?|left|"
    r"not\s+(?:yet\s+)?(?:done|completed?|finished)|still|have\s+to\s+do|need\s+to\s+do)\b",
    re.IGNORECASE,
)
_COMPLETED = re.compile(
    r"\b(?:completed?|finish(?:ed)?|done|closed|checked\s+off|ticked\s+off)\b", re.IGNORECASE
)
_SORT = re.compile(
    r"\b(?:sort(?:ed)?|order(?:ed)?|arranged)?\s*by\s+(?:the\s+)?(?P<by>title|name|due\s+date|date|"
    r"deadline|priority|urgency|importance|creation|newest)\b",
    re.IGNORECASE,
)
_SORTS = {"title": "title", "name": "title", "due date": "due_date", "date": "due_date",
          "deadline": "due_date", "priority": "priority", "urgency": "priority",
          "importance": "priority"}  # fmt: skip
_PRIORITY = re.compile(
    r"\b(?:(?P<level>high|medium|low)[\s-]+priority|(?P<urgent>urgent|important))\b", re.IGNORECASE
)


def understand(text: str) -> Intent | None:
    for pattern in _GET:
        if found := re.fullmatch(pattern, text, re.IGNORECASE):
            return Intent("get_task", {}, found["task"])
    if _SEARCH_ALONE.match(text):
        return talk(Talk.WHAT_TO_FIND)
    for pattern in _SEARCH:
        if found := re.fullmatch(pattern, text, re.IGNORECASE):
            query = re.sub(
                r"^(?:the|my|a|an)\s+", "", unquoted(found["query"]), flags=re.IGNORECASE
            )
            return Intent("search_tasks", {"query": unquoted(query)})
    if re.fullmatch(_LIST, text, re.IGNORECASE) and _ABOUT_LIST.search(text):
        return _list(text)
    return None


def _list(text: str) -> Intent:
    arguments: dict[str, Any] = {}
    if found := _SORT.search(text):
        by = " ".join(found["by"].lower().split())
        if by in _SORTS:
            arguments["sort"] = _SORTS[by]
        text = text[: found.start()] + text[found.end() :]
    if found := _PRIORITY.search(text):
        arguments["priority"] = (found["level"] or "high").lower()
    if _PENDING.search(text):
        arguments["status"] = "pending"
    elif _COMPLETED.search(text):
        arguments["status"] = "completed"
    return Intent("list_tasks", arguments)
