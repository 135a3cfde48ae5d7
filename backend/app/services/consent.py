"""Whether an answer to a question says yes or no.

Every word has to fit: "yes, but not now" is neither, and in doubt nothing is done.
"""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YES = _set(
    "yes y yeah yep yup ok okay sure confirm confirmed absolutely definitely certainly right "
    "correct fine 👍 ✅"
)
_YES_PHRASES = ("do it", "do so", "go ahead", "go on", "please do", "of course", "delete it",
                "delete them", "add it", "add them")  # fmt: skip
_WITH_YES = _YES | _set(
    "please do it that them this these those all both so go ahead on of course now right away "
    "delete remove add complete move change mark tick the task tasks thanks thank you for me just "
    "i want to am is good exactly indeed really"
)
_NO = _set("no n nope nah cancel stop don't dont never nevermind neither none not keep wait 👎")
_NO_PHRASES = ("do not", "forget it", "forget about it", "leave it", "leave them", "let it be")
_WITH_NO = _NO | _set(
    "thanks thank you please keep it them that this these those do not delete remove add change "
    "complete mark move leave forget about alone as is be let the task tasks never mind yet now "
    "sorry i changed my want to really better all any of both for moment rather"
)
_LONGEST = 200
"""Characters. An answer is short; what is longer says something else."""


def reads_as(message: str) -> bool | None:
    """True for a yes, False for a no, None for anything else."""
    if len(message) > _LONGEST:
        return None
    text = message.lower().replace("\u2019", "'")
    words = re.findall(r"[\w']+|[^\w\s.,!;:'\"()-]", text)
    if not words:
        return None
    said = " ".join(words)
    if (words[0] in _NO or said.startswith(_NO_PHRASES)) and set(words) <= _WITH_NO:
        return False
    if (words[0] in _YES or said.startswith(_YES_PHRASES)) and set(words) <= _WITH_YES:
        return True
    return None
