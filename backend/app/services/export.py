"""Everything that is kept of a user, for them to take along.

Piece by piece: however much there is, a page of it is in memory at a time, and no connection of the
pool is held while a slow reader takes it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, inspect, select
from sqlmodel import col

from app.database import Database
from app.dates import UNKNOWN_ZONE, zone_named
from app.errors import DatabaseUnavailable
from app.models import AccessToken, Conversation, DeletedTask, Message, Role, SignIn, Task, User
from app.schemas.account import (
    AccessTokenRead,
    ExportedAccount,
    ExportedDeletedTask,
    ExportedSignIn,
)
from app.schemas.conversation import ConversationSummary, MessageRead
from app.schemas.task import TaskRead

# Rows that are read at a time: some hundred KB, and some milliseconds of the event loop.
_PAGE = 200
# Seconds.
_AGAIN_AFTER = (0.5, 1.0, 2.0, 4.0)


Rows = Sequence[Row[Any]]
Made = TypeVar("Made")


@cache
def _list_of(shape: type[BaseModel]) -> TypeAdapter[list[BaseModel]]:
    return TypeAdapter(list[shape])  # type: ignore[valid-type]


class Exporter:
    """One per process. Of all exports one page is read and written out at a time, so that
    connections and the event loop are left to everybody else."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Semaphore(1)

    async def pieces(self, user: User) -> AsyncIterator[str]:
        """The file, as schemas.account.Export describes it. Raises DatabaseUnavailable."""
        mine, zone = user.id, zone_named(user.time_zone) or UNKNOWN_ZONE
        account = ExportedAccount(user_id=mine, email=user.email, created_at=user.created_at)
        yield '{"account":' + account.model_dump_json()
        for name, model, shape in (
            ("tasks", Task, TaskRead),
            ("deleted_tasks", DeletedTask, ExportedDeletedTask),
            ("access_tokens", AccessToken, AccessTokenRead),
            ("sign_ins", SignIn, ExportedSignIn),
        ):
            yield f',"{name}":['
            async for piece in self._listed(model, shape, col(model.user_id) == mine, zone=zone):
                yield piece
            yield "]"
        yield ',"conversations":['
        separator = ""
        async for talks in self._pages(list, Conversation, col(Conversation.user_id) == mine):
            for talk in talks:
                summary = ConversationSummary.model_validate(talk).model_dump_json()
                yield f'{separator}{summary[:-1]},"messages":['
                async for piece in self._listed(
                    Message,
                    MessageRead,
                    col(Message.conversation_id) == talk.id,
                    col(Message.role).in_([role.value for role in Role]),
                ):
                    yield piece
                yield "]}"
                separator = ","
        yield '],"exported_at":' + json.dumps(datetime.now(UTC).isoformat()) + "}"

    async def _listed(
        self,
        model: type[Any],
        shape: type[BaseModel],
        *conditions: ColumnElement[bool],
        zone: ZoneInfo = UNKNOWN_ZONE,
    ) -> AsyncIterator[str]:
        """The rows as the inside of a JSON list."""
        several = _list_of(shape)

        def written(rows: Rows) -> str:
            read = several.validate_python(rows, from_attributes=True)
            for task in read:
                if isinstance(task, TaskRead):
                    task.show_in(zone)
            return several.dump_json(read)[1:-1].decode()

        separator = ""
        async for piece in self._pages(written, model, *conditions):
            yield separator + piece
            separator = ","

    async def _pages(
        self,
        make: Callable[[Rows], Made],
        model: type[Any],
        *conditions: ColumnElement[bool],
    ) -> AsyncIterator[Made]:
        """What `make` makes of all rows by their key, a page at a time; nothing where there is
        none."""
        columns = inspect(model).local_table.columns
        query = select(*columns).where(*conditions).order_by(col(model.id)).limit(_PAGE)
        page = query
        while True:
            rows, made = await self._read(page, make)
            if rows:
                yield made
            if len(rows) < _PAGE:
                return
            page = query.where(col(model.id) > rows[-1].id)

    async def _read(self, query: Select[Any], make: Callable[[Rows], Made]) -> tuple[Rows, Made]:
        # Tried again, as half a file is out: a pool that is busy for a moment must not cut it off.
        for wait in (*_AGAIN_AFTER, None):
            try:
                async with self._turn:
                    async with self._database.session() as session:
                        rows = (await session.execute(query)).all()
                    return rows, make(rows)
            except DatabaseUnavailable:
                if wait is None:
                    raise
                await asyncio.sleep(wait)
        raise DatabaseUnavailable
