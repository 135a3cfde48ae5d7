"""What a sentence means. Knows neither the tasks nor the tools; in doubt it says so."""

import re
from difflib import get_close_matches

from app.assistant.offline import adding, changing, looking
from app.assistant.offline.intent import Intent, Talk, talk
from app.assistant.offline.sentence import plain
from app.assistant.offline.when import Now, repeats
from app.assistant.offline.words import word_set

_HELLO = re.compile(
    r"^(?:hi|hello|hey|hiya|howdy|good\s+(?:morning|afternoon|evening|day)|greetings)(?:\s+there)?$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^(?:thanks?|thank\s+you|thx|cheers|great|nice|cool|perfect|awesome)\b.{0,20}$", re.IGNORECASE
)
_HELP = re.compile(
    r"^(?:(?:thanks?|hello|hi)[,!.]?\s+)?(?:help|help\s+me|what\s+can\s+you\s+do.*|who\s+are\s+you|what\s+are\s+you|"
    r"how\s+does\s+this\s+work|how\s+(?:do|can|should|would)\s+i\b.*|how\s+to\b.*|can\s+i\b.*|commands?)$",
    re.IGNORECASE,
)
_WONDERING = re.compile(
    r"^(?:should\s+(?:i|we)|maybe|perhaps|what\s+(?:if|happens|would\s+happen)|did\s+you|why|if|when\s+i|unless|"
    r"i\s+(?:might|may|could|wonder|think|guess)|shall\s+i|was\b|were\b|have\s+you)\b",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"^(?:i|we)\s+(?:can'?t|cannot|can\s+not|couldn'?t|could\s+not|didn'?t|did\s+not|haven'?t|have\s+not|won'?t|"
    r"will\s+not|am\s+not|never|still\s+haven'?t|almost|nearly|half)\b|^i'm\s+not\b|^i'?ve\s+not\b",
    re.IGNORECASE,
)
_DONT = re.compile(r"^(?:don'?t|do\s+not|never|stop|please\s+don'?t|no\b[,\s])", re.IGNORECASE)
_REMEMBER = re.compile(r"^(?:don'?t|do\s+not)\s+(?:let\s+me\s+)?forget\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"^(?:yes|no|y|n|yep|yeah|nope|ok|okay|sure|never\s*mind|neither|none(?:\s+of\s+them)?|cancel|no\s+thanks)$",
    re.IGNORECASE,
)
_COMMAND = r"(?:delete|remove|complete|finish|mark|rename|update|reopen|erase)"
_SECOND_ORDER = re.compile(
    rf"\b(?:and|then)\s+(?:then\s+|also\s+)?{_COMMAND}\s+\S|;\s*{_COMMAND}\s|"
    r"\b(?:delete|complete|rename|mark)\b.*\b(?:and|then)\s+(?:add|create)\s+",
    re.IGNORECASE,
)
_ALONE = re.compile(r"^(?:task|todo|item)?\s*(?:number\s+)?#?\s*\d+$", re.IGNORECASE)
_SUSPICIOUS = re.compile(
    r"\b(?:ignore|forget)\b.*\b(?:rules|instructions|prompt)\b|^(?:system|assistant|user)\s*:|\bsystem\s*:|\bas\s+root\b|"
    r"\bdrop\s+table\b|^\W*$",
    re.IGNORECASE,
)
_UNSUPPORTED = (
    (r"\bsub-?tasks?\b", "There are no subtasks here, so I can't do that."),
    (
        r"^(?:tag|label)\b.*|\badd\s+(?:a\s+)?(?:tag|label)\b",
        "There are no tags or labels here, so I can't do that.",
    ),
    (
        r"^(?:attach|upload)\b|\badd\s+(?:a\s+)?(?:photo|file|attachment)\s+to\b",
        "Files can't be attached to tasks here.",
    ),
    (
        r"^(?:share|assign)\b.*\b(?:with|to)\b",
        "Tasks can't be shared or assigned here: they are yours alone.",
    ),
    (
        r"^(?:delete|close|cancel|change)\s+my\s+(?:account|password|email)",
        "I can't do that; your account has a page of its own.",
    ),
)
_UNDO = re.compile(
    r"^(?:no,?\s+)?(?:undo|revert|take)(?:\s+(?:it|that|this|back|the\s+last\s+(?:change|one|thing|action|step)|"
    r"(?:that|it)\s+back|my\s+last\s+change|last))?$",
    re.IGNORECASE,
)
_BRING_BACK = re.compile(
    r"^(?:(?:bring|get|put|give)\s+(?:it|that|them|me\s+that)\s+back|restore(?:\s+(?:it|that|them))?)$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^(?:no\W+)?(?:wait\W+)?(?:sorry\W+)?i\s+meant\s+(?P<task>.+)$|^no\W+(?P<other>(?:the|not|my)\s+.+)$",
    re.IGNORECASE,
)
_ORDERS = word_set(
    "complete delete remove rename reopen postpone reschedule finish create update change search "
    "remind"
)


def understand(said: str, now: Now) -> Intent:
    if (listed := adding.bullets(said, now)) is not None:
        return listed
    text = plain(said)
    refused = _no_order(text)
    if refused is not None:
        return refused
    question = _is_question(said, text)
    for rule in (
        looking.understand(text, now) if question else None,
        changing.understand(text, now) if _changes(text) else None,
        adding.understand(text, now),
        changing.understand(text, now),
        looking.understand(text, now),
        None if question else changing.statement(text, now),
    ):
        if rule is not None:
            return _doubted(rule, text)
    if words := repeats(text):
        return talk(Talk.REPEATING, words)
    return _unknown(text, now, question)


def _unknown(text: str, now: Now, question: bool) -> Intent:
    if _ALONE.match(text):
        return talk(Talk.WHAT_ABOUT_IT)
    if corrected := _misspelt_order(text):
        return talk(Talk.INSTEAD, corrected)
    words = re.findall(r"[^\W\d_]{2,}", text)
    # Longer than a title is no task either.
    if not question and len(words) > 1 and len(text) <= 200:
        offered = adding.offer(text, now)
        if offered is not None:
            return offered
    return talk(Talk.UNKNOWN, text)


def _no_order(text: str) -> Intent | None:
    if _UNDO.match(text):
        return talk(Talk.UNDO)
    if _BRING_BACK.match(text):
        return talk(Talk.BRING_BACK)
    if found := _CORRECTION.match(text):
        return talk(Talk.CORRECTED, found["task"] or found["other"])
    for pattern, what in (
        (_HELLO, Talk.HELLO),
        (_HELP, Talk.HELP),
        (_THANKS, Talk.THANKS),
        (_YES_OR_NO, Talk.NOTHING_ASKED),
        (_WONDERING, Talk.WONDERING),
        (_NOT_DONE, Talk.NOT_DONE),
    ):
        if pattern.search(text):
            return talk(what)
    if _SUSPICIOUS.search(_unquoted_part(text)):
        return talk(Talk.UNKNOWN)
    for unsupported, words in _UNSUPPORTED:
        if re.search(unsupported, text, re.IGNORECASE):
            return talk(Talk.UNSUPPORTED, words)
    if _DONT.match(text) and not _REMEMBER.match(text):
        return talk(Talk.NOT_DONE)
    return None


def _unquoted_part(text: str) -> str:
    return re.sub(r"[“\"„].*?[”\"]|(?<!\w)'.*?'(?!\w)", "_", text)


def _doubted(intent: Intent, text: str) -> Intent:
    """With a second order inside, an order is meant only if those words are a task's title."""
    if not _SECOND_ORDER.search(_unquoted_part(text)):
        return intent
    if intent.whole and intent.tool in ("complete_task", "delete_task"):
        return Intent(intent.tool, intent.arguments, (intent.whole,), talk=Talk.SEVERAL)
    return talk(Talk.SEVERAL)


def _is_question(said: str, text: str) -> bool:
    return said.rstrip().endswith("?") or bool(
        re.match(
            r"(?:what|what's|which|when|when's|is|are|do|did|have|has|how|who|where|am|why|show|list|display|see|view)\b",
            text,
            re.IGNORECASE,
        )
    )


def _changes(text: str) -> bool:
    """Begins like an order about a task that there is, though "add" or "set" is in it."""
    return bool(
        re.match(
            r"add\s+(?:the\s+|a\s+)?(?:description\b|notes?\s+to\s+|due\s+date\s+(?:of|on)\b|deadline\s+(?:of|on)\b)|"
            r"(?:make|set|mark)\s+|schedule\s+(?:task|item|#|\d|['\"“])|get\s+rid\s+of\b|"
            r"i\s+(?:don'?t|do\s+not|no\s+longer)\s+need\b",
            text,
            re.IGNORECASE,
        )
    ) and not re.match(
        r"(?:make|set)\s+(?:up\s+)?(?:an?\s+)?(?:new\s+)?(?:note|task|todo|reminder)\s+(?:to|for)\b",
        text,
        re.IGNORECASE,
    )


def _misspelt_order(text: str) -> str | None:
    """The sentence with its first word as the order that it resembles."""
    first, _, rest = text.partition(" ")
    if not rest or len(first) < 4 or first.lower() in _ORDERS:
        return None
    near = get_close_matches(first.lower(), _ORDERS, n=1, cutoff=0.82)
    return f"{near[0]} {rest}" if near else None
