"""Web pages of other origins: which of them may use the API, and what they may send and read."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

# Beyond those that pages may always send. The last five are MCP's (streamable HTTP transport).
_REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "X-Request-ID",
    "X-Time-Zone",
    "Last-Event-ID",
    "Mcp-Method",
    "Mcp-Name",
    "Mcp-Protocol-Version",
    "Mcp-Session-Id",
)
_RESPONSE_HEADERS = (
    "ETag",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
    "X-Total-Count",
    "Mcp-Protocol-Version",
    "Mcp-Session-Id",
)


def allow_origins(app: FastAPI, origins: list[str]) -> None:
    """To be called last: added last is outermost, and answers to what went wrong need these headers
    as well, or pages are told of a broken network instead."""
    if not origins:
        return
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=_REQUEST_HEADERS,
        expose_headers=_RESPONSE_HEADERS,
    )
