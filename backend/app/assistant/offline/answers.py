"""What the offline assistant says."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from app.assistant.offline.intent import Talk

Task = dict[str, Any]

INTRODUCTION = (
    "I'm the offline assistant: I follow fixed rules for plain English, no language model.\n\n"
)
_CAN = (
    "I can add, list, search, show, change, complete and delete tasks. For example:\n"
    "- “Add buy milk due tomorrow”\n"
    "- “What's pending?”\n"
    "- “Mark task 3 as done”\n"
    "- “Rename task 2 to Call dad”\n"
    "- “Set the priority of task 4 to high”\n"
    "- “Find tasks about the dentist”\n"
    "- “Delete task 5” (I ask before I do it)"
)
_TALK = {
    Talk.HELLO: f"Hello! {_CAN}",
    Talk.THANKS: "You're welcome.",
    Talk.HELP: _CAN,
    Talk.NOTHING_ASKED: "I have no question open. What would you like to do?",
    Talk.UNKNOWN: f"I did not understand that, so I changed nothing. {_CAN}",
    Talk.WHICH: "Which task do you mean? Its number or its title will do.",
    Talk.SEVERAL: "I do one thing at a time. Which one shall I begin with?",
    Talk.EVERYTHING: "I don't do that to all tasks at once. Name one, by its number or its title.",
    Talk.NOT_DONE: "All right, I changed nothing.",
    Talk.WONDERING: "I changed nothing. If you want it done, say it plainly: “Delete task 4”.",
    Talk.WHAT_TO_ADD: "What shall I add? For example: “Add buy milk”.",
    Talk.WHAT_TO_CHANGE: (
        "What shall I change it to? For example: “Rename task 3 to Pay the rent”, “Set the "
        "priority of task 3 to high” or “Move task 3 to Friday”."
    ),
    Talk.WHAT_TO_FIND: "What shall I look for?",
    Talk.WHICH_DATE: (
        "I did not understand the date, so I changed nothing. I know “tomorrow”, “next Friday”, "
        "“December 15”, “in 3 days” and 2026-12-31."
    ),
    Talk.WHAT_ABOUT_IT: "What about it? You can show, complete, change or delete it.",
}
_SHOWN = 50


def talk(what: Talk) -> str:
    return _TALK[what]


def which(reference: str, tasks: Sequence[Task]) -> str:
    return f"Several tasks fit “{reference}”. Which one do you mean?\n{_lines(tasks)}"


def none_fits(reference: str) -> str:
    return f"I found no task that fits “{reference}”, so I changed nothing."


def listed(tasks: Sequence[Task], arguments: dict[str, Any]) -> str:
    kind = {"pending": "pending ", "completed": "completed "}.get(arguments.get("status", ""), "")
    if "priority" in arguments:
        kind += f"{arguments['priority']}-priority "
    if not tasks:
        return f"You have no {kind}tasks."
    return f"You have {_count(tasks, kind)}:\n{_lines(tasks)}"


def found(tasks: Sequence[Task], query: str) -> str:
    if not tasks:
        return f"No task mentions “{query}”."
    return f"{_count(tasks, '')} found for “{query}”:\n{_lines(tasks)}".capitalize()


def shown(task: Task) -> str:
    state = "done" if task["completed"] else "pending"
    lines = [f"Task {task['id']}: “{task['title']}”", f"- {state}, {task['priority']} priority"]
    if task["due_at"]:
        lines.append(f"- due {_when(task['due_at'])}")
    if task["description"]:
        lines.append(f"- {task['description']}")
    return "\n".join(lines)


def added(result: dict[str, Any]) -> str:
    task = result["task"]
    extra = f", due {_when(task['due_at'])}" if task["due_at"] else ""
    extra += f", {task['priority']} priority" if task["priority"] != "medium" else ""
    return f"Added “{task['title']}” as task {task['id']}{extra}."


def completed(result: dict[str, Any]) -> str:
    state = "done" if result["status"] == "completed" else "open again"
    return f"“{result['title']}” (task {result['task_id']}) is {state}."


def changed(result: dict[str, Any], arguments: dict[str, Any]) -> str:
    task = result["task"]
    name = f"Task {task['id']}"
    if "title" in arguments:
        return f"{name} is now called “{task['title']}”."
    name = f"“{task['title']}” (task {task['id']})"
    if "priority" in arguments:
        return f"{name} now has {task['priority']} priority."
    if "due_at" in arguments:
        due = task["due_at"]
        return f"{name} is due {_when(due)}." if due else f"{name} has no due date any more."
    if task["description"]:
        return f"{name} now has the description “{task['description']}”."
    return f"{name} has no description any more."


def _count(tasks: Sequence[Task], kind: str) -> str:
    return f"{len(tasks)} {kind}{'task' if len(tasks) == 1 else 'tasks'}"


def _lines(tasks: Sequence[Task]) -> str:
    lines = []
    for task in tasks[:_SHOWN]:
        mark = " ✓" if task["completed"] else ""
        due = f" (due {_when(task['due_at'])})" if task["due_at"] else ""
        # A star would be taken for Markdown's; a title is somebody's own text.
        lines.append(f"- {task['id']}: {task['title']}{due}{mark}")
    if len(tasks) > _SHOWN:
        lines.append(f"- … and {len(tasks) - _SHOWN} more")
    return "\n".join(lines)


def _when(moment: str) -> str:
    when = datetime.fromisoformat(moment).astimezone(UTC)
    day = f"{when:%A}, {when.day} {when:%B %Y}"
    return day if (when.hour, when.minute) == (12, 0) else f"{day} at {when:%H:%M} UTC"
