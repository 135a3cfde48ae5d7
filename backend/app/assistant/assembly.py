"""Which brain answers and where its tools are, as the settings have it.

The SDKs behind both take long to import (MCP 0.8 s of CPU, the agent's another 1.2 s), so they are
imported in a thread: some seconds after the start, or with the first turn.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from app.assistant.brain import Brain
from app.assistant.events import Kind
from app.assistant.hands import Connection
from app.database import Database
from app.late_imports import import_later
from app.mcp.endpoint import WARM_UP_SECONDS
from app.settings import Settings

log = logging.getLogger("app.assistant")


class Assembly:
    """One per process."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._made: asyncio.Task[Brain] | None = None

    @property
    def kind(self) -> Kind:
        return "openai" if self._settings.openai_api_key else "offline"

    @property
    def model(self) -> str | None:
        return self._settings.openai_agent_model if self._settings.openai_api_key else None

    async def brain(self) -> Brain:
        if self._made is None or (self._made.done() and self._made.exception()):
            self._made = asyncio.create_task(self._make())
        return await asyncio.shield(self._made)

    async def _make(self) -> Brain:
        module = await import_later(f"app.assistant.{self.kind}")
        brain: Brain = module.make_brain(self._settings)
        return brain

    async def connect(self, user_id: str, token: str) -> AbstractAsyncContextManager[Connection]:
        """The way to the tools, for this user, whose access token it is."""
        module = await import_later("app.mcp.connection")
        if self._settings.mcp_url:
            opened = module.over_http(self._settings.mcp_url, token)
        else:
            opened = module.in_process(self._database, user_id)
        connection: AbstractAsyncContextManager[Connection] = opened
        return connection

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """For as long as the application lives."""
        warming_up = asyncio.create_task(self._warm_up())
        try:
            yield
        finally:
            warming_up.cancel()
            with suppress(asyncio.CancelledError):
                await warming_up
            if self._made is not None and self._made.done() and not self._made.exception():
                await self._made.result().close()

    async def _warm_up(self) -> None:
        """Imports after the start what a first turn would have to wait for."""
        await asyncio.sleep(WARM_UP_SECONDS)
        try:
            await self.brain()
        except Exception:
            log.exception("the assistant cannot be prepared")
