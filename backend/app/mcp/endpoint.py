"""The address `/mcp` in this application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from app.database import Database
from app.errors import ServiceError
from app.mcp.identity import Identity
from app.mcp.server import make_http_app, refused_for
from app.services.limits import Limits

# No OAuth metadata stands anywhere, since there is no authorization server: a client that would
# sign in by itself is told what to do instead.
_SAID = (
    "Send an access token: Authorization: Bearer todo_... Signed in to the application, make one "
    "under Account, Access tokens; this server does not offer OAuth."
)
_NO_TOKEN = JSONResponse(
    {"error": "invalid_token", "error_description": _SAID, "detail": _SAID},
    401,
    {"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{_SAID}"'},
)


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
        refused = False

        async def told(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status") == 401
            if not refused:
                await send(message)
            elif message["type"] == "http.response.start":
                await _refusal(refused_for.get())(scope, receive, send)

        refused_for.set(None)
        await self._app({**scope, "path": "/mcp", "root_path": ""}, receive, told)


def _refusal(error: ServiceError | None) -> JSONResponse:
    if error is None:
        return _NO_TOKEN
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return JSONResponse({"detail": error.detail}, error.status, headers)
