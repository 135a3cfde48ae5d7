"""Refuses request bodies that no honest client sends, before they fill the memory."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The largest honest body, a task with 200 + 1000 characters of four bytes each, escaped, is 15 KB.
MAX_BODY = 64 * 1024
_DETAIL = f"The request is too large: at most {MAX_BODY // 1024} KiB are accepted."


class BodyLimit:
    """Counts what arrives; the announced length alone could lie or be missing (chunked)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > MAX_BODY:
            refusal = JSONResponse({"detail": _DETAIL}, 413, headers={"connection": "close"})
            await refusal(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY:
                raise HTTPException(413, _DETAIL, {"connection": "close"})
            return message

        await self.app(scope, counted, send)
