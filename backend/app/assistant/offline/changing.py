"""Sentences that complete, reopen, delete or change a task that there is."""

import re
from datetime import datetime

from app.assistant.offline import dates
from app.assistant.offline.intent import Intent, Talk, talk
from app.assistant.offline.sentence import titled, unquoted

_TASK = r"(?P<task>.+?)"
_LEVEL = r"(?P<level>high|medium|low|normal|top|urgent|important)"
_LEVELS = {"top": "high", "urgent": "high", "important": "high", "normal": "medium"}
_DONE = r"(?:done|complete|completed|finished|checked|closed|ready)"
_OPEN = (
    r"(?:not\s+(?:yet\s+)?(?:done|complete|completed|finished)|undone|incomplete|uncompleted|"
    r"unfinished|pending|open|todo|to\s+do)"
)
_WHERE = r"(?:\s+(?:from|off|on|of|in)\s+(?:my|the)\s+(?:[\w-]+\s+)?(?:list|tasks|todos))?"

_REOPEN = (
    rf"(?:mark|set|flag|change)\s+{_TASK}\s+(?:as\s+|to\s+|back\s+to\s+)?{_OPEN}",
    rf"(?:reopen|re-open|uncheck|untick|uncomplete|restart)\s+{_TASK}",
    rf"(?:undo|revert)\s+(?:the\s+)?(?:completion|completing)\s+(?:of\s+)?{_TASK}",
    rf"{_TASK}\s+is\s+(?:not\s+(?:done|finished|complete|completed)|undone|unfinished)(?:\s+yet)?",
)
_COMPLETE = (
    rf"(?:mark|set|flag|tag)\s+{_TASK}\s+(?:as\s+|to\s+)?(?:be\s+)?{_DONE}",
    rf"mark\s+off\s+{_TASK}",
    rf"(?:check|tick|cross|strike)\s+(?:off\s+)?{_TASK}(?:\s+off)?{_WHERE}",
    rf"(?:complete|finish|close)\s+(?:off\s+)?{_TASK}",
    rf"(?:i'?m\s+|i\s+am\s+)?(?:done|finished|through)\s+with\s+{_TASK}",
    rf"i(?:'?ve|\s+have)?\s+(?:just\s+|already\s+)?(?:completed|finished|done)\s+{_TASK}",
    rf"{_TASK}\s+(?:is|are|has\s+been|was)\s+(?:now\s+|already\s+|all\s+)?{_DONE}(?:\s+now)?",
    rf"(?P<task>(?:task|todo|item)?\s*(?:number\s+)?#?\d+)\s+{_DONE}",
    # "I paid the rent": something of the past. Which task that was has to be clear from its words.
    r"i(?:'?ve|\s+have)?\s+(?:just\s+|already\s+)?(?P<task>(?:\w+ed|bought|paid|wrote|written|sent|"
    r"made|got|took|taken|went|met|gave|given|brought|sold|told|built|fed|spoke|swept|hung|ate|"
    r"read|ran|rang|did)\s+.+?)(?:\s+(?:today|yesterday|now))?",
)
_DELETE = (
    rf"(?:delete|remove|erase|drop|trash|scratch|discard|bin|cancel|get\s+rid\s+of|throw\s+away)\s+{_TASK}{_WHERE}",
    rf"take\s+{_TASK}\s+(?:off|from|out\s+of)\s+(?:my|the)\s+(?:[\w-]+\s+)?(?:list|tasks|todos)",
    rf"i\s+(?:don'?t|do\s+not|no\s+longer)\s+need\s+{_TASK}(?:\s+any\s*more|\s+any\s+longer)?",
)
_NO_DUE = (
    r"(?:remove|clear|delete|drop|unset)\s+(?:the\s+)?(?:due\s+date|deadline)\s+(?:from|of|for|on)\s+"
    + _TASK,
)
_NO_DESCRIPTION = (
    r"(?:remove|clear|delete|drop|empty)\s+(?:the\s+)?(?:description|note)\s+(?:from|of|for|on)\s+"
    + _TASK,
)
_DUE = (
    rf"(?:set|change|move|update|make|push)\s+(?:the\s+)?(?:due\s+date|deadline)\s+(?:of|for|on)\s+{_TASK}\s+"
    r"(?:to|as|on)\s+(?P<due>.+)",
    rf"(?:move|postpone|reschedule|push|delay|shift|defer|schedule)\s+{_TASK}\s+(?:back\s+)?(?:to|until|till|for)\s+"
    r"(?P<due>.+)",
    rf"(?:make\s+|set\s+)?{_TASK}\s+(?:is\s+|to\s+be\s+)?due\s+(?!date\b)(?P<due>.+)",
)
_PRIORITY = (
    r"(?:set|change|raise|lower|make|update|increase|decrease)\s+(?:the\s+)?priority\s+(?:of|for|on)\s+"
    rf"{_TASK}\s+(?:to|as)\s+{_LEVEL}",
    rf"(?:make|mark|set|flag|give|change)\s+{_TASK}\s+(?:to\s+|as\s+|a\s+)?{_LEVEL}[\s-]+priority",
    rf"(?:make|mark|set|flag)\s+{_TASK}\s+(?:to\s+|as\s+)?(?P<level>urgent|important)",
)
_DESCRIPTION = (
    rf"(?:set|change|update|edit)\s+(?:the\s+)?(?:description|note)\s+(?:of|for|on)\s+{_TASK}\s+(?:to|as)\s+"
    r"(?P<text>.+)",
    r"add\s+(?:the\s+|a\s+)?(?:description|note)\s*:?\s+(?P<text>['\"].+['\"]|.+?)\s+to\s+"
    r"(?P<task>(?:the\s+)?task\s+.+|#\d+)",
    r"add\s+(?:the\s+|a\s+)?(?:description|note)\s+to\s+(?P<task>[^:]+?)\s*:\s*(?P<text>.+)",
)
_TITLE = (
    rf"(?:change|set|update|edit)\s+(?:the\s+)?(?:title|name|text)\s+(?:of|for)\s+{_TASK}\s+(?:to|as)\s+"
    r"(?P<text>.+)",
    rf"rename\s+{_TASK}\s+(?:to|as|into)\s+(?P<text>.+)",
    r"(?:change|update|edit|modify)\s+(?P<task>(?:task|item)?\s*(?:number\s+)?#?\d+|['\"].+?['\"]|.+?)"
    r"\s*(?:\s(?:to|into)\s|:\s)\s*(?P<text>.+)",
)
_UNCLEAR = (
    r"(?:rename|update|edit|modify|change)\b.*",
    r"(?:set|raise|lower)\s+(?:the\s+)?(?:priority|due\s+date|deadline|title|description)\b.*",
)
_EVERYTHING = re.compile(
    r"^(?:it\s+all|all(?:\s+of\s+(?:it|them))?|everything|all\s+(?:of\s+)?(?:my\s+|the\s+)?(?:\w+\s+)?"
    r"(?:tasks|todos|items|of\s+them)|(?:my|the|every)\s+(?:whole\s+|entire\s+)?(?:list|task|tasks|todos)"
    r"|the\s+(?:whole\s+)?database)$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"^(?:tasks?\s+|numbers?\s+|items?\s+)?#?\d+(?:\s*(?:,|and|&|\+)\s*(?:and\s+)?(?:task\s+)?#?\d+)+$",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:it|this|that|them|those|these|something|one|a\s+task|the\s+task|task|some\s+tasks?|that\s+one|"
    r"the\s+(?:first|last)(?:\s+one)?|tasks?|my\s+tasks?)?$",
    re.IGNORECASE,
)


def understand(text: str, now: datetime) -> Intent | None:
    if found := _match(_NO_DUE, text):
        return _on("update_task", found, due_at=None)
    if found := _match(_NO_DESCRIPTION, text):
        return _on("update_task", found, description=None)
    if found := _match(_DESCRIPTION, text):
        return _on("update_task", found, description=unquoted(found["text"]))
    if found := _match(_PRIORITY, text):
        level = found["level"].lower()
        return _on("update_task", found, priority=_LEVELS.get(level, level))
    if (found := _match(_DUE, text)) and not text.lower().startswith(("is ", "when ", "what ")):
        due = dates.parse(found["due"], now)
        if due is not None:
            return _on("update_task", found, due_at=due)
        if not _match(_TITLE, text):
            return talk(Talk.WHICH_DATE)
    if found := _match(_REOPEN, text):
        return _on("complete_task", found, completed=False)
    if found := _match(_TITLE, text):
        return _on("update_task", found, title=titled(found["text"]))
    if _match(_UNCLEAR, text):
        return talk(Talk.WHAT_TO_CHANGE)
    if found := _match(_DELETE, text):
        return _on("delete_task", found)
    if found := _match(_COMPLETE, text):
        return _on("complete_task", found)
    return None


def _match(patterns: tuple[str, ...], text: str) -> "re.Match[str] | None":
    for pattern in patterns:
        if found := re.fullmatch(pattern, text, re.IGNORECASE):
            return found
    return None


def _on(tool: str, found: "re.Match[str]", **arguments: object) -> Intent:
    reference = found["task"].strip(" ,:;")
    if _EVERYTHING.match(unquoted(reference)):
        return talk(Talk.EVERYTHING)
    if _SEVERAL.match(reference):
        return talk(Talk.SEVERAL)
    if _VAGUE.match(reference):
        return Intent(tool, dict(arguments), reference, Talk.WHICH)
    return Intent(tool, dict(arguments), reference)
