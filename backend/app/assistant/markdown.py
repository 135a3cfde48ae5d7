"""Answers are Markdown; what stands in tasks is somebody's own text and must not become any."""

import re
from collections.abc import Sequence

_SIGNS = re.compile(r"([\\`*_\[\]<>~]|(?<=\])\()")
# At its beginning a list item may begin another list or a heading.
_BLOCK = re.compile(r"^(#{1,6}\s|[-+>]\s|\d{1,9}[.)]\s)")
_BREAKS = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings and overrides of the writing direction: they would turn what comes after them, too."""


def escape(text: str) -> str:
    """The text as Markdown that shows exactly it, on one line."""
    line = _BREAKS.sub(" ", _INVISIBLE.sub("", text)).strip()
    line = _SIGNS.sub(r"\\\1", line)
    return _BLOCK.sub(_escaped_first, line)


def _escaped_first(found: "re.Match[str]") -> str:
    mark = found[0]
    return f"{mark[:-2]}\\{mark[-2:]}" if mark[0].isdigit() else f"\\{mark}"


def joined(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
