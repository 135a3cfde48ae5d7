"""Sentences that complete, reopen, delete or change a task that there is, or several."""

import re
from dataclasses import replace

from app.assistant.offline import looking
from app.assistant.offline.intent import Due, Intent, Missing, Selection, Talk, talk
from app.assistant.offline.reference import PAST
from app.assistant.offline.reference import words as meaning
from app.assistant.offline.sentence import is_quoted, titled, unquoted
from app.assistant.offline.when import Now, as_due, misspelt, repeats

_TASK = r"(?P<task>.+?)"
_LEVEL = r"(?P<level>high|medium|low|normal|top|urgent|important)"
_LEVELS = {"top": "high", "urgent": "high", "important": "high", "normal": "medium"}
_DONE = r"(?:done|complete|completed|finished|checked|closed|ready)"
_OPEN = (
    r"(?:not\s+(?:yet\s+)?(?:done|complete|completed|finished)|undone|incomplete|uncompleted|"
    r"unfinished|pending|open|todo|to\s+do)"
)
_NO_PAST = r"(?!(?:need|feed|seed|weed|speed|breed|bleed|exceed|proceed|hundred|naked)\b)"
_PAST = rf"(?:{_NO_PAST}\w{{2,}}ed|{'|'.join(sorted(PAST))})"
_WHERE = r"(?:\s+(?:from|off|on|of|in)\s+(?:my|the)\s+(?:[\w-]+\s+)?(?:list|tasks|todos))?"
_IS = r"(?:\s+(?:is|are|has\s+been|have\s+been|was|were)|'s|'re)"

_REOPEN = (
    rf"(?:mark|set|flag|change)\s+{_TASK}\s+(?:as\s+|to\s+|back\s+to\s+)?{_OPEN}",
    rf"(?:re-?open|un-?check|un-?tick|un-?complete|restart)\s+{_TASK}",
    rf"(?:undo|revert)\s+(?:the\s+)?(?:completion|completing)\s+(?:of\s+)?{_TASK}",
    rf"{_TASK}\s+(?:is|are)\s+(?:not\s+(?:done|finished|complete|completed)|undone|unfinished)(?:\s+yet)?",
)
_COMPLETE = (
    rf"(?:mark|set|flag|tag)\s+{_TASK}\s+(?:as\s+|to\s+)?(?:be\s+)?{_DONE}",
    rf"mark\s+{_TASK}\s+(?:as\s+)?{_PAST}",
    rf"mark\s+off\s+{_TASK}",
    rf"(?:check|tick|cross|strike)\s+(?:off\s+)?{_TASK}(?:\s+off)?{_WHERE}",
    rf"(?:complete|finish|close)\s+(?:off\s+)?{_TASK}",
    rf"{_DONE}\s*[:\-\u2013]\s*{_TASK}",
    rf"{_TASK}\s*[:\-\u2013]\s*{_DONE}",
)
_WHILE = r"(?:\s+(?:today|now|already|just\s+now))?"
_STATED = (
    rf"(?:i'?m\s+|i\s+am\s+|we'?re\s+)?(?:done|finished|through)\s+with\s+{_TASK}",
    rf"(?:i|we)(?:'?ve|\s+have)?\s+(?:just\s+|already\s+)?(?:completed|finished|done)\s+{_TASK}{_WHILE}",
    rf"(?:completed|finished)\s+{_TASK}{_WHILE}",
    rf"{_TASK}{_IS}\s+(?:now\s+|already\s+|all\s+)?{_DONE}(?:\s+now)?",
    r"(?P<task>(?:task|todo|item)?\s*(?:number\s+)?#?\d+)\s+" + _DONE,
    rf"(?:i|we)\s+(?:just\s+|already\s+)?did\s+{_TASK}{_WHILE}",
)
# "I paid the rent": something of the past. Which task that was has to be clear from its words.
_STATED_PAST = (
    r"(?:(?:i|we)(?:'?ve|\s+have)?\s+(?:just\s+|already\s+)?)?"
    rf"(?P<task>(?:{_PAST}|read|got)\s+.+?){_WHILE}"
)
# "The rent is paid": the verb belongs to the title's words.
_STATED_PASSIVE = rf"(?P<noun>.+?){_IS}\s+(?:now\s+|already\s+|just\s+)?(?P<verb>{_PAST}){_WHILE}"
_DELETE = (
    rf"(?:delete|remove|erase|drop|trash|scratch|discard|bin|cancel|clear|get\s+rid\s+of|throw\s+away)\s+{_TASK}"
    rf"{_WHERE}",
    rf"take\s+{_TASK}\s+(?:off|from|out\s+of)\s+(?:my|the)\s+(?:[\w-]+\s+)?(?:list|tasks|todos)",
    rf"i\s+(?:don'?t|do\s+not|no\s+longer)\s+need\s+(?:to\s+)?{_TASK}(?:\s+any\s*more|\s+any\s+longer)?",
)
_DUE_NAME = r"(?:due\s+date|deadline|date|time|due)"
_NO_DUE = (
    rf"(?:remove|clear|delete|drop|unset)\s+(?:the\s+)?(?:due\s+date|deadline|date)\s+(?:from|of|for|on)\s+{_TASK}",
)
_NOTE_NAME = r"(?:description|notes?|details?)"
_NO_DESCRIPTION = (
    rf"(?:remove|clear|delete|drop|empty)\s+(?:the\s+)?{_NOTE_NAME}\s+(?:from|of|for|on)\s+{_TASK}",
)
_MOVE = r"(?:move|postpone|reschedule|push|delay|shift|defer|schedule|snooze|put\s+off)"
_DUE = (
    rf"(?:set|change|move|update|make|push)\s+(?:the\s+)?{_DUE_NAME}\s+(?:of|for|on)\s+{_TASK}\s+(?:to|as|on)\s+"
    r"(?P<due>.+)",
    rf"add\s+(?:a\s+|the\s+)?{_DUE_NAME}\s+(?:of|on)\s+(?P<due>.+?)\s+to\s+(?P<task>.+)",
    rf"(?:the\s+)?(?:due\s+date|deadline)\s+(?:for|of|on)\s+{_TASK}\s+(?:is|to)\s+(?P<due>.+)",
    rf"{_MOVE}\s+{_TASK}\s+(?:back\s+|out\s+|forward\s+)?(?:to|until|till|for)\s+(?P<due>.+)",
    rf"(?:make|set)\s+{_TASK}\s+(?:to\s+be\s+)?due\s+(?!date\b)(?:on\s+|by\s+)?(?P<due>.+)",
    rf"{_TASK}(?:\s+(?:is|are)|'s)\s+due\s+(?!date\b)(?:on\s+|by\s+)?(?P<due>.+)",
)
_DUE_MAYBE = (
    rf"(?:set|change|make|put)\s+{_TASK}\s+(?:(?:to|for|on|at)\s+)?(?P<due>(?:\S+\s+){{0,5}}\S+)",
)
_LATER = (
    rf"{_MOVE}\s+{_TASK}\s+(?:back\s+|out\s+|forward\s+)?(?P<due>(?:by\s+)?(?:\d{{1,3}}|another|an?(?:\s+couple(?:\s+of)?)?|one|"
    r"two|three|four|five|six|seven|eight|nine|ten)\s+(?:more\s+)?(?:days?|weeks?|hours?))",
)
_PRIORITY = (
    r"(?:set|change|raise|lower|make|update|increase|decrease)\s+(?:the\s+)?priority\s+(?:of|for|on)\s+"
    rf"{_TASK}\s+(?:to|as)\s+{_LEVEL}(?:\s+priority)?",
    rf"(?:make|mark|set|flag|give|change)\s+{_TASK}\s+(?:to\s+|as\s+|an?\s+)*{_LEVEL}[\s-]+priority",
    rf"(?:make|mark|set|flag)\s+{_TASK}\s+(?:to\s+|as\s+)?(?P<level>urgent|important)",
    rf"(?:set|change|raise|lower)\s+{_TASK}\s+to\s+{_LEVEL}(?:\s+priority)?",
    rf"{_TASK}(?:\s+(?:is|are)|'s)\s+(?:very\s+|really\s+|now\s+)?(?P<level>urgent|important)",
    rf"{_TASK}(?:\s+(?:is|are)|'s)\s+(?:a\s+)?{_LEVEL}[\s-]+priority",
    rf"(?P<prioritise>prioriti[sz]e)\s+{_TASK}",
)
_DESCRIPTION = (
    rf"(?:set|change|update|edit)\s+(?:the\s+)?{_NOTE_NAME}\s+(?:of|for|on)\s+{_TASK}\s+(?:to|as)\s+(?P<text>.+)",
    rf"add\s+(?:the\s+|a\s+)?{_NOTE_NAME}\s+to\s+(?P<task>[^:]+?)\s*:\s*(?P<text>.+)",
    rf"add\s+(?:the\s+|a\s+)?{_NOTE_NAME}\s*:?\s+(?P<text>['\"“].+['\"”]|.+?)\s+to\s+(?P<task>.+)",
    rf"(?:add\s+(?:a\s+)?)?{_NOTE_NAME}\s+(?:for|on|to)\s+(?P<task>[^:]+?)\s*:\s*(?P<text>.+)",
)
_TITLE = (
    rf"(?:change|set|update|edit)\s+(?:the\s+)?(?:title|name|text)\s+(?:of|for)\s+{_TASK}\s+(?:to|as)\s+(?P<text>.+)",
    rf"rename\s+{_TASK}\s+(?:to|as|into)\s+(?P<text>.+)",
    r"(?:change|update|edit|modify)\s+(?P<task>(?:task|item)?\s*(?:number\s+)?#?\d+|['\"“].+?['\"”]|.+?)"
    r"\s*(?:\s(?:to|into)\s|:\s)\s*(?P<text>.+)",
)
_SET = r"(?:set|raise|lower|change|update)"
_LACKING = (
    (rf"rename\s+{_TASK}", Missing.NEW_TITLE),
    (rf"{_SET}\s+(?:the\s+)?priority\s+(?:of|for|on)\s+{_TASK}", Missing.PRIORITY),
    (
        r"(?:set|change|update|add|move)\s+(?:the\s+|a\s+)?(?:due\s+date|deadline|date)\s+"
        rf"(?:of|for|on|to)\s+{_TASK}",
        Missing.DUE,
    ),
    (rf"{_MOVE}\s+{_TASK}", Missing.DUE),
    (
        rf"(?:set|change|update|edit|add)\s+(?:the\s+|a\s+)?{_NOTE_NAME}\s+(?:of|for|on|to)\s+{_TASK}",
        Missing.NOTE,
    ),
    (rf"(?:update|edit|modify|change)\s+{_TASK}", Missing.CHANGE),
)
_UNCLEAR = (
    r"(?:rename|update|edit|modify|change)\b.*",
    r"(?:set|raise|lower)\s+(?:the\s+)?(?:priority|due\s+date|deadline|title|description)\b.*",
)
_VERB_ALONE = {
    "complete_task": re.compile(
        r"^(?:complete|done|finish|finished|i\s+finished|i'?m\s+done|completed|mark\s+(?:as\s+)?done|tick\s+off|check\s+off)$",
        re.IGNORECASE,
    ),
    "delete_task": re.compile(r"^(?:delete|remove|erase|drop|trash)$", re.IGNORECASE),
}
_EVERYTHING = re.compile(
    r"^(?:it\s+all|all(?:\s+of\s+it)?|everything|all\s+(?:of\s+)?(?:my\s+|the\s+)?"
    r"(?:tasks|todos|items)|(?:my|the|every)\s+(?:whole\s+|entire\s+)?(?:list|task|tasks|todos)"
    r"|the\s+(?:whole\s+)?database)(?:\s+without\s+asking)?$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"^(?:tasks?\s+|numbers?\s+|items?\s+)?#?\d+(?:\s*(?:,|and|&|\+)\s*(?:and\s+)?(?:task\s+)?#?\d+)+$",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:something|one|a\s+task|task|some\s+tasks?|tasks?|my\s+tasks?)?$", re.IGNORECASE
)
_MANY = re.compile(
    r"^(?:all|every|everything|each|any)\b|\b(?:tasks|todos|ones|items)$|^(?:completed|done|finished|overdue)$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+(?:also\s+)?|\s*&\s*|\s*;\s*", re.IGNORECASE)
_LAST_AND = re.compile(
    r"[\s,]+(?:and\s+)?(?:with\s+)?" + _LEVEL + r"(?:[\s-]+priority)?$", re.IGNORECASE
)
_NOT_QUITE = re.compile(
    r"\b(?:not|never|almost|nearly|half|partly|partially|hardly|barely|soon|about\s+to\s+be|too|yet|when|if|unless|"
    r"last\s+(?:week|month|year|time)|years?\s+ago)\b",
    re.IGNORECASE,
)
_FROM_DAY = re.compile(
    r"^(?P<what>(?:all|everything|every\s+task)\b.*?)\s+from\s+(?P<day>.+)$", re.IGNORECASE
)


_DATE_WORDS = 8
"""The most words that a date is looked for in."""
_USUALLY = ("done", "finished", "completed", "closed", "checked")


def understand(text: str, now: Now) -> Intent | None:
    for tool, pattern in _VERB_ALONE.items():
        if pattern.match(text):
            return Intent(tool, missing=Missing.TASK)
    return (
        _description(text)
        or _no_value(text)
        or _priority(text, now)
        or _due(text, now)
        or _completion(text, now)
        or _other(text, now)
    )


def statement(text: str, now: Now) -> Intent | None:
    """Something told that may mean that a task is done."""
    if _NOT_QUITE.search(text):
        return None
    found = re.fullmatch(_STATED_PASSIVE, text, re.IGNORECASE)
    if found and found["verb"].lower() not in _USUALLY:
        if not meaning(found["noun"]):
            # "I was paid": no task is named.
            return None
        words = f"{found['verb']} {found['noun']}"
        intent = _on("complete_task", found["noun"], now)
        return replace(intent, references=(words,), whole=words, stated=True)
    if found := _match(_STATED, text):
        intent = _on("complete_task", found["task"], now)
        return replace(intent, stated=True) if intent.tool else intent
    found = re.fullmatch(_STATED_PAST, text, re.IGNORECASE)
    # A verb alone names none either.
    if found and len(meaning(found["task"])) > 1:
        return replace(_on("complete_task", found["task"], now), stated=True)
    return None


def _description(text: str) -> Intent | None:
    if (found := _match(_DESCRIPTION, text)) and found["task"].lower() not in (
        "my list",
        "the list",
    ):
        return Intent(
            "update_task", {"description": unquoted(found["text"])}, (_bare(found["task"]),)
        )
    return None


def _no_value(text: str) -> Intent | None:
    if found := _match(_NO_DUE, text):
        return Intent("update_task", references=(_bare(found["task"]),), due=Due(never=True))
    if found := _match(_NO_DESCRIPTION, text):
        return Intent("update_task", {"description": None}, (_bare(found["task"]),))
    return None


def _priority(text: str, now: Now) -> Intent | None:
    found = _match(_PRIORITY, text)
    if found is None or _NOT_QUITE.search(found["task"]) or re.search(r"\bdue\b", found["task"]):
        return None
    level = "high" if found.groupdict().get("prioritise") else found["level"].lower()
    intent = _on("update_task", found["task"], now, priority=_LEVELS.get(level, level))
    return replace(
        intent,
        stated=not re.match(
            r"(?:set|make|mark|change|raise|lower|give|flag|update|prior|increase|decrease)",
            text,
            re.IGNORECASE,
        ),
    )


def _due(text: str, now: Now) -> Intent | None:
    if re.match(
        r"(?:is|are|when|what|which|does|do|add\s+(?!(?:a\s+|the\s+)?(?:due|deadline|date)))\b",
        text,
        re.IGNORECASE,
    ):
        return None
    if found := _match(_LATER, text):
        later = now.later(found["due"])
        return replace(_on("update_task", found["task"], now), due=later) if later else None
    if found := _match(_DUE, text):
        return _on_date(found["task"], found["due"], now, text)
    if found := _match(_DUE_MAYBE, text):
        # The shortest task and the longest date were matched: of several splits the first that is.
        words = f"{found['task']} {found['due']}".split()
        rest = text.split()[1:]
        for place in range(max(1, len(rest) - _DATE_WORDS), len(rest)):
            task, when = " ".join(rest[:place]), " ".join(rest[place:])
            when = re.sub(r"^(?:to|for|on|at|by)\s+", "", when, flags=re.IGNORECASE)
            if (due := now.due(when)) and words:
                task = re.sub(r"\s+(?:to|for|on|at|by)$", "", task, flags=re.IGNORECASE)
                return replace(_on("update_task", task, now), due=due)
    return None


def _on_date(task: str, when: str, now: Now, text: str) -> Intent | None:
    arguments: dict[str, str] = {}
    if found := _LAST_AND.search(when):
        level = found["level"].lower()
        when, arguments = when[: found.start()], {"priority": _LEVELS.get(level, level)}
    if (moved := _FROM_DAY.match(task)) and now.parse(moved["day"]):
        task = f"{moved['what']} on {moved['day']}"
    if words := repeats(when):
        return talk(Talk.REPEATING, words)
    reading = now.parse(when)
    if reading is None:
        if _match(_TITLE, text):
            return None
        if corrected := misspelt(text):
            return talk(Talk.INSTEAD, corrected)
        return talk(Talk.WHICH_DATE)
    if reading.problem is not None:
        return talk(Talk.WHICH_DATE, reading.problem.message)
    return replace(_on("update_task", task, now, **arguments), due=as_due(reading, when))


def _completion(text: str, now: Now) -> Intent | None:
    if found := _match(_REOPEN, text):
        return _on("complete_task", found["task"], now, completed=False)
    if found := _match(_COMPLETE, text):
        if _NOT_QUITE.search(found["task"]) and not is_quoted(found["task"]):
            return Intent("complete_task", references=(found["task"],), whole=found["task"])
        return _on("complete_task", found["task"], now)
    return None


def _other(text: str, now: Now) -> Intent | None:
    if found := _match(_TITLE, text):
        return Intent("update_task", {"title": titled(found["text"])}, (_bare(found["task"]),))
    for pattern, missing in _LACKING:
        if found := re.fullmatch(pattern, text, re.IGNORECASE):
            return replace(_on("update_task", found["task"], now), missing=missing)
    if _match(_UNCLEAR, text):
        return Intent("update_task", missing=Missing.CHANGE)
    if found := _match(_DELETE, text):
        return _on("delete_task", found["task"], now)
    return None


def _match(patterns: tuple[str, ...], text: str) -> "re.Match[str] | None":
    for pattern in patterns:
        if found := re.fullmatch(pattern, text, re.IGNORECASE):
            return found
    return None


def _bare(reference: str) -> str:
    return reference.strip(" ,:;")


def _on(tool: str, task: str, now: Now, **arguments: object) -> Intent:
    """The tool, on what these words mean: one task, several, or all that have something in
    common."""
    reference = _bare(task)
    intent = Intent(tool, dict(arguments), whole=reference)
    if is_quoted(reference):
        return replace(intent, references=(reference,))
    if _EVERYTHING.match(reference):
        return talk(Talk.EVERYTHING)
    if _VAGUE.match(reference):
        return replace(intent, missing=Missing.TASK)
    if selected := _selected(reference, now):
        return replace(intent, selection=selected)
    if _NUMBERS.match(reference):
        return replace(intent, references=tuple(re.findall(r"\d+", reference)))
    parts = tuple(part for part in _AND.split(reference) if part)
    return replace(intent, references=parts or (reference,))


def _selected(reference: str, now: Now) -> Selection | None:
    """ "All done tasks", "everything due today", "the holiday tasks"."""
    if not _MANY.search(reference):
        return None
    found = looking.selection(reference, now)
    if found is None:
        return None
    selected, rest = found
    if selected == Selection() and not rest:
        return None
    if (rest and selected != Selection()) or selected.limit:
        return None
    return replace(selected, words=rest)
