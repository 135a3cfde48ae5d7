"""The MCP server as a program of its own, configured by the environment."""

from app import logs, settings
from app.lifecycle import Lifecycle
from app.mcp.application import create_mcp_app

configuration = settings.load(settings.McpSettings)
logs.configure(configuration.log_level)
lifecycle = Lifecycle()
app = create_mcp_app(configuration, lifecycle)
