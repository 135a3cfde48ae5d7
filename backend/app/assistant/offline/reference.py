"""Which task is meant: by its number, or by words of its title."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from app.assistant.offline.sentence import unquoted

NUMBER = (
    r"(?:the\s+)?(?:task|todo|to-do|item)?\s*(?:number|no\.?|nr\.?)?\s*#?\s*(?P<number>\d{1,9})"
)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_EMPTY = frozenset(
    {
        *("a", "an", "the", "my", "this", "that", "of", "for", "to", "on", "in", "at", "with"),
        *("task", "tasks", "todo", "to-do", "item", "entry", "one", "ones", "named"),
        *("titled", "about", "it", "please", "i", "our", "thing"),
    }
)
# Past tense and participle, as in "I bought milk"; the regular ones are `_stem`'s.
_IRREGULAR = {
    "bought": "buy", "paid": "pay", "wrote": "write", "written": "write", "sent": "send",
    "made": "make", "got": "get", "took": "take", "taken": "take", "went": "go", "gone": "go",
    "did": "do", "done": "do", "read": "read", "met": "meet", "gave": "give", "given": "give",
    "brought": "bring", "sold": "sell", "told": "tell", "built": "build", "fed": "feed",
    "found": "find", "left": "leave", "lent": "lend", "spoke": "speak", "swept": "sweep",
    "hung": "hang", "fixed": "fix", "cut": "cut", "put": "put", "set": "set", "ate": "eat",
    "drove": "drive", "rang": "ring", "ran": "run", "saw": "see", "chose": "choose",
}  # fmt: skip
PAST = frozenset(_IRREGULAR) - {"read", "cut", "put", "set", "got", "left"}
"""Irregular forms that are nothing but past."""
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3,
             "4th": 3, "fifth": 4, "5th": 4, "last": -1, "latest": -1}  # fmt: skip
_ORDINAL = re.compile(
    rf"(?:the\s+)?(?P<which>{'|'.join(_ORDINALS)})(?:\s+(?:one|task|item|of\s+them))?",
    re.IGNORECASE,
)
_IT = re.compile(
    r"it|this|that|this\s+one|that\s+one|the\s+task|this\s+task|that\s+task", re.IGNORECASE
)
_THEM = re.compile(
    r"them|these|those|they|all\s+of\s+(?:them|these|those)|them\s+all|these\s+tasks|those\s+tasks|all\s+(?:\w+\s+)?of\s+them",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"both(?:\s+of\s+(?:them|these))?(?:\s+tasks)?|the\s+two(?:\s+of\s+them)?", re.IGNORECASE
)
_ALIKE = 0.75
"""Of two words, from 0 to 1, by the letters that they share: "mlik" and "milk" just are."""

Task = dict[str, Any]


def number_in(reference: str) -> int | None:
    """The task's number, if it is named by one."""
    found = _NUMBER.fullmatch(reference.strip().strip("'\"").strip())
    return int(found["number"]) if found else None


def pointed_at(reference: str, named: Sequence[Task]) -> list[Task] | None:
    """The tasks that "it", "the second one", "both", "them" mean among those just named; None if
    the words are of another kind."""
    words = reference.strip()
    if found := _ORDINAL.fullmatch(words):
        place = _ORDINALS[found["which"].lower()]
        return [named[place]] if -len(named) <= place < len(named) else []
    if _BOTH.fullmatch(words):
        return list(named) if len(named) == 2 else []
    if _IT.fullmatch(words) or _THEM.fullmatch(words):
        return list(named)
    return None


def is_plural(reference: str) -> bool:
    return bool(_THEM.fullmatch(reference.strip()) or _BOTH.fullmatch(reference.strip()))


def query(reference: str) -> str:
    """Words to look for in the database: what every spelling of them has in common."""
    wanted = words(reference) or re.findall(r"[^\W_]+", unquoted(reference))
    return " ".join(word[:-1] if len(word) > 4 and word[-1] in "iy" else word for word in wanted)


def exactly(reference: str, tasks: Sequence[Task]) -> list[Task]:
    """Those whose title it is, word for word."""
    wanted = folded(unquoted(reference))
    return [task for task in tasks if folded(task["title"]) == wanted]


def find(reference: str, tasks: Sequence[Task], *, pending_first: bool) -> list[Task]:
    """The tasks that may be meant. A title given word for word wins. With `pending_first` a
    finished one is meant only if no open one is."""
    fitting = exactly(reference, tasks)
    if not fitting:
        wanted = words(reference)
        if not wanted:
            return []
        fitting = [task for task in tasks if words(task["title"]) == wanted] or [
            task for task in tasks if set(wanted) <= set(words(task["title"]))
        ]
    if pending_first:
        fitting = [task for task in fitting if not task["completed"]] or fitting
    return fitting


def resembling(reference: str, tasks: Sequence[Task]) -> list[Task]:
    """Those that would fit if a word or two were spelt otherwise, at most three."""
    wanted = _letters(reference)
    if not wanted:
        return []
    return [
        task
        for task in tasks
        if all(
            any(
                SequenceMatcher(None, word, other).ratio() >= _ALIKE
                for other in _letters(task["title"])
            )
            for word in wanted
        )
    ][:3]


def _letters(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", folded(text)) if word not in _EMPTY]


def folded(text: str) -> str:
    """Without case, accents and double blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


_CALLED = re.compile(r"^(?:the\s+)?(?:task|one|item|todo)\s+called\s+")


def words(text: str) -> list[str]:
    """The words that carry meaning, each in its plainest form."""
    text = _CALLED.sub("", folded(text))
    found = re.findall(r"[^\W_]+(?:'[^\W_]+)?", text)
    return [_stem(word) for word in found if word not in _EMPTY]


def _stem(word: str) -> str:
    """Not the word's root, but the same for its forms: walk, walks, walked, walking."""
    word = _IRREGULAR.get(word, word).removesuffix("'s")
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "i"
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    else:
        if word.endswith("es") and word[:-2].endswith(("s", "x", "z", "ch", "sh")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:
            word = word[:-1]
    word = word.removesuffix("e") if len(word) > 3 else word
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > 3 else word
