"""Sentences that ask what there is: lists, one task, a search."""

import re
from dataclasses import replace

from app.assistant.offline.intent import Intent, Missing, Selection, Talk, talk
from app.assistant.offline.reference import NUMBER
from app.assistant.offline.sentence import unquoted
from app.assistant.offline.when import Now, number
from app.assistant.offline.words import word_set

_MANY = (
    r"(?:tasks|todos|to-dos|items|entries|task|todo|to-do|anything|something|everything|things?"
    r"|ones)"
)
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
    r"(?:anything|something|everything)\s+(?:about|with|regarding|concerning|mentioning)\s+(?P<query>.+)",
)
_SEARCH_ALONE = re.compile(r"^(?:search|find|look\s+for|look\s+up)$", re.IGNORECASE)
_NUMBERED = NUMBER.replace("?P<number>", "").replace(
    r"(?:task|todo|to-do|item)?", "(?:task|item|todo|#)"
)
_GET = (
    rf"(?:show|view|open|get|display|see|read|print|give)\s+(?:me\s+)?(?P<task>{_NUMBERED})",
    r"(?:show|view|open|get|display|see|give)?\s*(?:me\s+)?(?:the\s+|all\s+)?(?:details?|info|information)\s+"
    r"(?:of|for|about|on)\s+(?P<task>.+)",
    r"(?:what\s+is|what's)\s+the\s+(?:status|state)\s+of\s+(?P<task>.+)",
    r"(?:tell\s+me\s+)(?:more\s+)?about\s+(?P<task>.+)",
    rf"(?:what\s+is|what's|whats)\s+(?P<task>{_NUMBERED})(?:\s+about)?",
)
_GET_DUE = (
    r"(?:what\s+is|what's|whats)\s+(?:the\s+)?(?:deadline|due\s+date)\s+(?:for|of|on)\s+(?P<task>.+)",
    r"when\s+(?:do|must|should|shall)\s+i\s+(?:have\s+to\s+|need\s+to\s+)?(?P<task>.+)",
    r"(?:when\s+(?:is|are)|when's)\s+(?P<task>.+?)(?:\s+due)?",
)
_PARTICIPLE = (
    r"(?:\w+ed|bought|paid|written|sent|made|taken|gone|done|read|met|given|brought|sold|told|built|fed"
    r"|found|swept|hung|cut|put|set|eaten|rung|run|seen|chosen|complete|finished|open|pending)"
)
_GET_DONE = (
    rf"(?:is|are)\s+(?P<task>{_NUMBERED}|[“\"'].+[”\"']|.+\s+task|it|that|this)\s+(?P<state>done|complete|"
    r"completed|finished|open|pending|due)(?:\s+yet|\s+already)?",
    rf"(?:is|are|was|were|has|have)\s+(?P<task>.+?)\s+(?:been\s+)?(?P<state>{_PARTICIPLE})(?:\s+yet|\s+already)?",
    r"(?:did|have|has)\s+(?:i|we|anybody|anyone|somebody|someone)\s+(?:already\s+)?(?P<task>.+?)"
    r"(?:\s+yet|\s+already)?",
)
_START = re.compile(
    rf"(?:{_SHOW}|what'?s|what\s+is|what|which|how\s+many|how\s+much|do\s+i\s+have|do\s+we\s+have|have\s+i|give|"
    r"are\s+there|is\s+there|am\s+i|my|all|anything|something|everything|any|"
    r"tasks|todos|pending|completed|open|list|overview|summari[sz]e|sum\s+up|overdue|"
    r"high|low|urgent|today's|tomorrow's|this\s+week's)\b.*",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\b(?:tasks?|todos?|to-dos?|to\s+do|list|pending|completed?|finish(?:ed)?|done|open|left|remain(?:s|ing)?|"
    r"unfinished|incomplete|everything|outstanding|agenda|due|overview|important|urgent|next|first)\b"
    r"|^list\s+all$",
    re.IGNORECASE,
)
_TO_BE_DONE = re.compile(
    r"\b(?:(?:has|have|need|needs|ought)\s+to\s+be\s+(?:done|finished|completed)|(?:must|should)\s+be\s+done|"
    r"(?:do\s+i\s+|i\s+)?(?:still\s+)?(?:have|need|got|must|should)\s+(?:to\s+)?(?:get\s+)?do(?:ne)?|"
    r"should\s+i\s+do)\b",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"\b(?:pending|open|incomplete|unfinished|undone|uncompleted|outstanding|remain(?:s|ing)?|left|"
    r"(?:that\s+are\s+)?not\s+(?:yet\s+)?(?:done|completed?|finished)|still)\b",
    re.IGNORECASE,
)
_COMPLETED = re.compile(
    r"\b(?:(?:did|have)\s+i\s+(?:already\s+)?(?:do|done)|completed?|finish(?:ed)?|done|closed|checked\s+off|"
    r"ticked\s+off)\b",
    re.IGNORECASE,
)
_SORTS = (
    (r"oldest(?:\s+(?:ones?|tasks?))?\s+first|by\s+age|oldest", "created", "asc"),
    (
        r"newest(?:\s+(?:ones?|tasks?))?\s+first|latest\s+first|newest|most\s+recent|latest"
        r"|by\s+(?:creation|newest)",
        "created",
        "desc",
    ),
    (
        r"alphabetical(?:ly)?|in\s+alphabetical\s+order|a\s+to\s+z|by\s+(?:the\s+)?(?:title|name)",
        "title",
        None,
    ),
    (
        r"by\s+(?:the\s+)?(?:due\s+date|date|deadline)|soonest\s+first|earliest\s+first",
        "due_date",
        None,
    ),
    (
        r"by\s+(?:the\s+)?(?:priority|urgency|importance)|most\s+(?:urgent|important)\s+first",
        "priority",
        None,
    ),
)
_PRIORITY = re.compile(
    r"\b(?:(?P<level>high|medium|normal|low|top)(?:est)?[\s-]+priority|(?:most\s+)?(?P<urgent>urgent|important))\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:(?:the\s+)?(?:first|top|last)\s+)?(?P<count>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
# What may stand in a question about the list without changing what is asked.
_FILLER = word_set(
    "stuff plate show me my the a an all any of tasks task todos todo to-do to-dos items item "
    "entries "
    "entry things thing ones one list lists display see give get view print what which what's "
    "whats is are am i we you do does did have has had need needs got there here on in for "
    "with that please everything anything something be been should must can could to due now "
    "yet only just it its at still how many much right today's agenda overview up coming come "
    "sort sorted order ordered arranged by and or from as ve i've i'm next first then "
    "summarise summarize sum this these those out tell about only upcoming plan planned "
    "scheduled going so far order mine your our if was were who's whole entire week's day's "
    "off work done"
)
_NEXT = re.compile(
    r"^(?:(?:what'?s|what\s+is)\s+the\s+(?:first|next)\s+(?:thing|task)(?:\s+due)?|"
    r"(?:what'?s|what\s+is|what\s+comes|what\s+should\s+i\s+do|what\s+do\s+i\s+do)\s+(?:up\s+)?"
    r"(?:next|first|now))$",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"^(?:what'?s|what\s+is|which\s+is|what\s+are)\s+(?:the\s+)?most\s+(?:important|urgent)(?:\s+(?:thing|task))?"
    r"(?:\s+(?:right\s+)?now)?$",
    re.IGNORECASE,
)
_OF_WEEK = re.compile(
    r"^(?:summari[sz]e|sum\s+up|how\s+(?:is|does)|show(?:\s+me)?|plan)\s+my\s+week(?:\s+look)?$",
    re.IGNORECASE,
)


def understand(text: str, now: Now) -> Intent | None:
    for patterns, about in ((_GET, ""), (_GET_DUE, "due")):
        for pattern in patterns:
            if found := re.fullmatch(pattern, text, re.IGNORECASE):
                return Intent("get_task", {}, (found["task"],), about=about)
    if _SEARCH_ALONE.match(text):
        return Intent("search_tasks", missing=Missing.QUERY)
    for pattern in _SEARCH:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found and not _is_time(found["query"], now):
            return _search(found["query"])
    if intent := _list(text, now):
        return intent
    return _state(text)


def _is_time(query: str, now: Now) -> bool:
    span = now.span(f"for {query}")
    return span is not None and not _leftover(span[1])


def _search(query: str) -> Intent:
    query = re.sub(r"^(?:the|my|a|an)\s+", "", unquoted(query), flags=re.IGNORECASE)
    return Intent("search_tasks", {"query": unquoted(query)})


def _state(text: str) -> Intent | None:
    """ "Is the rent paid?": whether something is done."""
    for pattern in _GET_DONE:
        if found := re.fullmatch(pattern, text, re.IGNORECASE):
            state = found.groupdict().get("state") or ""
            task = found["task"]
            usual = ("done", "complete", "completed", "finished", "open", "pending", "due", "")
            words = task if state.lower() in usual else f"{state} {task}"
            return Intent("get_task", {}, (words,), stated=True, about="done")
    return None


def _list(text: str, now: Now) -> Intent | None:
    if _NEXT.match(text):
        return Intent("list_tasks", selection=Selection("pending", sort="due_date", limit=5))
    if _URGENT.match(text):
        return Intent("list_tasks", selection=Selection("pending", priority="high"))
    if _OF_WEEK.match(text):
        text = "what is due this week"
    if not _START.fullmatch(text):
        return None
    found = selection(text, now)
    if found is None:
        return None
    wanted, rest = found
    if not (_LISTS.search(text) or wanted.is_dated or text.lower() in ("all", "everything")):
        return None
    counted = bool(re.match(r"how\s+many\b", text, re.IGNORECASE))
    if wanted.status == "completed" and wanted.due_to and "due" not in text.lower().split():
        # "What did I finish this week?" asks when it was done, not when it was due.
        undated = replace(wanted, due_from=None, due_to=None, label="")
        return Intent("list_tasks", selection=undated, notes=(_NOT_KEPT,))
    if rest and wanted.is_dated and not _ASKS.match(text):
        return None
    if rest and wanted.is_dated:
        return talk(Talk.UNSUPPORTED, f"I did not understand “{rest}” in that question.")
    if rest and _PARTS_OF_LISTS.search(text) is None:
        return None
    if rest:
        wanted = replace(wanted, words=rest)
    if wanted.is_dated and wanted.status == "all" and not wanted.undated:
        wanted = replace(wanted, status="pending")
    if wanted.is_dated and wanted.sort is None:
        wanted = replace(wanted, sort="due_date")
    return Intent("list_tasks", selection=wanted, counted=counted)


_NOT_KEPT = "I don't know when a task was finished: that is not kept."
_ASKS = re.compile(rf"(?:{_SHOW}|what|which|how|do|have|is|are|am|any)\b", re.IGNORECASE)
_PARTS_OF_LISTS = re.compile(r"\b(?:tasks|todos|to-dos|items|list)\b", re.IGNORECASE)


def selection(text: str, now: Now) -> tuple[Selection, str] | None:
    """What a question or an order says of the tasks that it is about, and the words that remain
    without a meaning for that."""
    wanted = Selection()
    if span := now.span(text):
        wanted, text = span
    if found := _TO_BE_DONE.search(text):
        wanted = replace(wanted, status="pending")
        text = _without(text, found)
    elif _PENDING.search(text):
        wanted = replace(wanted, status="pending")
        text = _PENDING.sub(" ", text)
    elif _COMPLETED.search(text):
        wanted = replace(wanted, status="completed")
        text = _COMPLETED.sub(" ", text)
    for pattern, sort, order in _SORTS:
        if found := re.search(
            rf"\b(?:(?:sorted|ordered|in\s+order)\s+)?(?:{pattern})\b", text, re.IGNORECASE
        ):
            wanted = replace(wanted, sort=sort, order=order)
            text = _without(text, found)
            break
    if found := _PRIORITY.search(text):
        level = (found["level"] or "high").lower()
        wanted = replace(wanted, priority={"normal": "medium", "top": "high"}.get(level, level))
        text = _without(text, found)
    if (found := _LIMIT.search(text)) and not re.search(r"#\s*\d|task\s+\d", text, re.IGNORECASE):
        wanted = replace(wanted, limit=number(found["count"]))
        text = _without(text, found)
    return wanted, _leftover(text)


def _without(text: str, found: "re.Match[str]") -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())


def _leftover(text: str) -> str:
    """The words that are no filler."""
    words = [word.strip(",.:;?!()'\"“”") for word in text.split()]
    return " ".join(word for word in words if word and word.lower() not in _FILLER)
