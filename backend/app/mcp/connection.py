"""The assistant's way to the tools: the SDK's own client, inside this process or over HTTP.

Imports the SDK (see `server`).
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import mcp_types as types
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from app.database import Database
from app.mcp.calls import TurnCall
from app.mcp.server import make_server
from app.mcp.tools import Json, ToolRefused

# Of one call. The database gives up a connection after 3 s; the SDK's own default would be 5 s.
CALL_SECONDS = 15.0
# The only protocol version that we, both ends of it, need to speak.
_VERSION = "2026-07-28"


@dataclass(frozen=True)
class Offered:
    """A tool as tools/list described it."""

    name: str
    description: str
    input_schema: dict[str, Json]


class Connection:
    """An open connection, for one user."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def tools(self) -> list[Offered]:
        listed = await self._client.list_tools()
        return [
            Offered(tool.name, tool.description or "", dict(tool.input_schema))
            for tool in listed.tools
        ]

    async def call(self, name: str, arguments: dict[str, Json], turn: TurnCall) -> Json:
        """What the tool gave. Raises ToolRefused, with a sentence for people."""
        try:
            result = await self._client.call_tool(
                name, arguments, read_timeout_seconds=CALL_SECONDS, meta=_meta(turn)
            )
        except MCPError as error:
            raise ToolRefused(error.error.message) from error
        text = "".join(
            block.text for block in result.content if isinstance(block, types.TextContent)
        )
        if result.is_error:
            raise ToolRefused(text)
        return json.loads(text)


@asynccontextmanager
async def in_process(database: Database, user_id: str) -> AsyncIterator[Connection]:
    """Tools in this process, over the SDK's in-memory transport."""
    server = make_server(database, lambda: user_id)
    async with Client(server, mode=_VERSION, cache=None) as client:
        yield Connection(client)


@asynccontextmanager
async def over_http(url: str, token: str) -> AsyncIterator[Connection]:
    """Tools of the deployment at `url`, as the user of this bearer token."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=CALL_SECONDS) as http,
        Client(streamable_http_client(url, http_client=http), mode=_VERSION, cache=None) as client,
    ):
        yield Connection(client)


def _meta(turn: TurnCall) -> Any:  # noqa: ANN401 - the SDK's TypedDict is open
    return turn.to_meta()
