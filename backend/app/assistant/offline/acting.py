"""Carries out what was understood, and remembers it for the next turn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.assistant.markdown import escape
from app.assistant.offline import answers, due, reference
from app.assistant.offline.answering import Meant
from app.assistant.offline.context import Context, Open, Step
from app.assistant.offline.finding import Finder
from app.assistant.offline.intent import Intent, Missing, Selection, Talk
from app.assistant.offline.sentence import unquoted
from app.assistant.offline.when import Now
from app.assistant.outcomes import Approved, outcome_sentence
from app.assistant.tool_executor import Question, ToolExecutor
from app.mcp.tools import Json, ToolRefused

Task = dict[str, Any]
Call = dict[str, Json]

_AT_ONCE = 100
"""The most tasks that one yes is about."""
_UPDATED = ("title", "description", "priority")


class Acting:
    """One turn's. Its calls are counted, so that a repeated turn makes the same ones."""

    def __init__(self, executor: ToolExecutor, before: Context, now: Now) -> None:
        self._executor = executor
        self._before = before
        self._now = now
        self._calls = 0
        self._last_used = ""
        self._finder = Finder(self._use, before.named, now)
        self.context = replace(before, question=None)

    async def answer(self, meant: Meant) -> None:
        intent = meant.intent
        if meant.ask_again is not None:
            self._ask_again(meant.ask_again)
        elif intent.talk is Talk.SEVERAL and intent.references:
            await self._exact_or_doubt(intent)
        elif intent.talk is not None:
            await self._talk(intent)
        elif intent.tool == "add_task":
            await self._add(intent)
        elif intent.tool == "list_tasks":
            await self._list(intent)
        elif intent.missing is Missing.QUERY or (intent.missing and not intent.references):
            self._ask_for(intent, meant.candidates)
        elif intent.tool == "search_tasks":
            await self._search(intent)
        else:
            await self._on_tasks(intent, meant.tasks or meant.candidates or None)
        for note in intent.notes:
            self._say(f" {escape(note)}" if self._executor.text.strip() else note)

    def tell_approved(self, approved: Approved) -> None:
        """What came of a yes, and how to take it back."""
        asked = self._before.question
        tool = approved.question.tool
        undone: list[Call] = []
        named: list[Task] = []
        for place, outcome in enumerate(approved.outcomes):
            if outcome.error is not None:
                continue
            task = outcome.result.get("task") or {
                "id": outcome.result["task_id"],
                "title": outcome.result["title"],
                "completed": False,
            }
            named.append(task)
            if tool == "add_task":
                undone.append(_call("delete_task", {"task_id": task["id"]}))
            elif tool == "delete_task":
                undone.append(_call("restore_task", {"task_id": task["id"]}))
            elif asked is not None and place < len(asked.back):
                undone.append(asked.back[place])
        if len(named) == 1 and tool == "add_task":
            self._say(answers.added(named[0], self._now))
        else:
            self._say(outcome_sentence(approved))
        self._remember(named, undone, outcome_sentence(approved), deletes=tool == "delete_task")

    # Talking

    def _say(self, text: str) -> None:
        self._executor.say(text)

    async def _talk(self, intent: Intent) -> None:
        match intent.talk:
            case Talk.UNDO | Talk.BRING_BACK if self._before.done and (
                intent.talk is Talk.UNDO or self._before.done[-1].deletes
            ):
                await self._undo()
                return
            case Talk.CORRECTED if self._before.last is not None:
                await self._correct(intent.words)
                return
            case Talk.CORRECTED:
                self._say(answers.talk(replace(intent, talk=Talk.NOT_DONE)))
                return
            case Talk.INSTEAD:
                self._open(Open("instead", Intent(None), sentence=intent.words))
        self._say(answers.talk(intent))
        if intent.talk in (Talk.HELLO, Talk.UNKNOWN) and not self._before.helped:
            self._say(f" {answers.HELP}")
        if intent.talk in (Talk.HELLO, Talk.UNKNOWN, Talk.HELP):
            self.context = replace(self.context, helped=True)

    def _open(self, question: Open) -> None:
        self.context = replace(self.context, question=question)

    def _ask_again(self, question: Open) -> None:
        self._open(question)
        if question.kind == "which":
            self._say(answers.which("", question.candidates, self._now))
        elif question.intent.missing is not None:
            self._say(answers.missing(question.intent.missing))

    def _ask_for(self, intent: Intent, candidates: Sequence[Task]) -> None:
        self._open(Open("missing", intent, _short(candidates)))
        self._say(answers.missing(intent.missing or Missing.TASK))

    def _ask_which(self, words: str, intent: Intent, tasks: Sequence[Task]) -> None:
        self._open(Open("which", intent, _short(tasks)))
        self.context = replace(self.context, named=list(tasks))
        self._say(answers.which(words, tasks, self._now))

    # Adding and looking

    async def _add(self, intent: Intent) -> None:
        if intent.each:
            calls = [{**one.arguments, **due.arguments(one.due, self._now)} for one in intent.each]
            self._confirm("add_task", calls, calls, intent)
            return
        if intent.missing:
            self._ask_for(intent, [])
            return
        arguments = {**intent.arguments, **due.arguments(intent.due, self._now)}
        if intent.offered or intent.stated:
            there = await self._finder.exactly(arguments["title"])
            if there:
                self.context = replace(self.context, named=there)
                self._say(answers.there_already(there[0]))
                return
        if intent.offered:
            self._say("I did not understand that as an order.")
            self._confirm("add_task", [arguments], [arguments], intent)
            return
        result = await self._use("add_task", arguments)
        task = result["task"]
        self._say(answers.added(task, self._now))
        back = [_call("delete_task", {"task_id": task["id"]})]
        self._remember([task], back, f"Added “{task['title']}”.", intent)

    async def _list(self, intent: Intent) -> None:
        wanted = intent.selection or Selection()
        tasks, total = await self._finder.all(wanted)
        self.context = replace(self.context, named=tasks)
        self._say(answers.listed(tasks, total, wanted, intent.counted, self._now))

    async def _search(self, intent: Intent) -> None:
        query = intent.arguments["query"]
        tasks, total = await self._finder.search(query)
        self.context = replace(self.context, named=tasks)
        self._say(answers.found(tasks, total, query, self._now))

    # On tasks that there are

    async def _on_tasks(self, intent: Intent, tasks: list[Task] | None) -> None:
        if tasks is None and intent.selection is not None:
            await self._on_all(intent, intent.selection)
            return
        together = len(intent.references) > 1 or reference.is_plural(" ".join(intent.references))
        if tasks is None:
            tasks = await self._named_by(intent)
            if tasks is None:
                return
        else:
            # As they are now: what was asked about may have changed since.
            tasks = [await self._use("get_task", {"task_id": task["id"]}) for task in tasks]
        if intent.missing is not None:
            self._ask_for(intent, tasks)
        elif intent.tool == "get_task":
            if self._last_used != "get_task":
                # A list may leave out what a task has besides its title.
                tasks = [await self._use("get_task", {"task_id": task["id"]}) for task in tasks]
            self.context = replace(self.context, named=tasks)
            self._say("\n\n".join(answers.shown(task, intent.about, self._now) for task in tasks))
        else:
            await self._do(intent, tasks, together=together)

    async def _named_by(self, intent: Intent) -> list[Task] | None:
        """The tasks that the words mean; None when the person was asked instead."""
        if len(intent.references) > 1 and intent.whole:
            whole, _ = await self._finder.one(intent.whole, replace(intent, stated=True))
            if len(whole) == 1:
                return whole
        found: list[Task] = []
        lacking: list[str] = []
        for words in intent.references:
            fitting, similar = await self._finder.one(words, intent)
            if len(fitting) > 1 and reference.is_plural(words):
                return fitting
            if len(fitting) > 1:
                exact = reference.pointed_at(words, fitting) is not None
                self._ask_which("" if exact else unquoted(words), intent, fitting)
                return None
            if not fitting and len(intent.references) == 1:
                self._nothing(words, intent, similar)
                return None
            found += [
                task for task in fitting if task["id"] not in {known["id"] for known in found}
            ]
            if not fitting:
                lacking.append(words)
        if not lacking:
            return found
        self._say(answers.none_fits(unquoted(lacking[0])))
        if found and not intent.stated:
            self._say(" Which tasks do you mean?")
        return None

    def _nothing(self, words: str, intent: Intent, similar: list[Task]) -> None:
        if reference.pointed_at(words, []) is not None:
            self._ask_for(replace(intent, references=(), missing=Missing.TASK), [])
        elif similar:
            self._open(Open("which", replace(intent, references=()), _short(similar)))
            self.context = replace(self.context, named=similar)
            self._say(answers.resembles(unquoted(words), similar, self._now))
        else:
            self._say(answers.none_fits(unquoted(words)))
            if not intent.stated:
                self._say(" Which task do you mean?")

    async def _on_all(self, intent: Intent, wanted: Selection) -> None:
        if intent.arguments.get("completed") is False and wanted.status == "all":
            wanted = replace(wanted, status="completed")
        elif intent.tool != "delete_task" and wanted.status == "all" and wanted.is_dated:
            wanted = replace(wanted, status="pending")
        tasks, total = await self._finder.all(wanted)
        if not tasks:
            self._say(answers.listed([], 0, wanted, False, self._now))
            return
        if total > _AT_ONCE or len(tasks) > _AT_ONCE:
            self._say(f"That is {total} tasks; I take {_AT_ONCE} at once.")
            tasks = tasks[:_AT_ONCE]
        await self._do(intent, tasks, together=True)

    async def _do(self, intent: Intent, tasks: list[Task], *, together: bool) -> None:
        tool = intent.tool or ""
        if tool == "complete_task":
            wanted = intent.arguments.get("completed") is not False
            settled = [task for task in tasks if task["completed"] == wanted]
            tasks = [task for task in tasks if task["completed"] != wanted]
            if not tasks:
                self.context = replace(self.context, named=settled)
                self._say(" ".join(answers.already(task) for task in settled[: answers.NAMED]))
                return
        if "description" in intent.arguments and self._last_used != "get_task":
            # Lists leave notes out, and what is there has to come back by an undo.
            tasks = [await self._use("get_task", {"task_id": task["id"]}) for task in tasks]
        calls = [
            {
                "task_id": task["id"],
                **intent.arguments,
                **due.arguments(intent.due, self._now, task),
            }
            for task in tasks
        ]
        if tool == "delete_task" or (together and len(tasks) > 1) or intent.selection is not None:
            self._confirm(tool, calls, tasks, intent)
            return
        said = []
        back = []
        after = []
        for task, arguments in zip(tasks, calls, strict=True):
            result = await self._use(tool, arguments)
            after.append(result["task"])
            back.append(_back(tool, arguments, task))
            if tool == "complete_task":
                reopened = arguments.get("completed") is False
                said.append(answers.completed(result["task"], reopened=reopened))
            else:
                said.append(answers.changed(task, result["task"], arguments, self._now))
        self._say(" ".join(said))
        self._remember(after, back, " ".join(said), intent)

    def _confirm(self, tool: str, calls: list[Call], tasks: Sequence[Task], intent: Intent) -> None:
        """Puts it to the person: it is done after a yes."""
        arguments = calls[0] if len(calls) == 1 else {"calls": calls}
        prompt = answers.question(tool, calls, tasks, self._now)
        self._executor.question = Question(tool, arguments, prompt)
        back = []
        if tool not in ("add_task", "delete_task"):
            back = [_back(tool, call, task) for call, task in zip(calls, tasks, strict=True)]
        self._open(Open("confirmation", Intent(None), back=back))
        last = replace(intent, references=(), selection=None)
        named = list(tasks) if tool != "add_task" else self.context.named
        self.context = replace(self.context, named=named, last=last if tool != "add_task" else None)

    async def _exact_or_doubt(self, intent: Intent) -> None:
        """What looks like two orders may be one title."""
        there = await self._finder.exactly(intent.references[0])
        if len(there) == 1:
            await self._do(replace(intent, talk=None), there, together=False)
        else:
            self._say(answers.talk(intent))

    # Taking back

    async def _undo(self) -> None:
        step = self._before.done[-1]
        named: list[Task] = []
        for call in reversed(step.calls):
            try:
                result = await self._use(call["tool"], call["arguments"], takes_back=True)
            except ToolRefused as refused:
                self._say(f"{escape(str(refused))} ")
                continue
            if call["tool"] != "delete_task":
                named.append(result["task"])
        back = "Brought back" if step.deletes else "Undone"
        # What was said is Markdown already.
        self._say(f"{back}: {step.said}")
        self.context = replace(
            self.context, named=named[::-1], done=self._before.done[:-1], last=None
        )

    async def _correct(self, words: str) -> None:
        """ "No, I meant the roses": the same with another task."""
        intent = self._before.last or Intent(None)
        fitting, _ = await self._finder.one(words, replace(intent, stated=True))
        if len(fitting) != 1:
            self._say("All right, I changed nothing. Which task do you mean?")
            return
        asked = self._before.question is not None and self._before.question.kind == "confirmation"
        if not asked and self._before.done:
            await self._undo()
            self._say(" ")
        await self._do(replace(intent, selection=None), fitting, together=False)

    def _remember(
        self,
        tasks: Sequence[Task],
        back: list[Call],
        said: str,
        intent: Intent | None = None,
        *,
        deletes: bool = False,
    ) -> None:
        done = list(self.context.done)
        if back:
            done.append(Step(said, back, deletes))
        last = replace(intent, references=(), selection=None) if intent else None
        self.context = replace(
            self.context,
            named=[] if deletes else list(tasks),
            done=done,
            last=None if intent and intent.tool == "add_task" else last,
        )

    async def _use(self, tool: str, arguments: Call, *, takes_back: bool = False) -> Json:
        self._calls += 1
        self._last_used = tool
        return await self._executor.use(
            f"call_{self._calls}", tool, arguments, takes_back=takes_back
        )


def _call(tool: str, arguments: Call) -> Call:
    return {"tool": tool, "arguments": arguments}


def _back(tool: str, arguments: Call, before: Task) -> Call:
    """The call that takes this one back."""
    if tool == "complete_task":
        return _call(tool, {"task_id": before["id"], "completed": before["completed"]})
    values = {name: before.get(name) for name in _UPDATED if name in arguments}
    if "due_date" in arguments or "due_at" in arguments:
        values |= due.as_it_is(before)
    return _call("update_task", {"task_id": before["id"], **values})


def _short(tasks: Sequence[Task]) -> list[Task]:
    kept = ("id", "title", "completed", "due_date", "due_at", "priority")
    return [{key: task.get(key) for key in kept} for task in tasks]
