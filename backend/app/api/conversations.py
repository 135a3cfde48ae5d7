"""Conversations with the assistant: what was said. Saying something is POST …/chat."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from app.api.deps import CallerWithoutSession, CurrentCaller, DbSession, SmallId, State
from app.models import Conversation
from app.schemas.conversation import (
    ConfirmationRead,
    ConversationRead,
    ConversationSummary,
    ConversationTitle,
    MessageRead,
)
from app.schemas.errors import errors
from app.schemas.paging import PAGED, Limit, Offset, tell_total
from app.services import conversations

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


class Page(BaseModel):
    """Which part of the list."""

    limit: Limit = 50
    offset: Offset = 0


@router.get("", response_model=list[ConversationSummary], responses=errors(401) | PAGED)
async def list_conversations(
    session: DbSession, caller: CurrentCaller, page: Annotated[Page, Query()], response: Response
) -> list[Conversation]:
    """The one that was spoken in last comes first."""
    found, total = await conversations.list_conversations(
        session, caller.user_id, page.limit, page.offset
    )
    tell_total(response, total)
    return found


class MessagePage(BaseModel):
    """Which part of a conversation."""

    limit: Annotated[Limit, Field(description="At most so many messages, the last ones.")] = 50
    before: Annotated[
        int | None,
        Field(ge=1, le=2_147_483_647, description="Only what was said before this message."),
    ] = None


@router.get("/{conversation_id}", responses=errors(401, 404) | PAGED)
async def get_conversation(
    session: DbSession,
    caller: CurrentCaller,
    conversation_id: SmallId,
    page: Annotated[MessagePage, Query()],
    response: Response,
) -> ConversationRead:
    """The last that was said, oldest first, and what the assistant waits for a yes to. What was
    said before comes with `before` and the first message's id; `X-Total-Count` is that of all."""
    found = await conversations.get_conversation(session, caller.user_id, conversation_id)
    said, total = await conversations.messages(session, conversation_id, page.limit, page.before)
    tell_total(response, total)
    pending = await conversations.pending_confirmation(session, conversation_id)
    return ConversationRead(
        **ConversationSummary.model_validate(found).model_dump(),
        messages=[MessageRead.model_validate(message) for message in said],
        pending_confirmation=None if pending is None else ConfirmationRead.model_validate(pending),
    )


@router.patch(
    "/{conversation_id}/title", response_model=ConversationSummary, responses=errors(401, 404)
)
async def rename_conversation(
    session: DbSession, caller: CurrentCaller, conversation_id: SmallId, body: ConversationTitle
) -> Conversation:
    return await conversations.rename_conversation(
        session, caller.user_id, conversation_id, body.title
    )


@router.delete(
    "/{conversation_id}", status_code=status.HTTP_204_NO_CONTENT, responses=errors(401, 404)
)
async def delete_conversation(
    state: State, caller: CallerWithoutSession, conversation_id: SmallId
) -> None:
    """With everything that was said in it; tasks stay."""
    await state.database.transaction(
        lambda session: conversations.delete_conversation(session, caller.user_id, conversation_id)
    )
