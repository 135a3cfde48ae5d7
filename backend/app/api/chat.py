"""Talking to the assistant: `POST /api/{user_id}/chat`, or `/api/chat` as the token's user.

With `Accept: text/event-stream` the answer comes as events while it is made: `conversation`,
`delta`, `tool_start`, `tool_end`, `confirm`, `done`, `error`.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.api.chat_response import TurnResponse
from app.api.deps import (
    BearerToken,
    CallerWithoutSession,
    State,
    TimeZoneWithoutSession,
    check_path_user,
)
from app.assistant import events
from app.assistant.events import Event
from app.schemas.chat import ChatHealth, ChatProblem, ChatReply, ChatRequest
from app.schemas.errors import errors
from app.services import turns
from app.services.turn_records import FinishedTurn, TurnRequest

by_path = APIRouter(prefix="/api/{user_id}", tags=["chat"], dependencies=[Depends(check_path_user)])
by_token = APIRouter(prefix="/api", tags=["chat"])

_RESPONSES: dict[int | str, dict[str, Any]] = {
    **errors(401, 403, 404),
    200: {
        "model": ChatReply,
        "description": "The answer; as events for who accepts them",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **{
        status: {"model": ChatProblem, "description": text}
        for status, text in {
            409: "The turn is under way, or the question is not open",
            410: "The conversation was deleted meanwhile",
            429: "Too many messages, or the model has too much to do",
            500: "Internal Server Error",
            502: "The model refused",
            503: "The model or the database does not answer",
            504: "The model took too long",
        }.items()
    },
}


@by_token.get("/chat/health")
async def chat_health(state: State) -> ChatHealth:
    """Which assistant answers. Asks nobody, so it says nothing of the model's health."""
    return ChatHealth(assistant=state.assembly.kind, model=state.assembly.model)


@by_path.post("/chat", response_class=Response, responses=_RESPONSES)
@by_token.post("/chat", response_class=Response, responses=_RESPONSES)
async def chat(
    request: Request,
    state: State,
    caller: CallerWithoutSession,
    zone: TimeZoneWithoutSession,
    token: BearerToken,
    body: ChatRequest,
) -> Response:
    """One turn. Closing the connection stops it; what was said so far is kept."""
    asked, limits = _asked(body), state.settings.turn_limits
    claimed = await state.database.transaction(
        lambda session: turns.begin(session, caller.user_id, asked, limits)
    )

    async def work(tell: Callable[[Event], None]) -> None:
        if isinstance(claimed, FinishedTurn):
            _tell_again(claimed, state.assembly.kind, tell)
        else:
            await state.runner.run(claimed, zone, token, tell)

    as_events = "text/event-stream" in request.headers.get("accept", "")
    return TurnResponse(work, as_events=as_events)


def _asked(body: ChatRequest) -> TurnRequest:
    confirm = body.confirm
    message = body.message or ("Yes" if confirm and confirm.approve else "No")
    what = [message, confirm and [str(confirm.id), confirm.approve]]
    return TurnRequest(
        turn_id=body.turn_id or uuid4(),
        message=message,
        request_hash=hashlib.sha256(json.dumps(what).encode()).hexdigest(),
        conversation_id=body.conversation_id,
        confirmation_id=confirm.id if confirm else None,
        approve=bool(confirm and confirm.approve),
    )


def _tell_again(finished: FinishedTurn, kind: events.Kind, tell: Callable[[Event], None]) -> None:
    tell(events.conversation(finished, str(finished.message.turn_id), kind))
    for call in finished.message.tool_calls:
        start = {key: call.get(key) for key in ("id", "name", "arguments")}
        end = {key: call.get(key) for key in ("id", "name", "result", "error", "count")}
        tell(Event("tool_start", start))
        tell(Event("tool_end", end))
    tell(Event("delta", {"text": finished.message.content}))
    if finished.confirmation is not None:
        tell(events.confirm(finished.confirmation))
    tell(events.done(finished, kind))
