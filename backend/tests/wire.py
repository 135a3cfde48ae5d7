"""The wire between the application and its database, for the tests to cut."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.engine import make_url


class Wire:
    """Passes TCP on to the database, counting bytes, until it is cut or falls silent."""

    def __init__(self, database_url: str) -> None:
        self._target = make_url(database_url)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._port = 0
        self.passed = 0
        """Bytes passed on so far, both ways."""
        self.opened = 0
        """Connections to the database that were opened since the wire was last cut."""

    @property
    def url(self) -> str:
        return self._target.set(host="127.0.0.1", port=self._port).render_as_string(
            hide_password=False
        )

    async def mend(self) -> None:
        """Listens (again) on the same port; connections flow."""
        self._flowing.set()
        await self.listen()

    async def listen(self) -> None:
        """Listens (again) on the same port; whether anything flows is another matter."""
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Breaks every connection and refuses new ones, as a stopped database does."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.opened = 0
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.sleep(0)

    def silence(self) -> None:
        """Keeps connections open and passes nothing on, as a lost network does."""
        self._flowing.clear()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        there, back = await asyncio.open_connection(self._target.host, self._target.port or 5432)
        await asyncio.gather(self._copy(reader, back), self._copy(there, writer))

    async def _copy(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        self._open.add(sink)
        try:
            with contextlib.suppress(ConnectionError):
                while piece := await source.read(65536):
                    await self._flowing.wait()
                    sink.write(piece)
                    self.passed += len(piece)
                    await sink.drain()
        finally:
            self._open.discard(sink)
            sink.close()


@contextlib.asynccontextmanager
async def wire_to(database_url: str) -> AsyncIterator[Wire]:
    wire = Wire(database_url)
    await wire.mend()
    try:
        yield wire
    finally:
        wire._flowing.set()
        await wire.cut()
