"""How Alembic reaches the database: through app.upgrade's connection, which holds the lock, or, for
a developer's `alembic` command, through one of its own."""

from contextlib import nullcontext

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import app.models
from app import settings
from app.upgrade import connect

assert app.models.__all__  # noqa: S101 - imported for the tables it makes known


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata)
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
with (
    nullcontext(given)
    if given is not None
    else connect(settings.load(settings.DatabaseSettings).direct_url).begin()
) as current:
    migrate(current)
