"""What the offline assistant says. Titles and notes are other people's text: never Markdown."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from app.assistant.markdown import escape, joined
from app.assistant.offline.intent import Intent, Missing, Selection, Talk
from app.assistant.offline.when import Now

Task = dict[str, Any]

INTRODUCTION = (
    "I'm the offline assistant: I follow fixed rules for plain English, no language model.\n\n"
)
HELP = (
    "I can add, list, find, change, complete and delete tasks: “Add buy milk for tomorrow”, “What "
    "is due this week?”, “Move buy milk to Friday”, “The rent is paid”, “Delete all done tasks”, "
    "“Undo”."
)
_TALK = {
    Talk.HELLO: "Hello!",
    Talk.THANKS: "You're welcome.",
    Talk.HELP: HELP,
    Talk.NOTHING_ASKED: "I have no question open. What would you like to do?",
    Talk.UNKNOWN: "I did not understand that, so I changed nothing.",
    Talk.SEVERAL: "I do one kind of thing at a time. Which one shall I begin with?",
    Talk.EVERYTHING: (
        "I don't do that to all tasks at once. Which do you mean? For example “all done tasks”, "
        "“everything due today”, or a title."
    ),
    Talk.NOT_DONE: "All right, I changed nothing.",
    Talk.WONDERING: "I changed nothing. If you want it done, say it plainly: “Delete buy milk”.",
    Talk.WHICH_DATE: (
        "Which date do you mean? I know “tomorrow”, “next Friday”, “December 15”, “in 3 days”, "
        "“at 5pm” and 2026-12-31."
    ),
    Talk.WHAT_ABOUT_IT: "What about it? You can show, complete, change or delete it.",
    Talk.UNDO: "There is nothing to undo in this conversation.",
    Talk.BRING_BACK: "There is nothing to bring back in this conversation.",
}
_MISSING = {
    Missing.TASK: "Which task do you mean? Its title will do.",
    Missing.TITLE: "What shall I add?",
    Missing.NEW_TITLE: "What shall it be called?",
    Missing.DUE: "When shall it be due?",
    Missing.PRIORITY: "Which priority: low, medium or high?",
    Missing.NOTE: "What shall the note say?",
    Missing.CHANGE: (
        "What shall I change? For example: “Rename it to Pay the rent”, “Set it to high priority” "
        "or “Move it to Friday”."
    ),
    Missing.QUERY: "What shall I look for?",
}
SHOWN = 50
"""More lines than these nobody reads in a chat."""
NAMED = 10
"""More titles than these make no sentence."""


def talk(intent: Intent) -> str:
    what = intent.talk or Talk.UNKNOWN
    if what is Talk.REPEATING:
        return (
            f"Repeating tasks are not supported (“{escape(intent.words)}”), so I changed nothing."
        )
    if what in (Talk.UNSUPPORTED, Talk.WHICH_DATE) and intent.words:
        changed = "" if "changed" in intent.words else " I changed nothing."
        asks = " Which date do you mean?" if what is Talk.WHICH_DATE else ""
        return f"{escape(intent.words)}{changed}{asks}"
    if what is Talk.HALVES:
        return (
            f"Is “{escape(intent.words)}” one task or two? Say it as “add …; add …” for two, or in "
            "quotes for one."
        )
    if what is Talk.INSTEAD:
        return f"Did you mean “{escape(intent.words)}”?"
    return _TALK[what]


def missing(what: Missing) -> str:
    return _MISSING[what]


def name(task: Task) -> str:
    return f"“{escape(task['title'])}”"


def names(tasks: Sequence[Task]) -> str:
    shown = [name(task) for task in tasks[:NAMED]]
    if len(tasks) > NAMED:
        shown.append(f"{len(tasks) - NAMED} more")
    return joined(shown)


def which(reference: str, tasks: Sequence[Task], now: Now) -> str:
    said = f" fit “{escape(reference)}”" if reference else " may be meant"
    return f"Several tasks{said}. Which one do you mean?\n{_lines(tasks, now)}"


def none_fits(reference: str) -> str:
    return f"I found no task that fits “{escape(reference)}”, so I changed nothing."


def resembles(reference: str, tasks: Sequence[Task], now: Now) -> str:
    if len(tasks) == 1:
        return f"I found no task “{escape(reference)}”. Did you mean {name(tasks[0])}?"
    return (
        f"I found no task “{escape(reference)}”. Did you mean one of these?\n{_lines(tasks, now)}"
    )


def there_already(task: Task) -> str:
    return (
        f"{name(task)} is on your list. What shall I do with it: show, complete, change or delete "
        "it?"
    )


def listed(tasks: Sequence[Task], total: int, wanted: Selection, counted: bool, now: Now) -> str:
    kind = {"pending": "pending ", "completed": "completed "}.get(wanted.status, "")
    if wanted.priority:
        kind += f"{wanted.priority}-priority "
    after = f" {wanted.label}" if wanted.label else ""
    if wanted.words:
        after += f" that mention{'s' if total == 1 else ''} “{escape(wanted.words)}”"
    if wanted.label == "overdue":
        kind, after = f"{kind.replace('pending ', '')}overdue ", after.replace(" overdue", "", 1)
    elif wanted.is_dated and not wanted.undated:
        after = f" due{after}"
    if not tasks:
        return f"You have no {kind}tasks{after}."
    if counted:
        return f"You have {_count(total, kind)}{after}: {names(tasks)}."
    if total > len(tasks):
        some = f"These are {len(tasks)} of them"
        return f"You have {_count(total, kind)}{after}. {some}:\n{_lines(tasks, now)}"
    return f"You have {_count(total, kind)}{after}:\n{_lines(tasks, now)}"


def found(tasks: Sequence[Task], total: int, query: str, now: Now) -> str:
    words = escape(query)
    if not tasks:
        return f"No task mentions “{words}”."
    return f"{_count(total, '')} found for “{words}”:\n{_lines(tasks, now)}"


def shown(task: Task, about: str, now: Now) -> str:
    due = due_words(task, now)
    if about == "done":
        if task["completed"]:
            return f"Yes, {name(task)} is done."
        return f"No, {name(task)} is not done yet{f'; it is {due}' if due else ''}."
    if about == "due":
        if not due:
            return f"{name(task)} has no due date."
        return f"{name(task)} is {due}{', and done' if task['completed'] else ''}."
    state = "done" if task["completed"] else "pending"
    lines = [f"{name(task)} is {state}, {task['priority']} priority{f', {due}' if due else ''}."]
    if task.get("description"):
        lines.append(f"Note: {escape(task['description'])}")
    return "\n".join(lines)


def added(task: Task, now: Now) -> str:
    return f"Added {name(task)}{_extras(task, now)}."


def completed(task: Task, *, reopened: bool) -> str:
    return f"Reopened {name(task)}." if reopened else f"{name(task)} is done."


def already(task: Task) -> str:
    return f"{name(task)} is {'done' if task['completed'] else 'open'} already."


def changed(before: Task, task: Task, arguments: dict[str, Any], now: Now) -> str:
    parts = []
    title = name(task)
    if "title" in arguments:
        return f"{name(before)} is now called {title}."
    if "due_date" in arguments or "due_at" in arguments:
        due = due_words(task, now)
        parts.append(f"is {due}" if due else "has no due date any more")
    if "priority" in arguments:
        parts.append(f"has {task['priority']} priority now")
    if "description" in arguments:
        note = arguments["description"]
        parts.append(f"has the note “{escape(note)}”" if note else "has no note any more")
    done = " It is done already." if task["completed"] else ""
    return f"{title} {' and '.join(parts)}.{done}"


def question(tool: str, calls: Sequence[dict[str, Any]], tasks: Sequence[Task], now: Now) -> str:
    """Asked as plain text; whoever shows it as Markdown escapes it."""
    titles = [f"“{task['title']}”" for task in tasks[:NAMED]]
    if len(tasks) > NAMED:
        titles.append(f"{len(tasks) - NAMED} more")
    what, which = joined(titles), ""
    if len(tasks) > 1:
        what, which = f"{len(tasks)} tasks", f": {joined(titles)}"
    first = calls[0]
    match tool:
        case "add_task" if len(calls) == 1:
            return f"Add {what}{_extras(tasks[0], now)} as a task? Yes or no."
        case "add_task":
            parts = [f"“{task['title']}”{_extras(task, now)}" for task in tasks]
            return f"Add {len(parts)} tasks: {'; '.join(parts)}? Yes or no."
        case "delete_task":
            return f"Delete {what}{which}? Yes or no."
        case "complete_task" if first.get("completed") is False:
            return f"Reopen {what}{which}? Yes or no."
        case "complete_task":
            return f"Mark {what} as done{which}? Yes or no."
    changes = []
    if "due_date" in first or "due_at" in first:
        dues = {due_words(call, now) for call in calls}
        same = f"make {what} {dues.pop() or 'free of due dates'}" if len(dues) == 1 else None
        changes.append(same or f"give {what} their new due dates")
    if "priority" in first:
        changes.append(f"give {what} {first['priority']} priority")
    said = " and ".join(changes) or f"change {what}"
    return f"{said[:1].upper()}{said[1:]}{which}? Yes or no."


def _extras(task: Task, now: Now) -> str:
    due = due_words(task, now)
    extra = f", {due}" if due else ""
    priority = task.get("priority", "medium")
    return f"{extra}, {priority} priority" if priority != "medium" else extra


def _count(total: int, kind: str) -> str:
    return f"{total} {kind}{'task' if total == 1 else 'tasks'}"


def _lines(tasks: Sequence[Task], now: Now) -> str:
    lines = []
    for task in tasks[:SHOWN]:
        mark = " ✓" if task["completed"] else ""
        due = due_words(task, now)
        lines.append(f"- {escape(task['title'])}{f' ({due})' if due else ''}{mark}")
    if len(tasks) > SHOWN:
        lines.append(f"- … and {len(tasks) - SHOWN} more")
    return "\n".join(lines)


def due_words(task: Task, now: Now) -> str:
    """ "due tomorrow at 17:00", in the zone where it is said; empty for no date."""
    if task.get("due_date"):
        return f"due {_day(date.fromisoformat(task['due_date']), now)}"
    if task.get("due_at"):
        at = datetime.fromisoformat(task["due_at"]).astimezone(now.zone)
        return f"due {_day(at.date(), now)} at {at:%H:%M}"
    return ""


def _day(day: date, now: Now) -> str:
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - now.today).days)
    if near:
        return near
    year = f" {day.year}" if day.year != now.today.year else ""
    soon = timedelta(0) < day - now.today < timedelta(7)
    return f"{'on ' if soon else ''}{day:%A}, {day.day} {day:%B}{year}"
