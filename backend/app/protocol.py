"""uvicorn's HTTP protocol, with an end to the patience for requests that do not come."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Seconds from the connection or a request's first byte to its last: the longest body is 64 KiB. A
# kept connection between two requests has uvicorn's own limit.
REQUEST_SECONDS = 30.0


class ImpatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request is not whole in time. uvicorn itself would hold it, with
    what came of it, for as long as the other side likes."""

    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn's own
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        self._wait()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._wait_no_more()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._wait_no_more()
        self._giving_up = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _wait_no_more(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _give_up(self) -> None:
        self.transport.close()
