"""Which task is meant: by its number, or by words of its title."""

import re
from collections.abc import Sequence
from typing import Any

NUMBER = (
    r"(?:the\s+)?(?:task|todo|to-do|item)?\s*(?:number|no\.?|nr\.?)?\s*#?\s*(?P<number>\d{1,9})"
)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_EMPTY = frozenset(
    {
        *("a", "an", "the", "my", "this", "that", "of", "for", "to", "on", "in", "at", "with"),
        *("task", "tasks", "todo", "to-do", "item", "entry", "one", "called", "named", "titled"),
        *("about", "it", "please"),
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

Task = dict[str, Any]


def number_in(reference: str) -> int | None:
    """The task's number, if it is named by one."""
    found = _NUMBER.fullmatch(_bare(reference))
    return int(found["number"]) if found else None


def find(reference: str, tasks: Sequence[Task], *, pending_first: bool) -> list[Task]:
    """The tasks that may be meant. With `pending_first` a finished one is meant only if no open
    one is."""
    wanted = words(reference)
    if not wanted:
        return []
    exact = [task for task in tasks if words(task["title"]) == wanted]
    fitting = exact or [task for task in tasks if set(wanted) <= set(words(task["title"]))]
    if pending_first:
        fitting = [task for task in fitting if not task["completed"]] or fitting
    return fitting


def words(text: str) -> list[str]:
    """The words that carry meaning, each in its plainest form."""
    found = re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower())
    return [_stem(word) for word in found if word not in _EMPTY]


def _bare(reference: str) -> str:
    return reference.strip().strip("'\"").strip()


def _stem(word: str) -> str:
    word = _IRREGULAR.get(word, word).removesuffix("'s")
    for ending in ("ing", "ied", "ies", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if ending in ("ing", "ed") and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word.removesuffix("i") if len(word) > 3 else word
