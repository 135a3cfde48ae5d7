"""Lets nobody have more than a few requests worked on at a time, so that one person, with however
many connections, takes neither every connection to the database nor the whole event loop."""

import asyncio
import hashlib
from collections import deque

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Whoever has more requests waiting than any page makes is served one at a time: with two at a time,
# /livez of a pod with half a CPU takes twice as long under 50 such connections (tests/bounds.py).
MANY = 6
# Limited by themselves, and long: their answer may begin only when a language model has ended.
_APART = "/chat"


class _Turns:
    """One person's, in the order in which they came."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._working = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    def nobody(self) -> bool:
        return not self._working and all(turn.cancelled() for turn in self._waiting)

    async def begin(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.end()
            raise

    def end(self) -> None:
        self._working -= 1
        self._admit()

    def _admit(self) -> None:
        many = self._working + len(self._waiting) > max(MANY, self._at_once)
        while self._waiting and self._working < (1 if many else self._at_once):
            turn = self._waiting.popleft()
            if not turn.cancelled():  # or whoever waited is gone
                self._working += 1
                turn.set_result(None)


class FairShare:
    """The rest of somebody's requests wait for their turn. A request is worked on until its answer
    begins: how long a reader takes is not."""

    def __init__(self, app: ASGIApp, at_once: int) -> None:
        """`at_once`: how many of one person's requests are worked on at a time."""
        self.app = app
        self._at_once = at_once
        self._turns: dict[bytes, _Turns] = {}
        """By the fingerprint of a token."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = Headers(scope=scope).get("authorization") if scope["type"] == "http" else None
        if token is None or scope["path"].endswith(_APART):
            await self.app(scope, receive, send)
            return
        whose = hashlib.sha256(token.encode("latin-1")).digest()
        turns = self._turns.setdefault(whose, _Turns(self._at_once))
        working = False

        def end() -> None:
            nonlocal working
            if working:
                working = False
                turns.end()

        async def send_and_end(message: Message) -> None:
            end()
            await send(message)

        try:
            await turns.begin()
            working = True
            await self.app(scope, receive, send_and_end)
        finally:
            end()
            if turns.nobody():
                self._turns.pop(whose, None)
