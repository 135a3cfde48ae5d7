"""What is meant by a sentence that may answer the question asked before it."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from app.assistant.offline import adding, reference, rules
from app.assistant.offline.context import Context, Open
from app.assistant.offline.intent import Intent, Missing, Talk, talk
from app.assistant.offline.sentence import plain, titled, unquoted
from app.assistant.offline.when import Now
from app.services.consent import reads_as

Task = dict[str, Any]

_LEVEL = re.compile(
    r"(?:(?:to|a|make\s+it)\s+)*(?P<level>high|medium|normal|low|urgent)(?:\s+priority)?",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"any(?:\s+(?:one|of\s+them))?|all(?:\s+of\s+(?:them|these))?|both(?:\s+of\s+them)?",
    re.IGNORECASE,
)
_NEITHER = re.compile(
    r"neither(?:\s+(?:one|of\s+them))?|none(?:\s+of\s+(?:them|these))?|no(?:t\s+any)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meant:
    """An intent, and the tasks that it is about if the sentence itself says which."""

    intent: Intent
    tasks: list[Task] | None = None
    ask_again: Open | None = None
    """The question stays open: the sentence was an answer, but not a clear one."""
    candidates: list[Task] = field(default_factory=list)


def meant(message: str, understood: Intent, before: Context, now: Now) -> Meant:
    question = before.question
    if question is None or question.kind == "confirmation":
        return Meant(understood)
    said = plain(message)
    answer = reads_as(message)
    if answer is False or _NEITHER.fullmatch(said):
        return Meant(talk(Talk.NOT_DONE))
    match question.kind:
        case "which":
            found = _picked(said, answer, understood, question)
        case "instead" if answer:
            found = Meant(rules.understand(question.sentence, now))
        case "missing":
            found = _filled(said, understood, question, now)
        case _:
            found = None
    return found or Meant(understood)


def _is_order(understood: Intent) -> bool:
    return understood.talk not in (Talk.UNKNOWN, Talk.WHAT_ABOUT_IT, Talk.NOTHING_ASKED) and not (
        understood.offered or understood.stated
    )


def _picked(said: str, answer: bool | None, understood: Intent, question: Open) -> Meant | None:
    """ "The roses", "the second one", "both": which of those that were asked about."""
    candidates = question.candidates
    intent = replace(question.intent, references=(), talk=None)
    if answer and len(candidates) == 1:
        return Meant(intent, candidates)
    if _ANY.fullmatch(said):
        return Meant(intent, candidates)
    pointed = reference.pointed_at(said, candidates)
    if pointed is not None:
        return Meant(intent, pointed) if len(pointed) == 1 else Meant(intent, ask_again=question)
    if _is_order(understood) or len(said) > 200:
        return None
    number = reference.number_in(said)
    fitting = (
        [task for task in candidates if task["id"] == number]
        if number is not None
        else reference.find(said, candidates, pending_first=False)
    )
    return Meant(intent, fitting) if len(fitting) == 1 else Meant(intent, ask_again=question)


def _filled(said: str, understood: Intent, question: Open, now: Now) -> Meant | None:
    """What the order lacked: a title, a date, a priority…"""
    intent = replace(question.intent, missing=None)
    match question.intent.missing:
        case Missing.DUE:
            due = now.due(re.sub(r"^(?:to|for|on|until)\s+", "", said, flags=re.IGNORECASE))
            if due is not None:
                return Meant(replace(intent, due=due), question.candidates)
        case Missing.PRIORITY:
            if found := _LEVEL.fullmatch(said):
                level = found["level"].lower()
                level = {"normal": "medium", "urgent": "high"}.get(level, level)
                changed = replace(intent, arguments={**intent.arguments, "priority": level})
                return Meant(changed, question.candidates)
    if _is_order(understood):
        return None
    match question.intent.missing:
        case Missing.TITLE:
            return Meant(adding.title_of(said, now, intent))
        case Missing.NEW_TITLE:
            changed = replace(intent, arguments={**intent.arguments, "title": titled(said)})
            return Meant(changed, question.candidates)
        case Missing.NOTE:
            changed = replace(intent, arguments={**intent.arguments, "description": unquoted(said)})
            return Meant(changed, question.candidates)
        case Missing.QUERY:
            return Meant(replace(intent, arguments={"query": unquoted(said)}))
        case Missing.TASK:
            return Meant(replace(intent, references=(said,), whole=said))
        case Missing.DUE | Missing.PRIORITY:
            return Meant(intent, ask_again=question)
    return None
