"""A turn's answer on its way out: as events while it runs, or as one JSON document at its end.

A response of its own, because only here is it known that the client is gone: then the turn stops.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable

from fastapi.sse import format_sse_event
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from app.assistant.events import Event

# So that no proxy takes a model that thinks for a dead connection.
COMMENT_SECONDS = 15.0
_EVENT_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # A compressing proxy would hold the events back.
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]

Work = Callable[[Callable[[Event], None]], Awaitable[None]]
"""Runs the turn, telling of it through the function that it is given."""


class TurnResponse(Response):
    """`work` starts when the answer does; a client that goes away ends it."""

    def __init__(self, work: Work, *, as_events: bool) -> None:
        super().__init__()
        self._work = work
        self._as_events = as_events

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        told: asyncio.Queue[Event | None] = asyncio.Queue()
        work = asyncio.ensure_future(self._work(told.put_nowait))
        work.add_done_callback(lambda _: told.put_nowait(None))
        leaving = asyncio.create_task(_gone(receive))
        leaving.add_done_callback(lambda _: work.cancel())
        try:
            await (self._send_events(told, send) if self._as_events else _send_json(told, send))
        finally:
            leaving.cancel()
            work.cancel()
            # What was said so far is being kept.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({work})
        if not work.cancelled():
            work.result()

    async def _send_events(self, told: "asyncio.Queue[Event | None]", send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _EVENT_HEADERS})
        while True:
            try:
                event = await asyncio.wait_for(told.get(), COMMENT_SECONDS)
            except TimeoutError:
                piece = format_sse_event(comment="still here")
            else:
                if event is None:
                    break
                data = json.dumps(event.data, ensure_ascii=False, separators=(",", ":"))
                piece = format_sse_event(event=event.name, data_str=data)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _send_json(told: "asyncio.Queue[Event | None]", send: Send) -> None:
    last = None
    while (event := await told.get()) is not None:
        last = event
    if last is None or last.name not in ("done", "error"):
        return
    if last.name == "done":
        response = JSONResponse(last.data)
    else:
        body = {key: last.data[key] for key in ("detail", "code")}
        headers = (
            {"Retry-After": str(last.data["retry_after"])} if "retry_after" in last.data else {}
        )
        response = JSONResponse(body, last.status, headers)
    await response({"type": "http"}, _nothing, send)


async def _nothing() -> dict[str, str]:
    return {"type": "http.disconnect"}


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
