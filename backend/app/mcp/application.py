"""The MCP server as an application of its own: `/mcp` and the probes, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.routing import Route

from app.api import health
from app.database import Database
from app.health import Readiness
from app.lifecycle import Lifecycle
from app.mcp.endpoint import McpEndpoint
from app.mcp.identity import Identity
from app.mcp.rate_limit import RateLimit
from app.middleware.body_limit import BodyLimit
from app.middleware.cors import allow_origins
from app.middleware.fair_share import FairShare
from app.middleware.head import HeadAsGet
from app.middleware.request_context import RequestContext
from app.security.tokens import Tokens
from app.settings import Settings
from app.state import keep_readiness


def create_mcp_app(settings: Settings, lifecycle: Lifecycle | None = None) -> FastAPI:
    """Like the whole application's `/mcp`, with a pool of its own."""
    lifecycle = lifecycle or Lifecycle()
    database = Database(
        settings.url, settings.database_pool_size, settings.database_timeout_seconds
    )
    readiness = Readiness(database, lifecycle)
    tokens = Tokens(settings.jwt_secrets, settings.access_token_expire_minutes)
    mcp = McpEndpoint(
        database,
        settings.limits,
        Identity(database, tokens, RateLimit(settings.mcp_calls_per_minute)),
        settings.mcp_allowed_hosts,
        settings.cors_origins,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with mcp.run():
            yield
        await readiness.close()
        await database.close()

    app = FastAPI(title="Todo MCP", lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    keep_readiness(app, readiness)
    app.include_router(health.router)
    app.router.routes.extend(Route(path, endpoint=mcp) for path in ("/mcp", "/mcp/"))
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadAsGet)
    app.add_middleware(FairShare, at_once=settings.requests_at_once)
    app.add_middleware(RequestContext, lifecycle=lifecycle)
    allow_origins(app, settings.cors_origins)
    return app
