"""Runs one turn, whichever assistant answers it: holds it, bounds it, keeps what came of it.

No connection of the database is held while the model thinks: a pod has four.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.assistant import events, markdown
from app.assistant.assembly import Assembly
from app.assistant.base import Assistant, TurnInput
from app.assistant.events import Event
from app.assistant.outcomes import Approved, Outcome, outcome_sentence
from app.assistant.tool_executor import Question, ToolExecutor, calls_of
from app.chat_errors import (
    ChatError,
    ConversationGone,
    ModelNotUnderstood,
    TooSlow,
    TurnInProgress,
)
from app.database import Database
from app.errors import DatabaseUnavailable
from app.mcp.tools import ToolRefused
from app.models import Confirmation, MessageStatus
from app.services import leases, turns
from app.services.leases import LEASE
from app.services.turn_records import AnsweredConfirmation, ClaimedTurn, FinishedTurn

# How long a question waits for its answer.
QUESTION_STANDS = timedelta(minutes=10)
# An answer that the database does not take is offered again, as long as the lease lasts.
_SAVE_AGAIN_AFTER = (0.2, 0.5, 1.0, 2.0, 4.0)

log = logging.getLogger("app.assistant")


class TurnRunner:
    """One per process."""

    def __init__(self, database: Database, assembly: Assembly, seconds: float) -> None:
        self._database = database
        self._assembly = assembly
        self._seconds = seconds

    async def run(
        self, held: ClaimedTurn, zone: ZoneInfo, token: str, emit: Callable[[Event], None]
    ) -> None:
        """Runs the turn to its end, for a user who is in this zone; the last event is `done` or
        `error`. Cancelled, it keeps what was said so far."""
        run = _Run(self._database, self._assembly, held, zone, emit)
        renewal = asyncio.create_task(run.keep_lease(asyncio.current_task()))
        emit(events.conversation(held, str(held.turn_id), self._assembly.kind))
        try:
            error = await run.answer(token, self._seconds)
        except asyncio.CancelledError:
            if run.lost is not None:
                emit(events.failure(run.lost))
                return
            with contextlib.suppress(ConversationGone):
                await _to_its_end(run.save(MessageStatus.STOPPED))
            raise
        finally:
            renewal.cancel()
        await _to_its_end(run.finish(error))


class _Run:
    def __init__(
        self,
        database: Database,
        assembly: Assembly,
        held: ClaimedTurn,
        zone: ZoneInfo,
        emit: Callable[[Event], None],
    ) -> None:
        self._database = database
        self._assembly = assembly
        self._held = held
        self._zone = zone
        self._emit = emit
        self._executor: ToolExecutor | None = None
        self.lost: ChatError | None = None
        """Why the turn is not this process' any more."""

    async def answer(self, token: str, seconds: float) -> ChatError | None:
        """None when all went well."""
        try:
            async with self._assembly.connect(self._held.user_id, token) as connection:
                # Nothing may be raised in here: the connection's task group would wrap it.
                executor = self._executor = ToolExecutor(self._held, connection, self._emit)
                return await self._think(self._assembly.assistant, executor, seconds)
        except Exception:
            log.exception("a turn broke")
            return ChatError()

    async def _think(
        self, assistant: Assistant, executor: ToolExecutor, seconds: float
    ) -> ChatError | None:
        approved = None
        try:
            async with asyncio.timeout(seconds):
                if self._held.answered is not None:
                    if not self._held.answered.approved:
                        executor.say("All right, I changed nothing.")
                        return None
                    approved = await self._do_approved(executor, self._held.answered)
                held, now = self._held, datetime.now(UTC)
                task = TurnInput(held.message, held.history, now, self._zone, approved)
                await assistant.answer(task, executor)
                self._conclude(executor)
        except TimeoutError:
            error: ChatError = TooSlow()
        except ChatError as failed:
            error = failed
        except Exception:
            log.exception("a turn failed")
            error = ChatError()
        else:
            return None
        log.warning(error.detail, extra={"code": error.code, "cause": str(error.__cause__)})
        if approved is not None and not executor.text:
            # It is done, whether or not somebody can talk about it.
            executor.say(outcome_sentence(approved))
            return None
        return error

    async def _do_approved(
        self, executor: ToolExecutor, question: AnsweredConfirmation
    ) -> Approved:
        outcomes = []
        for number, arguments in enumerate(calls_of(question.arguments)):
            key = f"confirmed:{question.id}" + (f":{number}" if number else "")
            try:
                result = await executor.use(key, question.tool, arguments)
            except ToolRefused as refused:
                outcomes.append(Outcome(arguments, None, str(refused)))
            else:
                outcomes.append(Outcome(arguments, result, None))
        return Approved(question, outcomes)

    def _conclude(self, executor: ToolExecutor) -> None:
        if executor.question is not None:
            executor.say(
                "\n\n" if executor.text.strip() and not executor.text.endswith("\n\n") else ""
            )
            executor.say(markdown.escape(executor.question.prompt))
        elif not executor.text.strip():
            if not executor.calls:
                raise ModelNotUnderstood
            executor.say("Done.")

    async def finish(self, error: ChatError | None) -> None:
        """Keeps the answer and tells the client."""
        try:
            finished = await self.save(
                MessageStatus.DONE if error is None else MessageStatus.FAILED, error
            )
        except ChatError as gone:
            self._emit(events.failure(gone))
            return
        if error is None and (finished is None or finished.message.status == MessageStatus.FAILED):
            error = ChatError()
        if finished is None or error is not None:
            self._emit(events.failure(error or ChatError()))
            return
        if finished.confirmation is not None:
            self._emit(events.confirm(finished.confirmation))
        self._emit(events.done(finished, self._assembly.kind))

    async def save(
        self, state: MessageStatus, error: ChatError | None = None
    ) -> FinishedTurn | None:
        """None: it could not be kept, and sending the turn again goes on with it.

        What the database refuses is not kept as it is: the turn has failed then, with the names of
        the tools that were used. Raises ConversationGone.
        """
        executor = self._executor
        text = (executor.text if executor else "") or (error.detail if error else "")
        calls = executor.calls if executor else []
        question = executor.question if executor and state is MessageStatus.DONE else None
        try:
            return await self._save(
                state, text, calls, question, executor.context if executor else None
            )
        except ChatError:
            raise
        except Exception:
            log.exception("an answer could not be kept as it is")
        names = [{key: call[key] for key in ("id", "name", "tool")} for call in calls]
        plain = [{**name, "arguments": {}, "result": None, "error": None} for name in names]
        try:
            return await self._save(MessageStatus.FAILED, ChatError.detail, plain, None, None)
        except ChatError:
            raise
        except Exception:
            log.exception("an answer could not be kept at all")
            return None

    async def _save(
        self,
        state: MessageStatus,
        text: str,
        calls: list[dict[str, Any]],
        question: Question | None,
        context: dict[str, Any] | None,
    ) -> FinishedTurn | None:
        for wait in (*_SAVE_AGAIN_AFTER, None):
            try:
                return await self._database.transaction(
                    lambda session: turns.finish(
                        session,
                        self._held,
                        state,
                        text,
                        calls,
                        self._row(question) if question else None,
                        context,
                    )
                )
            except DatabaseUnavailable:
                if wait is None:
                    log.warning("an answer could not be kept")
                    return None
                await asyncio.sleep(wait)
        return None

    def _row(self, question: Question) -> Confirmation:
        return Confirmation(
            id=uuid4(),
            conversation_id=self._held.conversation_id,
            turn_id=self._held.turn_id,
            tool=question.tool,
            arguments=question.arguments,
            prompt=question.prompt,
            expires_at=datetime.now(UTC) + QUESTION_STANDS,
        )

    async def keep_lease(self, runner: "asyncio.Task[None] | None") -> None:
        """Renews the lease until cancelled. When the turn is somebody else's, ends the run."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                self.lost = await self._database.transaction(self._renew)
            except DatabaseUnavailable:
                continue
            except Exception:
                # Goes on until somebody else takes the turn up; from then on it writes nothing.
                log.exception("a lease could not be renewed")
                continue
            if self.lost is not None and runner is not None:
                runner.cancel()
                return

    async def _renew(self, session: AsyncSession) -> ChatError | None:
        if await leases.renew(session, self._held):
            return None
        if await turns.is_there(session, self._held.conversation_id):
            return TurnInProgress(retry_after=2)
        return ConversationGone()


async def _to_its_end(work: Coroutine[Any, Any, object]) -> None:
    """Waits for `work`, which goes on even if the one who waits is cancelled."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({task}, timeout=LEASE.total_seconds())
        raise
