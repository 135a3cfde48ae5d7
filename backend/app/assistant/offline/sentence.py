"""A sentence without what carries no meaning: politeness, blanks, the full stop."""

import re

_PAIRS = {
    '"': '"',
    "'": "'",
    "\u201c": "\u201d",
    "\u201d": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u2018": "\u2019",
    "\u2019": "\u2019",
    "\xab": "\xbb",
}
"""Signs that people put around a title, by the first of a pair."""
_APOSTROPHE = re.compile(r"(?<=\w)[\u2018\u2019\u02bc`](?=\w)")
_BEFORE = re.compile(
    r"^(?:(?:please|pls|plz|kindly|hey|hi|hello|ok|okay|so|now|well|and|also|then|just|assistant|oops"
    r"|oh|ah|actually)\b[,!]?\s+"
    r"|(?:can|could|would|will)\s+you\s+(?:please\s+)?(?:help\s+me\s+(?:to\s+)?)?"
    r"|i\s+(?:want|would\s+like|wish)\s+(?:you\s+)?to\s+(?!remember)|i'd\s+(?:like|love)\s+(?:you\s+)?to\s+"
    r"|i\s+wanna\s+|let'?s\s+|let\s+us\s+|go\s+ahead\s+and\s+)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s,]+(?:please|pls|thanks|thx|thank\s+you|for\s+me)$", re.IGNORECASE)
_END = re.compile(r"[\s.!?]+$")


def plain(text: str) -> str:
    """What is left to understand."""
    text = " ".join(_APOSTROPHE.sub("'", text).split())
    text = _END.sub("", text)
    while True:
        shorter = _END.sub("", _AFTER.sub("", _BEFORE.sub("", text)))
        if shorter == text or not shorter:
            return text
        text = shorter


def is_quoted(text: str) -> bool:
    """All of it stands between one pair of quotes."""
    text = text.strip()
    if len(text) < 3 or text[-1] not in _PAIRS.get(text[0], ""):
        return False
    # An apostrophe stands between letters.
    return not re.search(rf"(?<!\w)[{text[0]}{text[-1]}]|[{text[0]}{text[-1]}](?!\w)", text[1:-1])


def unquoted(text: str) -> str:
    """Without the quotes around all of it."""
    text = text.strip()
    return text[1:-1].strip() if is_quoted(text) else text


def titled(text: str) -> str:
    """As a title: no quotes around it, a capital first, unless the word has one of its own
    ("iPhone")."""
    text = unquoted(text).strip(" ,:;-")
    first = text.split(" ", 1)[0]
    return text if first != first.lower() else text[:1].upper() + text[1:]
