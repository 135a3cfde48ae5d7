"""Puts the application together. Everything it needs comes in through `settings`."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.routing import Route, compile_path

from app import metrics
from app.api import account, auth, chat, conversations, health, tasks
from app.api import metrics as metrics_route
from app.assistant.assembly import Assembly
from app.assistant.turn import TurnRunner
from app.database import Database
from app.errors import ServiceError, Unprocessable
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
from app.security.device_tokens import DeviceTokens
from app.security.passwords import USUAL, Cost, PasswordHasher
from app.security.refresh_tokens import RefreshTokens
from app.security.tokens import Tokens
from app.services import housekeeping
from app.services.export import Exporter
from app.services.sign_ins import SignInRules
from app.settings import Settings
from app.state import AppState, keep_readiness, keep_state

log = logging.getLogger("app.errors")


def create_app(
    settings: Settings, lifecycle: Lifecycle | None = None, password_cost: Cost = USUAL
) -> FastAPI:
    """An application with its own pool. `lifecycle` is the server's, when it wants to drain. Tests
    make a great many accounts, and no other cost of a password is right for anybody else."""
    lifecycle = lifecycle or Lifecycle()
    database = Database(
        settings.url, settings.database_pool_size, settings.database_timeout_seconds
    )
    passwords = PasswordHasher(settings.password_hashes_at_once, password_cost)
    metrics.watch_connections(database.connections_in_use)
    readiness = Readiness(database, lifecycle)
    tokens = Tokens(settings.jwt_secrets, settings.access_token_expire_minutes)

    assembly = Assembly(database, settings)
    runner = TurnRunner(database, assembly, settings.chat_timeout_seconds)
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
            cleaning = asyncio.create_task(housekeeping.run(database))
            yield
            cleaning.cancel()
        await assembly.close()
        await readiness.close()
        passwords.close()
        await database.close()

    app = FastAPI(
        title="Todo",
        version="1.0.0",
        description=__doc__,
        lifespan=lifespan,
        redirect_slashes=False,
        redoc_url=None,
    )
    rules = SignInRules(
        RefreshTokens(settings.jwt_secrets),
        timedelta(days=settings.session_days),
        timedelta(days=max(settings.session_days, settings.session_max_days)),
        DeviceTokens(settings.jwt_secrets),
    )
    keep_state(
        app,
        AppState(
            settings,
            database,
            passwords,
            tokens,
            rules,
            settings.limits,
            Exporter(database),
            assembly,
            runner,
        ),
    )
    keep_readiness(app, readiness)
    for router in (
        health.router,
        metrics_route.router,
        auth.router,
        account.router,
        tasks.by_path,
        tasks.by_token,
        tasks.with_toggle,
        conversations.router,
        chat.by_token,
        chat.by_path,
    ):
        # As they are: `include_router` would make each of them a second time for each application.
        app.router.routes.extend(router.routes)
    # Both spellings: a redirect would name the cluster's inner address.
    app.router.routes.extend(Route(path, endpoint=mcp) for path in ("/mcp", "/mcp/"))
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(405, _wrong_method)
    # Added last is outermost. FastAPI's own `max_body_size` answers in plain text, where clients
    # expect `{"detail": …}`, and outside the request's id and the headers for other origins.
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadAsGet)
    app.add_middleware(FairShare, at_once=settings.requests_at_once)
    app.add_middleware(RequestContext, lifecycle=lifecycle)
    allow_origins(app, settings.cors_origins)
    return app


async def _service_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ServiceError)  # noqa: S101 - registered for this class alone
    if error.status >= 500:
        log.warning(error.detail, extra={"cause": str(error.__cause__)})
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Unprocessable):
        problem = {"loc": ["body", error.field], "msg": error.detail, "type": error.kind}
        return JSONResponse({"detail": [problem]}, error.status)
    code = {"code": error.code} if error.code is not None else {}
    return JSONResponse({"detail": error.detail, **code}, error.status, headers)


async def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    # Without the input, which may be a password, and without pydantic's links to its manual.
    problems = [{key: item[key] for key in ("loc", "msg", "type")} for item in error.errors()]
    for problem in problems:
        if problem["type"] == "extra_forbidden":
            problem["msg"] = f"There is no {problem['loc'][-1]!r} here. Is it misspelt?"
    return JSONResponse({"detail": jsonable_encoder(problems)}, 422)


async def _wrong_method(request: Request, _: Exception) -> JSONResponse:
    # Starlette names the methods of the first route with this path; several routes share one.
    asked = request.url.path.rstrip("/")
    allowed = [
        method.upper()
        for path, operations in request.app.openapi()["paths"].items()
        if compile_path(path.rstrip("/"))[0].match(asked)
        for method in (*operations, *(["head"] if "get" in operations else []))
    ]
    detail = "This address does not support that method."
    return JSONResponse({"detail": detail}, 405, {"Allow": ", ".join(sorted(allowed))})
