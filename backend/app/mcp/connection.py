"""The assistant's way to the tools: the SDK's own client, inside this process or over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
import mcp_types as types
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from app.chat_errors import ToolsUnavailable
from app.database import Database
from app.mcp.calls import TurnCall
from app.mcp.server import make_server
from app.mcp.tools import Json, ToolRefused
from app.services.limits import Limits

# Of one call, which asks the pool up to four times, 5 s each; the SDK's own default would be 5 s.
CALL_SECONDS = 24.0
# The only protocol version that we, both ends of it, need to speak.
_VERSION = "2026-07-28"
# Seconds; the rolling update of two pods leaves no longer gap.
_AGAIN_AFTER = (0.2, 0.5, 1.0)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Offered:
    """A tool as tools/list described it."""

    name: str
    description: str
    input_schema: dict[str, Json]


class InProcess:
    """Tools in this process, over the SDK's in-memory transport."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def tools(self) -> list[Offered]:
        return await _tools(self._client)

    async def call(self, name: str, arguments: dict[str, Json], turn: TurnCall) -> Json:
        """What the tool gave. Raises ToolRefused, with a sentence for people; ToolsUnavailable."""
        return await _call(self._client, name, arguments, turn)


class OverHttp:
    """Tools of another deployment. One client a call, as the SDK's client does not outlive a broken
    connection; what broke is tried again, since a turn's call is never made twice."""

    def __init__(self, url: str, http: httpx2.AsyncClient) -> None:
        self._url = url
        self._http = http

    async def tools(self) -> list[Offered]:
        """Raises ToolsUnavailable."""
        return await self._tried(_tools)

    async def call(self, name: str, arguments: dict[str, Json], turn: TurnCall) -> Json:
        """What the tool gave. Raises ToolRefused, ToolsUnavailable."""
        return await self._tried(lambda client: _call(client, name, arguments, turn))

    async def _tried(self, work: Callable[[Client], Awaitable[Result]]) -> Result:
        for wait in (*_AGAIN_AFTER, None):
            refused: ToolRefused | None = None
            try:
                transport = streamable_http_client(self._url, http_client=self._http)
                async with Client(transport, mode=_VERSION, cache=None) as client:
                    try:
                        return await work(client)
                    except ToolRefused as error:
                        # Raised in here, the client's task group would wrap it.
                        refused = error
            except (httpx2.HTTPError, OSError, MCPError, ToolsUnavailable, ExceptionGroup) as error:
                if wait is None:
                    raise ToolsUnavailable(retry_after=2) from error
                await asyncio.sleep(wait)
            if refused is not None:
                raise refused
        raise ToolsUnavailable


@asynccontextmanager
async def in_process(database: Database, limits: Limits, user_id: str) -> AsyncIterator[InProcess]:
    server = make_server(database, limits, lambda: user_id)
    async with Client(server, mode=_VERSION, cache=None) as client:
        yield InProcess(client)


@asynccontextmanager
async def over_http(url: str, token: str) -> AsyncIterator[OverHttp]:
    """Tools of the deployment at `url`, as the user of this bearer token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=CALL_SECONDS) as http:
        yield OverHttp(url, http)


async def _tools(client: Client) -> list[Offered]:
    listed = await client.list_tools()
    return [
        Offered(tool.name, tool.description or "", dict(tool.input_schema)) for tool in listed.tools
    ]


async def _call(client: Client, name: str, arguments: dict[str, Json], turn: TurnCall) -> Json:
    meta: Any = turn.to_meta()
    params = types.CallToolRequestParams(name=name, arguments=arguments, _meta=meta)
    try:
        # Not `client.call_tool`, which checks the result against the tool's output schema: of a
        # server of our own, in plain Python, at half of what the whole call costs.
        result = await client.session.send_request(
            types.CallToolRequest(params=params),
            types.CallToolResult,
            request_read_timeout_seconds=CALL_SECONDS,
        )
    except MCPError as error:
        if error.error.code in (types.CONNECTION_CLOSED, types.REQUEST_TIMEOUT):
            raise
        if error.error.code == types.INTERNAL_ERROR:
            raise ToolsUnavailable(retry_after=2) from error
        raise ToolRefused(error.error.message) from error
    text = "".join(block.text for block in result.content if isinstance(block, types.TextContent))
    if result.is_error:
        raise ToolRefused(text)
    return json.loads(text)
