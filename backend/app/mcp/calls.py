"""Makes a tool call, and for a turn of the assistant makes it once.

A call that belongs to a turn leaves its record in the transaction in which it acts. Made again,
because a pod died or a connection broke, it finds the record and acts no more. What a turn may do
is fenced by the turn's `holder`, a number drawn whenever a process takes the turn up: a process
that was given up for dead and comes back has the old one. It is known to our own agent alone, so
another client's `_meta` can name a turn but not act for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.database import Database
from app.errors import ServiceError
from app.keepable import UNKEEPABLE
from app.mcp import tools
from app.mcp.tools import Json, Tool, ToolRefused
from app.models import ToolEffect, Turn, TurnState
from app.services.limits import Limits
from app.services.turn_records import without_descriptions

META = "todo-app/call"
"""The key in a request's `_meta` under which our own agent names the turn and the call."""


@dataclass(frozen=True)
class TurnCall:
    """One call of one turn."""

    conversation_id: int
    turn_id: UUID
    holder: UUID
    key: str
    """Names the call within its turn: the same for the same call however often it is sent."""

    def to_meta(self) -> dict[str, Json]:
        return {
            META: {
                "conversation": self.conversation_id,
                "turn": str(self.turn_id),
                "holder": str(self.holder),
                "key": self.key,
            }
        }

    @staticmethod
    def from_meta(meta: Mapping[str, Json] | None) -> "TurnCall | None":
        """Raises ToolRefused for one that is there but not ours."""
        given = (meta or {}).get(META)
        if given is None:
            return None
        try:
            call = TurnCall(
                int(given["conversation"]),
                UUID(given["turn"]),
                UUID(given["holder"]),
                str(given["key"])[:200],
            )
        except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
            raise ToolRefused(_NOT_YOURS) from None
        if call.conversation_id not in _CONVERSATIONS or UNKEEPABLE.search(call.key):
            raise ToolRefused(_NOT_YOURS)
        return call


# PostgreSQL integers.
_CONVERSATIONS = range(1, 2**31)
_NOT_YOURS = "This turn of the conversation is not run from here (any more)."


async def call(
    database: Database,
    limits: Limits,
    user_id: str,
    tool: Tool,
    arguments: Json,
    turn: TurnCall | None,
) -> Json:
    """What the tool gave, now or when the same call of the same turn was made before.

    Raises ToolRefused.
    """
    if turn is None:
        return await database.transaction(
            lambda session: _run(session, limits, user_id, tool, arguments)
        )
    effect = await database.transaction(
        lambda session: _once(session, limits, user_id, tool, arguments, turn)
    )
    if effect.error is not None:
        raise ToolRefused(effect.error)
    return effect.result


async def _run(
    session: AsyncSession, limits: Limits, user_id: str, tool: Tool, arguments: Json
) -> Json:
    try:
        if tool.writes:
            await limits.count_write(session, user_id)
        if tool.adds:
            await limits.check_room(session, user_id)
    except ServiceError as error:
        raise ToolRefused(error.detail) from None
    return await tools.run(session, user_id, tool, arguments)


async def _once(
    session: AsyncSession,
    limits: Limits,
    user_id: str,
    tool: Tool,
    arguments: Json,
    turn: TurnCall,
) -> ToolEffect:
    """What came of the call, now or before. Raises ToolRefused when the turn is not held."""
    await _hold(session, user_id, turn)
    made = await session.get(
        ToolEffect, (turn.conversation_id, turn.turn_id, turn.key), populate_existing=True
    )
    if made is not None:
        return made
    effect = ToolEffect(
        conversation_id=turn.conversation_id,
        turn_id=turn.turn_id,
        call_key=turn.key,
        tool=tool.name,
        arguments=arguments,
    )
    try:
        result = await _run(session, limits, user_id, tool, arguments)
        # Of one task the description belongs to what was asked for or done.
        effect.result = without_descriptions(result) if "tasks" in result else result
    except ToolRefused as refused:
        effect.error = str(refused)
    session.add(effect)
    return effect


async def _hold(session: AsyncSession, user_id: str, turn: TurnCall) -> None:
    """Keeps the turn from changing hands until this call is committed."""
    held = await session.scalar(
        select(col(Turn.id))
        .where(
            col(Turn.conversation_id) == turn.conversation_id,
            col(Turn.id) == turn.turn_id,
            col(Turn.user_id) == user_id,
            col(Turn.holder) == turn.holder,
            col(Turn.state) == TurnState.RUNNING,
        )
        .with_for_update()
    )
    if held is None:
        raise ToolRefused(_NOT_YOURS)
