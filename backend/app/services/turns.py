"""Turns of a conversation in the database: begun once, held by one process, finished once.

A turn is named by its client, so that a request whose answer was lost can be sent again: a turn
that is done gives its answer again, one whose process died is gone on with. A process holds a turn
by a lease that it renews; whoever takes a turn up draws a new `holder`, and nothing is written for
a turn but by its holder. None of these functions commits.

Whoever locks a conversation and its turns locks the conversation first: that is the order in which
deleting it goes, too. Two that lock in different orders would wait for each other.
"""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.chat_errors import ConversationGone, TurnConflict
from app.errors import NotFound
from app.models import (
    Confirmation,
    Conversation,
    Message,
    MessageStatus,
    Role,
    ToolEffect,
    Turn,
    TurnState,
)
from app.services import chat_usage, confirmations, leases
from app.services.limits import TurnLimits
from app.services.turn_records import ClaimedTurn, FinishedTurn, TurnRequest

# What a conversation is called after its first message.
_TITLE = 60


async def begin(
    session: AsyncSession, user_id: str, asked: TurnRequest, limits: TurnLimits
) -> ClaimedTurn | FinishedTurn:
    """Takes up the turn, or gives its answer again.

    Raises RateLimited, TurnInProgress, TurnConflict, NotFound (no such conversation).
    """
    # The same turn sent twice at once: the second waits here and then finds the first.
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{user_id} {asked.turn_id}", 0)))
    )
    begun_in = await _where_begun(session, user_id, asked)
    if begun_in is None:
        conversation = await _conversation(session, user_id, asked)
        await chat_usage.count(session, user_id, limits.per_minute)
        turn = await _new_turn(session, user_id, asked, conversation)
    else:
        conversation = await _own(session, user_id, begun_in)
        known = await session.get_one(Turn, (begun_in, asked.turn_id), with_for_update=True)
        if known.request_hash != asked.request_hash:
            raise TurnConflict
        if known.state == TurnState.DONE or not await _is_latest(session, known):
            return await _finished(session, conversation, known)
        await leases.nobody_at_work(session, conversation)
        await chat_usage.count(session, user_id, limits.per_minute)
        turn = await _take_over(session, known)
    conversation_id, title = conversation.id or 0, conversation.title
    return ClaimedTurn(
        user_id=user_id,
        conversation_id=conversation_id,
        turn_id=turn.id,
        holder=turn.holder,
        title=title,
        message=asked.message,
        history=await _history(session, conversation_id, turn.id, limits.history),
        made=list(
            await session.scalars(
                select(ToolEffect)
                .where(
                    col(ToolEffect.conversation_id) == conversation_id,
                    col(ToolEffect.turn_id) == turn.id,
                )
                .order_by(col(ToolEffect.position))
            )
        ),
        answered=await confirmations.answered_by(session, conversation_id, turn.id),
        context=await _context_before(session, turn),
    )


async def finish(
    session: AsyncSession,
    held: ClaimedTurn,
    state: MessageStatus,
    content: str,
    tool_calls: list[dict[str, Any]],
    question: Confirmation | None = None,
    context: dict[str, Any] | None = None,
) -> FinishedTurn | None:
    """Keeps the answer, and the question that it ends with. None: the turn is not ours any more.

    Raises ConversationGone.
    """
    await _lock(session, held.conversation_id)
    kept = await session.scalar(
        update(Turn)
        .where(*leases.is_held(held))
        .values(state=state.value, lease_until=None, finished_at=func.now(), context=context)
        .returning(col(Turn.id))
    )
    if kept is None:
        return None
    if state is MessageStatus.DONE:
        # Nobody goes on with it any more, so nobody asks what its calls gave.
        await session.execute(
            delete(ToolEffect).where(
                col(ToolEffect.conversation_id) == held.conversation_id,
                col(ToolEffect.turn_id) == held.turn_id,
            )
        )
    message = Message(
        conversation_id=held.conversation_id,
        role=Role.ASSISTANT,
        content=content,
        tool_calls=tool_calls,
        turn_id=held.turn_id,
        status=state,
    )
    session.add(message)
    if question is not None:
        session.add(question)
    await _touch(session, held.conversation_id)
    await session.flush()
    return FinishedTurn(held.conversation_id, held.title, message, question)


async def is_there(session: AsyncSession, conversation_id: int) -> bool:
    """Whether nobody deleted the conversation."""
    return await session.get(Conversation, conversation_id) is not None


async def _lock(session: AsyncSession, conversation_id: int) -> None:
    """Until the end of the transaction. Raises ConversationGone."""
    locked = await session.scalar(
        select(col(Conversation.id))
        .where(col(Conversation.id) == conversation_id)
        .with_for_update(key_share=True)
    )
    if locked is None:
        raise ConversationGone


async def _where_begun(session: AsyncSession, user_id: str, asked: TurnRequest) -> int | None:
    """The conversation in which this turn was begun before."""
    query = select(col(Turn.conversation_id)).where(
        col(Turn.id) == asked.turn_id, col(Turn.user_id) == user_id
    )
    if asked.conversation_id is not None:
        query = query.where(col(Turn.conversation_id) == asked.conversation_id)
    found: int | None = await session.scalar(query.limit(1))
    return found


async def _conversation(session: AsyncSession, user_id: str, asked: TurnRequest) -> Conversation:
    """The conversation that is meant, or a new one; locked until the end of the transaction."""
    wanted = asked.conversation_id
    if asked.confirmation_id is not None:
        question = await session.get(Confirmation, asked.confirmation_id)
        if question is None or (wanted is not None and wanted != question.conversation_id):
            raise confirmations.no_question()
        wanted = question.conversation_id
    if wanted is not None:
        return await _own(session, user_id, wanted)
    title = " ".join(asked.message.split())
    if len(title) > _TITLE:
        title = title[:_TITLE].rsplit(" ", 1)[0] + "…"
    conversation = Conversation(user_id=user_id, title=title)
    session.add(conversation)
    await session.flush()
    return conversation


async def _own(session: AsyncSession, user_id: str, conversation_id: int) -> Conversation:
    found: Conversation | None = await session.scalar(
        select(Conversation)
        .where(col(Conversation.id) == conversation_id, col(Conversation.user_id) == user_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


async def _new_turn(
    session: AsyncSession, user_id: str, asked: TurnRequest, conversation: Conversation
) -> Turn:
    await leases.nobody_at_work(session, conversation)
    conversation_id = conversation.id or 0
    turn = Turn(
        conversation_id=conversation_id,
        id=asked.turn_id,
        user_id=user_id,
        request_hash=asked.request_hash,
    )
    session.add(turn)
    await session.flush()
    await leases.hold(session, turn)
    await confirmations.answer(session, conversation_id, asked)
    session.add(
        Message(
            conversation_id=conversation_id,
            role=Role.USER,
            content=asked.message,
            turn_id=turn.id,
        )
    )
    await _touch(session, conversation_id)
    return turn


async def _take_over(session: AsyncSession, turn: Turn) -> Turn:
    """A turn that was stopped, failed, or lost its process."""
    turn.holder = uuid4()
    await session.execute(
        delete(Message).where(
            col(Message.conversation_id) == turn.conversation_id,
            col(Message.turn_id) == turn.id,
            col(Message.role) == Role.ASSISTANT,
        )
    )
    await leases.hold(session, turn)
    return turn


async def _is_latest(session: AsyncSession, turn: Turn) -> bool:
    later = await session.scalar(
        select(col(Turn.id))
        .where(
            col(Turn.conversation_id) == turn.conversation_id,
            col(Turn.started_at) > turn.started_at,
        )
        .limit(1)
    )
    return later is None


async def _context_before(session: AsyncSession, turn: Turn) -> dict[str, Any] | None:
    """What the turn right before this one left: anything said in between ends it."""
    before: dict[str, Any] | None = await session.scalar(
        select(col(Turn.context))
        .where(
            col(Turn.conversation_id) == turn.conversation_id,
            col(Turn.started_at) < turn.started_at,
        )
        .order_by(col(Turn.started_at).desc())
        .limit(1)
    )
    return before


async def _history(
    session: AsyncSession, conversation_id: int, turn_id: UUID, at_most: int
) -> list[Message]:
    newest_first = await session.scalars(
        select(Message)
        .where(
            col(Message.conversation_id) == conversation_id,
            col(Message.turn_id).is_distinct_from(turn_id),
        )
        .order_by(col(Message.id).desc())
        .limit(at_most)
    )
    return list(newest_first)[::-1]


async def _finished(session: AsyncSession, conversation: Conversation, turn: Turn) -> FinishedTurn:
    message = await session.scalar(
        select(Message).where(
            col(Message.conversation_id) == conversation.id,
            col(Message.turn_id) == turn.id,
            col(Message.role) == Role.ASSISTANT,
        )
    )
    if message is None:
        # Its process died and the user went on with another turn.
        message = Message(
            conversation_id=turn.conversation_id,
            role=Role.ASSISTANT,
            content="",
            turn_id=turn.id,
            status=MessageStatus.FAILED,
        )
        session.add(message)
        await session.flush()
    question = await confirmations.still_open(session, turn.conversation_id, turn.id)
    return FinishedTurn(turn.conversation_id, conversation.title, message, question)


async def _touch(session: AsyncSession, conversation_id: int) -> None:
    await session.execute(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id)
        .values(updated_at=func.now())
        .execution_options(synchronize_session=False)
    )
