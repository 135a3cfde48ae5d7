"""Fixtures: a migrated database of its own for each test, and a client of an application on it."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.application import create_app
from app.database_url import normalised_database_url
from app.lifecycle import Lifecycle
from app.security.passwords import Cost
from app.settings import Settings
from app.upgrade import connect, upgrade
from tests.postgres import own_cluster

# Long enough for HS512 too, so that a token signed with that is refused for its algorithm alone.
SECRET = "a secret for tests that is long enough for every algorithm that a token may name"
# A real hash that takes no time: nearly every test begins with an account.
CHEAP = Cost(kibibytes=8, passes=1)


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL server on which databases may be created."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with own_cluster() as cluster:
        yield cluster.url


@pytest.fixture(scope="session")
def new_database(server_url: str) -> Iterator[Callable[[str | None], str]]:
    """Makes databases, empty or as copies of a template, and drops them at the end.

    Not on a server of our own: that goes with all that is on it, and dropping takes half a minute.
    """
    made: list[str] = []

    def make(template: str | None = None) -> str:
        name = f"todo_{uuid4().hex[:12]}"
        with psycopg.connect(server_url, autocommit=True) as connection:
            copy = f" TEMPLATE {template}" if template else ""
            connection.execute(f"CREATE DATABASE {name}{copy}".encode())
        made.append(name)
        return make_url(server_url).set(database=name).render_as_string(hide_password=False)

    yield make
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    with psycopg.connect(server_url, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def template(new_database: Callable[[str | None], str]) -> str:
    """The name of a migrated, empty database."""
    url = new_database(None)
    engine = connect(normalised_database_url(url))
    upgrade(engine)
    engine.dispose()
    return str(make_url(url).database)


@pytest.fixture
def empty_database(new_database: Callable[[str | None], str]) -> str:
    """The address of a database with nothing in it."""
    return new_database(None)


@pytest.fixture
def database_url(new_database: Callable[[str | None], str], template: str) -> str:
    """The address of a migrated database with no rows."""
    return new_database(template)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


Start = Callable[..., Awaitable[httpx.AsyncClient]]
"""Starts an application, of which `await start(lifecycle=None, password_cost=CHEAP, **settings)` is
a client."""


@pytest.fixture
async def start(database_url: str) -> AsyncIterator[Start]:
    """Starts applications; each call is another pod on the same database."""
    async with AsyncExitStack() as stack:

        async def begin(
            lifecycle: Lifecycle | None = None,
            password_cost: Cost = CHEAP,
            **settings: object,
        ) -> httpx.AsyncClient:
            given = {"database_url": database_url, "jwt_secret": SECRET, **settings}
            app = create_app(Settings.model_validate(given), lifecycle, password_cost)
            await stack.enter_async_context(app.router.lifespan_context(app))
            return await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app), base_url="http://backend:8000"
                )
            )

        yield begin


@pytest.fixture
async def client(start: Start) -> httpx.AsyncClient:
    return await start()
