"""What an assistant can do within a turn: say something, use a tool, ask before it acts."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from app.assistant.events import Event
from app.keepable import made_keepable
from app.mcp.calls import TurnCall
from app.mcp.tools import Json, ToolRefused
from app.services.turn_records import ClaimedTurn, recorded

# What is never done without the user's yes.
ASKED_FIRST = frozenset({"delete_task"})


class Offered(Protocol):
    """A tool as tools/list described it."""

    name: str
    description: str
    input_schema: dict[str, Json]


class Connection(Protocol):
    """An open MCP connection (`app.mcp.connection`)."""

    async def tools(self) -> "list[Any]": ...

    async def call(self, name: str, arguments: dict[str, Json], turn: TurnCall) -> Json: ...


class Question:
    """A call that waits for the user's yes; or several calls of one tool, by the arguments
    `{"calls": [{…}, …]}`."""

    def __init__(self, tool: str, arguments: dict[str, Json], prompt: str) -> None:
        self.tool = tool
        self.arguments = arguments
        self.prompt = prompt


def calls_of(arguments: dict[str, Json]) -> list[dict[str, Json]]:
    """The arguments of each call that a question is about."""
    several = arguments.get("calls")
    return several if isinstance(several, list) else [arguments]


class ToolExecutor:
    """One turn's. Keeps what was said and done, for the record."""

    def __init__(
        self, held: ClaimedTurn, connection: Connection, emit: Callable[[Event], None]
    ) -> None:
        self._held = held
        self._connection = connection
        self._emit = emit
        self._said: list[str] = []
        self.calls: list[dict[str, Json]] = []
        """`[{id, name, tool, arguments, result, error, count}]`, as the client gets it."""
        self.question: Question | None = None
        self.before = held.context or {}
        """What the turn before left for this one."""
        self.context: dict[str, Json] | None = {**self.before, "question": None}
        """What this turn leaves for the next. A question counts in the very next turn alone."""

    @property
    def text(self) -> str:
        return "".join(self._said)

    def say(self, text: str) -> None:
        text = made_keepable(text)
        if text:
            self._said.append(text)
            self._emit(Event("delta", {"text": text}))

    async def tools(self) -> "list[Any]":
        return await self._connection.tools()

    async def use(
        self, key: str, name: str, arguments: dict[str, Json], *, takes_back: bool = False
    ) -> Json:
        """What the tool gave. `key` names the call within the turn: under the same key nothing is
        done twice. `takes_back`: the user asked to undo what this conversation did, which needs no
        other question. Raises ToolRefused, with a sentence for people."""
        arguments = made_keepable(arguments)
        if name in ASKED_FIRST and not takes_back and not self._approved(name, arguments):
            raise ToolRefused("The user has to be asked first.")
        self._emit(Event("tool_start", {"id": key, "name": name, "arguments": arguments}))
        held = self._held
        turn = TurnCall(held.conversation_id, held.turn_id, held.holder, key)
        try:
            result = await self._connection.call(name, arguments, turn)
        except ToolRefused as refused:
            self._note(key, name, arguments, None, str(refused))
            raise
        self._note(key, name, arguments, result, None)
        return result

    def recall(self) -> None:
        """Takes over the calls that this turn made in a process that is gone."""
        known = {call["id"] for call in self.calls}
        for effect in self._held.made:
            if effect.call_key in known:
                continue
            key, name = effect.call_key, effect.tool
            start = {"id": key, "name": name, "arguments": effect.arguments}
            self._emit(Event("tool_start", start))
            self._note(key, name, effect.arguments, effect.result, effect.error)

    async def ask_before_deleting(self, key: str, arguments: dict[str, Json]) -> None:
        """Puts the deletion to the user: the turn ends with the question. Looks the task up, so
        that the question names it. Raises ToolRefused, such as when there is no such task."""
        if self.question is not None:
            raise ToolRefused(
                "Another deletion waits for the user's answer. Only one can at a time."
            )
        task = await self.use(f"{key}:look", "get_task", {"task_id": arguments.get("task_id")})
        prompt = f"Delete “{task['title']}”? Yes or no."
        self.question = Question("delete_task", {"task_id": task["id"]}, prompt)

    def _approved(self, name: str, arguments: dict[str, Json]) -> bool:
        answered = self._held.answered
        return (
            answered is not None
            and answered.approved
            and answered.tool == name
            and arguments in calls_of(answered.arguments)
        )

    def _note(
        self, key: str, name: str, arguments: dict[str, Json], result: Json, error: str | None
    ) -> None:
        shown, count = recorded(result)
        call = {
            "id": key,
            "name": name,
            "tool": name,
            "arguments": arguments,
            "result": shown,
            "error": error,
            "count": count,
        }
        self.calls.append(json.loads(json.dumps(call)))
        end = {"id": key, "name": name, "result": shown, "error": error, "count": count}
        self._emit(Event("tool_end", end))
