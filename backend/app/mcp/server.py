"""The protocol's side of the tools, on the official SDK.

Importing the SDK takes 0.4 s of CPU, and the agent's (`assistant.openai`) 0.6 s. Both are imported
before a pod says that it is ready. Imported later, in a thread beside requests under load, they
held the event loop of a pod with half a CPU for up to 4 s, and of a rollout's requests some waited
too long for a connection (503; docs/faults.md).
"""

import asyncio
import json
import logging
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from starlette.applications import Starlette

from app.database import Database
from app.errors import DatabaseUnavailable, NotSignedIn, ServiceError
from app.mcp import calls, tools
from app.mcp.identity import Identity
from app.mcp.tools import Json, Tool, ToolRefused
from app.services.limits import Limits

log = logging.getLogger("app.mcp")
# The SDK tells of each request and each refused Host header; our own lines say what is worth it.
logging.getLogger("mcp").setLevel(logging.ERROR)

_INSTRUCTIONS = (
    "The user's to-do list. Tasks are named by their number, which list_tasks and search_tasks "
    "give. Ask the user before you delete a task."
)
# Seconds. The pool itself waits 5 s for a connection each time.
_AGAIN_AFTER = (0.3, 1.0, 2.0)
# Larger than any honest call: a task has at most 1,200 characters.
_LARGEST_BODY = 64 * 1024


def make_server(database: Database, limits: Limits, user: Callable[[], str]) -> Server[Any]:
    """A server whose calls act for `user()`, asked anew at each call."""

    async def list_tools(
        _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in tools.TOOLS])

    async def call_tool(
        _: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = tools.find(params.name)
        if tool is None:
            names = ", ".join(known.name for known in tools.TOOLS)
            raise MCPError(
                types.INVALID_PARAMS, f"There is no tool {params.name!r}. There are: {names}."
            )
        try:
            turn = calls.TurnCall.from_meta(params.meta)
            if turn is None:
                result = await calls.call(
                    database, limits, user(), tool, params.arguments or {}, None
                )
            else:
                result = await _call_of_turn(
                    database, limits, user(), tool, params.arguments or {}, turn
                )
        except ToolRefused as refused:
            return _answer(str(refused), failed=True)
        except ServiceError as error:
            log.warning(error.detail, extra={"cause": str(error.__cause__)})
            return _answer(error.detail, failed=True)
        except MCPError:
            raise
        except Exception:
            log.exception("a tool failed", extra={"tool": tool.name})
            return _answer(ServiceError.detail, failed=True)
        return _answer(result)

    return Server(
        "todo",
        title="Todo",
        version="1.0.0",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def make_http_app(
    database: Database, limits: Limits, identity: Identity, hosts: list[str], origins: list[str]
) -> tuple[Server[Any], Starlette]:
    """The server at `/mcp`, for users who prove themselves by a bearer token.

    Stateless, so that any pod can answer any request. `hosts` are the Host headers that are
    answered, `origins` the web pages.
    """
    server = make_server(database, limits, _token_user)
    app = server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=_LARGEST_BODY,
        transport_security=TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins),
        # The issuer is named in metadata only, which is served only with a resource_server_url.
        auth=AuthSettings(issuer_url="https://todo.invalid", resource_server_url=None),
        token_verifier=_SdkVerifier(identity),
    )
    return server, app


async def _call_of_turn(
    database: Database,
    limits: Limits,
    user_id: str,
    tool: Tool,
    arguments: Json,
    turn: calls.TurnCall,
) -> Json:
    """Tried again while the database does not answer, since a turn's call acts once. In the end an
    error of the protocol: not for a model to talk about, but for the turn to be sent again."""
    for wait in _AGAIN_AFTER:
        try:
            return await calls.call(database, limits, user_id, tool, arguments, turn)
        except DatabaseUnavailable:
            await asyncio.sleep(wait)
    try:
        return await calls.call(database, limits, user_id, tool, arguments, turn)
    except DatabaseUnavailable as error:
        raise MCPError(types.INTERNAL_ERROR, error.detail) from error


refused_for: ContextVar[ServiceError | None] = ContextVar("refused_for", default=None)
"""Why this request's token could not be looked at, or not be served, though it may be genuine."""


class _SdkVerifier:
    """The check of tokens in the SDK's shape."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            user_id = await self._identity.user_of(token)
        except NotSignedIn:
            return None
        except ServiceError as error:
            # Raised from here it would be a 500: the SDK knows genuine tokens and others only.
            refused_for.set(error)
            return None
        return AccessToken(token=token, client_id=user_id, subject=user_id, scopes=[])


def _token_user() -> str:
    token = get_access_token()
    if token is None or token.subject is None:
        raise NotSignedIn
    return token.subject


@cache
def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema(),
        output_schema=tool.output_schema(),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.writes,
            destructive_hint=tool.destroys,
            idempotent_hint=tool.idempotent,
            open_world_hint=False,
        ),
    )


def _answer(value: Json, *, failed: bool = False) -> types.CallToolResult:
    if failed:
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=value)], is_error=True
        )
    text = json.dumps(value, ensure_ascii=False)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=value
    )
