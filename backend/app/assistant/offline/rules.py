"""What a sentence means. Knows neither the tasks nor the tools; in doubt it says so."""

import re
from datetime import datetime

from app.assistant.offline import adding, changing, looking
from app.assistant.offline.intent import Intent, Talk, talk
from app.assistant.offline.sentence import plain

_HELLO = re.compile(
    r"^(?:hi|hello|hey|hiya|howdy|good\s+(?:morning|afternoon|evening|day)|greetings)(?:\s+there)?$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^(?:thanks?|thank\s+you|thx|cheers|great|nice|cool|perfect|awesome)\b.{0,20}$", re.IGNORECASE
)
_HELP = re.compile(
    r"^(?:help|help\s+me|what\s+can\s+you\s+do.*|who\s+are\s+you|what\s+are\s+you|how\s+does\s+this\s+work|"
    r"how\s+(?:do|can|should|would)\s+i\b.*|how\s+to\b.*|can\s+i\b.*|commands?)$",
    re.IGNORECASE,
)
_WONDERING = re.compile(
    r"^(?:should\s+(?:i|we)|maybe|perhaps|what\s+(?:if|happens|would\s+happen)|did\s+(?:i|you)|why|"
    r"i\s+(?:might|may|could|wonder|think|guess)|if\s+i|when\s+i|shall\s+i|was\b|were\b|have\s+you)\b",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"^i\s+(?:can'?t|cannot|can\s+not|couldn'?t|could\s+not|didn'?t|did\s+not|haven'?t|have\s+not|won'?t|"
    r"will\s+not|am\s+not|never|still\s+haven'?t)\b|^i'm\s+not\b|^i'?ve\s+not\b",
    re.IGNORECASE,
)
_DONT = re.compile(r"^(?:don'?t|do\s+not|never|stop|please\s+don'?t|no\b[,\s])", re.IGNORECASE)
_REMEMBER = re.compile(r"^(?:don'?t|do\s+not)\s+(?:let\s+me\s+)?forget\b", re.IGNORECASE)
_YES_OR_NO = re.compile(r"^(?:yes|no|y|n|yep|yeah|nope|ok|okay|sure)$", re.IGNORECASE)
_SECOND_ORDER = re.compile(
    r"\b(?:and|then|;)\s+(?:then\s+|also\s+)?(?:delete|remove|complete|finish|mark|rename|update|reopen|add|create)\s+"
    r"(?:a\s+|an\s+|the\s+|my\s+)?(?:new\s+)?(?:tasks?\b|#?\d|it\b|['\"])",
    re.IGNORECASE,
)
_TASK_ALONE = re.compile(r"^(?:task|todo|item)?\s*(?:number\s+)?#?\s*\d+$", re.IGNORECASE)
_SUSPICIOUS = re.compile(r"\b(?:ignore|forget)\b.*\b(?:rules|instructions|prompt)\b", re.IGNORECASE)


def understand(said: str, now: datetime) -> Intent:
    text = plain(said)
    refused = _no_order(text)
    if refused is not None:
        return talk(refused)
    for rule in (
        looking.understand(text) if _is_question(said, text) else None,
        changing.understand(text, now) if _changes(text) else None,
        adding.understand(text, now),
        looking.understand(text),
        changing.understand(text, now),
    ):
        if rule is not None:
            return rule
    return talk(Talk.WHAT_ABOUT_IT if _TASK_ALONE.match(text) else Talk.UNKNOWN)


def _no_order(text: str) -> Talk | None:
    for pattern, what in (
        (_HELLO, Talk.HELLO),
        (_THANKS, Talk.THANKS),
        (_HELP, Talk.HELP),
        (_YES_OR_NO, Talk.NOTHING_ASKED),
        (_SUSPICIOUS, Talk.UNKNOWN),
        (_WONDERING, Talk.WONDERING),
        (_NOT_DONE, Talk.NOT_DONE),
        (_SECOND_ORDER, Talk.SEVERAL),
    ):
        if pattern.search(text):
            return what
    if _DONT.match(text) and not _REMEMBER.match(text):
        return Talk.NOT_DONE
    return None


def _is_question(said: str, text: str) -> bool:
    return said.rstrip().endswith("?") or bool(
        re.match(r"(?:what|which|when|is|are|do|have|how|who|where)\b", text, re.IGNORECASE)
    )


def _changes(text: str) -> bool:
    """Begins like an order about a task that there is, though "add" or "set" is in it."""
    return bool(
        re.match(
            r"add\s+(?:the\s+|a\s+)?(?:description\b|note\s+to\s+(?:task|#|the))|"
            r"(?:make|set|mark|schedule)\s+(?:task|item|#|\d|the\b|['\"])|get\s+rid\s+of\b",
            text,
            re.IGNORECASE,
        )
    )
