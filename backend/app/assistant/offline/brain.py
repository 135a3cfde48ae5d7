"""Does what the rules understood, over the tools."""

from typing import Any

from app.assistant.brain import Task
from app.assistant.events import Kind
from app.assistant.hands import Hands
from app.assistant.offline import answers, reference, rules
from app.assistant.offline.intent import Intent, Talk
from app.assistant.offline.sentence import plain, unquoted
from app.assistant.outcomes import outcome_sentence
from app.mcp.tools import Json, ToolRefused
from app.models import Role

# The most that one call gives.
_ALL = 500
# What a person says in one breath. A page is no order, and the rules would take long over it.
_LONGEST = 1500


class OfflineBrain:
    kind: Kind = "offline"
    model: str | None = None

    async def close(self) -> None:
        """There is nothing to close."""

    async def answer(self, task: Task, hands: Hands) -> None:
        if not any(message.role == Role.ASSISTANT for message in task.history):
            hands.say(answers.INTRODUCTION)
        if task.approved is not None:
            hands.say(outcome_sentence(task.approved))
            return
        try:
            await _Turn(hands).answer(self._understand(task))
        except ToolRefused as refused:
            hands.say(f"That did not work: {refused}")

    def _understand(self, task: Task) -> Intent:
        if len(task.message) > _LONGEST:
            return Intent(None, talk=Talk.UNKNOWN)
        intent = rules.understand(task.message, task.now)
        if intent.talk not in (Talk.UNKNOWN, Talk.WHAT_ABOUT_IT):
            return intent
        return self._as_answer(task) or intent

    def _as_answer(self, task: Task) -> Intent | None:
        """ "The second one": the answer to "Which one do you mean?"."""
        asked = [message for message in task.history if message.role == Role.USER]
        replies = [message for message in task.history if message.role == Role.ASSISTANT]
        if not asked or not replies or "Which" not in replies[-1].content:
            return None
        before = rules.understand(asked[-1].content, task.now)
        said = plain(task.message)
        if before.tool is None or before.reference is None or len(said) > 200:
            return None
        return Intent(before.tool, before.arguments, said)


class _Turn:
    """One answer: the calls that it takes, counted so that a repeated turn makes the same ones."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._calls = 0

    async def answer(self, intent: Intent) -> None:
        hands = self._hands
        if intent.talk is not None or intent.tool is None:
            hands.say(answers.talk(intent.talk or Talk.UNKNOWN))
            return
        arguments = dict(intent.arguments)
        if intent.reference is not None:
            task_id = await self._task(intent.reference, intent.tool, arguments)
            if task_id is None:
                return
            arguments = {"task_id": task_id, **arguments}
        if intent.tool == "delete_task":
            await hands.ask_before_deleting(self._key(), arguments)
            return
        result = await self._use(intent.tool, arguments)
        hands.say(self._words(intent.tool, arguments, result))

    async def _task(self, words: str, tool: str, arguments: dict[str, Any]) -> int | None:
        """The number of the task that is meant; None when the user was asked instead."""
        number = reference.number_in(words)
        if number is not None:
            return number
        tasks = await self._use("list_tasks", {"limit": _ALL})
        fitting = reference.find(
            words,
            tasks,
            pending_first=tool == "complete_task" and arguments.get("completed") is not False,
        )
        if len(fitting) == 1:
            return int(fitting[0]["id"])
        name = unquoted(words)
        self._hands.say(answers.which(name, fitting) if fitting else answers.none_fits(name))
        return None

    async def _use(self, tool: str, arguments: dict[str, Any]) -> Json:
        result = await self._hands.use(self._key(), tool, arguments)
        return result["tasks"] if tool in ("list_tasks", "search_tasks") else result

    def _key(self) -> str:
        self._calls += 1
        return f"call_{self._calls}"

    @staticmethod
    def _words(tool: str, arguments: dict[str, Any], result: Json) -> str:
        match tool:
            case "add_task":
                return answers.added(result)
            case "list_tasks":
                return answers.listed(result, arguments)
            case "search_tasks":
                return answers.found(result, arguments["query"])
            case "get_task":
                return answers.shown(result)
            case "complete_task":
                return answers.completed(result)
            case _:
                return answers.changed(result, arguments)
