"""Gives each request an id, writes its line in the log, and answers for what nobody caught.

Every answer leaves with the headers that keep it out of caches and from being taken for something
that it is not."""

import json
import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import metrics
from app.errors import ServiceError
from app.lifecycle import Lifecycle
from app.logs import request_id

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Asked every few seconds by the kubelet or Prometheus: their lines would bury all others.
_PROBES = frozenset({"/livez", "/readyz", "/health", "/metrics"})
_CRASHED = json.dumps({"detail": ServiceError.detail}).encode()

log = logging.getLogger("app.requests")


class RequestContext:
    """Outermost. The id is the caller's `X-Request-ID` if it is a plain one, else a new one."""

    def __init__(self, app: ASGIApp, lifecycle: Lifecycle) -> None:
        self.app = app
        self.lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        current = given if _ACCEPTABLE_ID.fullmatch(given) else uuid4().hex
        token = request_id.set(current)
        started = time.perf_counter()
        metrics.begun()
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = current
                headers["x-content-type-options"] = "nosniff"
                # Everything here is of one person or of this moment.
                headers.setdefault("cache-control", "no-store")
                if self.lifecycle.draining:
                    # Kept connections outlive the pod's removal from the service: let go of them.
                    headers["connection"] = "close"
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            log.exception("unhandled error", extra={"path": scope["path"]})
            if status is not None:
                raise  # half an answer is out: breaking the connection is all that is left
            await _answer_500(send_with_id)
        finally:
            seconds = time.perf_counter() - started
            metrics.answered(scope["method"], _route(scope), status, seconds)
            log.log(
                logging.DEBUG if scope["path"] in _PROBES else logging.INFO,
                "request",
                # The path alone: a query may hold what the user typed.
                extra={
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                },
            )
            request_id.reset(token)


def _route(scope: Scope) -> str | None:
    """The pattern that the path matched."""
    if "route" in scope:
        return str(scope["route"].path)
    # FastAPI's own and MCP's have no parameters: the path is the pattern.
    return str(scope["path"]) if "endpoint" in scope else None


async def _answer_500(send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(_CRASHED)).encode()),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": _CRASHED})
