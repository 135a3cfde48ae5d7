"""The address `/mcp` in this application: the protocol's server, made when it is first wanted.

The SDK is imported in a thread some seconds after the start, or at the first request if that comes
before, so that a starting pod is ready a second earlier.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.database import Database
from app.errors import ServiceError
from app.late_imports import import_later
from app.mcp.identity import Identity

# After the start-up's own work, on a pod at half a CPU.
WARM_UP_SECONDS = 5.0

log = logging.getLogger("app.mcp")


class McpEndpoint:
    """An ASGI application. `run()` is entered by the host's lifespan."""

    def __init__(
        self,
        database: Database,
        identity: Identity,
        hosts: list[str],
        origins: list[str],
        warm_up_after: float = WARM_UP_SECONDS,
    ) -> None:
        self._database = database
        self._identity = identity
        self._hosts = hosts
        self._origins = origins
        self._warm_up_after = warm_up_after
        self._wanted = asyncio.Event()
        self._app: asyncio.Future[ASGIApp] | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        self._app = asyncio.get_running_loop().create_future()
        over = asyncio.Event()
        # The SDK's session manager must be entered and left in one and the same task.
        task = asyncio.create_task(self._keep(over))
        try:
            yield
        finally:
            over.set()
            self._wanted.set()
            await task

    async def _keep(self, over: asyncio.Event) -> None:
        assert self._app is not None  # noqa: S101 - made by run()
        try:
            await asyncio.wait_for(self._wanted.wait(), self._warm_up_after)
        except TimeoutError:
            self._wanted.set()
        if over.is_set():
            self._app.cancel()
            return
        try:
            server = await import_later("app.mcp.server")
            mcp, app = server.make_http_app(
                self._database, self._identity, self._hosts, self._origins
            )
            async with mcp.session_manager.run():
                self._app.set_result(app)
                await over.wait()
        except Exception as error:
            log.exception("the MCP server does not run")
            if not self._app.done():
                self._app.set_exception(error)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            # Stateless: there is no stream of the server's own to GET and no session to DELETE.
            refusal = JSONResponse(
                {"detail": "This address takes POST only: it keeps no sessions."},
                405,
                {"Allow": "POST"},
            )
            await refusal(scope, receive, send)
            return
        if self._app is None:
            raise RuntimeError("the application's lifespan was not entered")
        self._wanted.set()
        app = await asyncio.shield(self._app)
        try:
            await app({**scope, "path": "/mcp", "root_path": ""}, receive, send)
        except ServiceError as error:
            # From looking the token up, so before anything was answered.
            headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
            await JSONResponse({"detail": error.detail}, error.status, headers)(
                scope, receive, send
            )
