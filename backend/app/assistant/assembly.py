"""Which assistant answers and where its tools are, as the settings have it."""

import importlib
from contextlib import AbstractAsyncContextManager

from app.assistant.base import Assistant
from app.assistant.events import Kind
from app.assistant.tool_executor import Connection
from app.database import Database
from app.mcp import connection
from app.settings import Settings


class Assembly:
    """One per process."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self.assistant = self._assistant()

    @property
    def kind(self) -> Kind:
        return "openai" if self._settings.openai_api_key else "offline"

    @property
    def model(self) -> str | None:
        return self._settings.openai_agent_model if self._settings.openai_api_key else None

    def _assistant(self) -> Assistant:
        # Imports the one that is wanted: the agent's SDK takes as long as all else, and memory.
        assistant: Assistant = importlib.import_module(f"app.assistant.{self.kind}").make_assistant(
            self._settings
        )
        return assistant

    def connect(self, user_id: str, token: str) -> AbstractAsyncContextManager[Connection]:
        """The way to the tools, for this user, whose access token it is."""
        if self._settings.mcp_url:
            return connection.over_http(self._settings.mcp_url, token)
        return connection.in_process(self._database, self._settings.limits, user_id)

    async def close(self) -> None:
        await self.assistant.close()
