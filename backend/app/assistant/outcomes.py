"""What came of what the user said yes to."""

from dataclasses import dataclass

from app.assistant import markdown
from app.mcp.tools import Json
from app.services.turn_records import AnsweredConfirmation


@dataclass(frozen=True)
class Outcome:
    """What came of one call that the user said yes to."""

    arguments: dict[str, Json]
    result: Json
    error: str | None


@dataclass(frozen=True)
class Approved:
    """The user's yes to a question, with what came of each of its calls."""

    question: AnsweredConfirmation
    outcomes: list[Outcome]


_DONE = {"delete_task": "Deleted", "add_task": "Added", "complete_task": "Marked as done:"}


def outcome_sentence(approved: Approved) -> str:
    """What came of what the user said yes to."""
    names = [
        f"“{markdown.escape(outcome.result['title'])}”"
        for outcome in approved.outcomes
        if outcome.error is None
    ]
    reopened = approved.outcomes[0].arguments.get("completed") is False
    verb = "Open again:" if reopened else _DONE.get(approved.question.tool, "Changed")
    done = [f"{verb} {markdown.joined(names)}."] if names else []
    return " ".join([*done, *(error for o in approved.outcomes if (error := o.error))])
