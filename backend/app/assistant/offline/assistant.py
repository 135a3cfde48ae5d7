"""Answers a turn by the rules, over the tools."""

from app.assistant.base import TurnInput
from app.assistant.events import Kind
from app.assistant.offline import answering, answers, rules
from app.assistant.offline.acting import Acting
from app.assistant.offline.context import Context
from app.assistant.offline.intent import Talk, talk
from app.assistant.offline.when import Now
from app.assistant.tool_executor import ToolExecutor
from app.mcp.tools import ToolRefused
from app.models import Role

# Characters: what a person says in one breath. A page is no order, and the rules would take long
# over it.
_LONGEST = 1500


class OfflineAssistant:
    kind: Kind = "offline"
    model: str | None = None

    async def close(self) -> None:
        """There is nothing to close."""

    async def answer(self, task: TurnInput, executor: ToolExecutor) -> None:
        now = Now(task.now, task.zone)
        before = Context.load(executor.before, task.now)
        if not any(message.role == Role.ASSISTANT for message in task.history):
            executor.say(answers.INTRODUCTION)
        acting = Acting(executor, before, now)
        try:
            if task.approved is not None:
                acting.tell_approved(task.approved)
            else:
                await acting.answer(self._understand(task.message, before, now))
        except ToolRefused as refused:
            executor.say(f"That did not work: {refused}")
        executor.context = acting.context.dump(task.now)

    def _understand(self, message: str, before: Context, now: Now) -> answering.Meant:
        if len(message) > _LONGEST:
            return answering.Meant(talk(Talk.UNKNOWN))
        return answering.meant(message, rules.understand(message, now), before, now)
