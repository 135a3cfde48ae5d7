"""The address `/mcp` in this application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from app.database import Database
from app.errors import ServiceError
from app.mcp.identity import Identity
from app.mcp.server import make_http_app
from app.services.limits import Limits


class McpEndpoint:
    """An ASGI application. `run()` is entered by the host's lifespan, once."""

    def __init__(
        self,
        database: Database,
        limits: Limits,
        identity: Identity,
        hosts: list[str],
        origins: list[str],
    ) -> None:
        # The SDK knows no "*"; it takes ":*" at the end for anything from there on.
        every = ["http:*", "https:*"]
        allowed = every if "*" in origins else origins
        self._server, self._app = make_http_app(database, limits, identity, hosts, allowed)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        async with self._server.session_manager.run():
            yield

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
        try:
            await self._app({**scope, "path": "/mcp", "root_path": ""}, receive, send)
        except ServiceError as error:
            # From looking the token up, so before anything was answered.
            headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
            await JSONResponse({"detail": error.detail}, error.status, headers)(
                scope, receive, send
            )
