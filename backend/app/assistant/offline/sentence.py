"""A sentence without what carries no meaning: politeness, fancy quotes, blanks, the full stop."""

import re

_QUOTES = str.maketrans("\u201c\u201d\u201e\u2018\u2019`", "\"\"\"'''")
_BEFORE = re.compile(
    r"^(?:(?:please|kindly|hey|hi|hello|ok|okay|so|now|well|and|also|then|just|assistant)\b[,!]?\s+"
    r"|(?:can|could|would|will)\s+you\s+(?:please\s+)?(?:help\s+me\s+(?:to\s+)?)?"
    r"|i\s+(?:want|would\s+like|wish)\s+(?:you\s+)?to\s+|i'd\s+(?:like|love)\s+(?:you\s+)?to\s+"
    r"|i\s+wanna\s+|let'?s\s+|let\s+us\s+|go\s+ahead\s+and\s+)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s,]+(?:please|thanks|thank\s+you|for\s+me)$", re.IGNORECASE)
_END = re.compile(r"[\s.!?]+$")


def plain(text: str) -> str:
    """What is left to understand."""
    text = " ".join(text.translate(_QUOTES).split())
    text = _END.sub("", text)
    while True:
        shorter = _END.sub("", _AFTER.sub("", _BEFORE.sub("", text)))
        if shorter == text or not shorter:
            return text
        text = shorter


def unquoted(text: str) -> str:
    """Without the quotes around all of it."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1].strip()
    return text


def titled(text: str) -> str:
    """As a title: no quotes around it, a capital first."""
    text = unquoted(text).strip(" ,:;-")
    return text[:1].upper() + text[1:]
