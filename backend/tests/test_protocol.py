"""The server's side of HTTP: who asks with HEAD, and who never asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.protocol import ImpatientProtocol
from tests.conftest import Start
from tests.people import register
from tests.postgres import free_port

pytestmark = pytest.mark.anyio


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    port = free_port()
    app = Starlette(routes=[Route("/", _echo, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, http=ImpatientProtocol, port=port, log_level="critical", lifespan="off")
    )
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield port
    server.should_exit = True
    await task


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
    ],
    ids=["silent", "half a header", "half a body"],
)
async def test_who_never_asks_is_not_waited_for(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.protocol.REQUEST_SECONDS", 0.2)
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(30):
            await reader.read()
        writer.close()


async def test_a_kept_connection_is_not_closed_between_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.protocol.REQUEST_SECONDS", 0.2)
    async with serving() as port, httpx.AsyncClient() as client:
        for _ in range(2):
            reply = await client.post(f"http://127.0.0.1:{port}/", content=b"whole")
            assert reply.text == "whole"
            await asyncio.sleep(0.4)
        (kept,) = client._transport._pool.connections  # type: ignore[attr-defined]
        assert kept.is_idle()


async def test_head_is_answered_as_get_is_without_the_body(start: Start) -> None:
    client = await start()
    ann = await register(client)
    for path in ("/livez", "/health", "/tasks/", "/api/conversations", "/openapi.json"):
        head, get = await ann.call("HEAD", path), await ann.call("GET", path)
        assert (head.status_code, head.content) == (200, b""), path
        if path != "/health":  # it has the time in it
            assert head.headers["Content-Length"] == get.headers["Content-Length"]
    refused = await ann.call("HEAD", "/auth/login")
    assert refused.status_code == 405
    assert (await ann.call("POST", "/livez")).headers["Allow"] == "GET, HEAD"


async def test_nothing_is_kept_or_taken_for_something_else_by_a_browser(start: Start) -> None:
    client = await start()
    ann = await register(client)
    for reply in (
        await client.post("/auth/login", json={"email": ann.email, "password": "x"}),
        await ann.call("GET", "/api/account"),
        await ann.call("GET", "/nowhere"),
    ):
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Cache-Control"] == "no-store"
    assert (await ann.call("GET", "/tasks/")).headers["Cache-Control"] == "private, no-cache"
