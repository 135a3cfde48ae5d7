"""What a sentence was understood to mean."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Talk(StrEnum):
    """What is said to it that is no order, and why an order is not carried out."""

    HELLO = "hello"
    THANKS = "thanks"
    HELP = "help"
    NOTHING_ASKED = "nothing asked"
    UNKNOWN = "unknown"
    WHICH = "which"
    SEVERAL = "several"
    EVERYTHING = "everything"
    NOT_DONE = "not done"
    WONDERING = "wondering"
    WHAT_TO_ADD = "what to add"
    WHAT_TO_CHANGE = "what to change"
    WHAT_TO_FIND = "what to find"
    WHICH_DATE = "which date"
    WHAT_ABOUT_IT = "what about it"


@dataclass(frozen=True)
class Intent:
    """A tool with its arguments, or something to answer without one."""

    tool: str | None
    arguments: dict[str, Any] = field(default_factory=dict)
    reference: str | None = None
    """The words that say which task is meant."""
    talk: Talk | None = None


def talk(what: Talk) -> Intent:
    return Intent(None, talk=what)
