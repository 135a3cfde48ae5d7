"""One person's requests wait for each other, and for nobody else's."""

import asyncio
from collections import Counter

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.middleware.fair_share import MANY, FairShare

pytestmark = pytest.mark.anyio
AT_ONCE = 3


class Work:
    """Requests that are worked on until they are let go."""

    def __init__(self) -> None:
        self.under_way: Counter[str] = Counter()
        self.go_on = asyncio.Event()
        app = Starlette(
            routes=[Route(path, self._work, methods=["POST"]) for path in ("/", "/api/chat")]
        )
        self.share = FairShare(app, AT_ONCE)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.share), base_url="http://backend"
        )

    async def _work(self, request: Request) -> PlainTextResponse:
        token = request.headers.get("authorization", "")
        self.under_way[token] += 1
        await self.go_on.wait()
        self.under_way[token] -= 1
        return PlainTextResponse(token)

    def ask(self, token: str, number: int, path: str = "/") -> list[asyncio.Task[httpx.Response]]:
        headers = {"Authorization": token} if token else {}
        return [asyncio.create_task(self.client.post(path, headers=headers)) for _ in range(number)]


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_person_has_a_few_requests_worked_on_at_a_time_and_a_crowd_one() -> None:
    work = Work()
    page = work.ask("ann", AT_ONCE + 1)
    await settle()
    assert work.under_way["ann"] == AT_ONCE
    crowd = work.ask("bob", 10 * MANY)
    await settle()
    assert work.under_way["bob"] <= AT_ONCE
    others = [*work.ask("eve", 1), *work.ask("", 20), *work.ask("ann", 2, "/api/chat")]
    await settle()
    assert work.under_way["eve"] == 1
    assert work.under_way[""] == 20
    assert work.under_way["ann"] == AT_ONCE + 2
    work.go_on.set()
    replies = await asyncio.gather(*page, *crowd, *others)
    assert {reply.status_code for reply in replies} == {200}
    assert not work.share._turns


async def test_who_goes_away_while_waiting_or_working_takes_nobodys_turn() -> None:
    work = Work()
    asked = work.ask("ann", 2 * MANY)
    await settle()
    for task in asked[: MANY + 1]:
        task.cancel()
    await settle()
    work.go_on.set()
    replies = await asyncio.gather(*asked[MANY + 1 :])
    assert {reply.status_code for reply in replies} == {200}
    assert not work.share._turns
