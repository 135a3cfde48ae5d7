"""Everything that is kept of a user, for them to take along.

Piece by piece: however much there is, a page of it is in memory at a time, and no connection of the
pool is held while a slow reader takes it.
"""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlmodel import col

from app.database import Database
from app.models import AccessToken, Conversation, DeletedTask, Message, Role, SignIn, Task, User
from app.schemas.account import (
    AccessTokenRead,
    ExportedAccount,
    ExportedDeletedTask,
    ExportedSignIn,
)
from app.schemas.conversation import ConversationSummary, MessageRead
from app.schemas.task import TaskRead

# Rows that are read at a time: some hundred KB.
_PAGE = 200

Row = TypeVar("Row")


async def pieces(database: Database, user: User) -> AsyncIterator[str]:
    """The file, as schemas.account.Export describes it. Raises DatabaseUnavailable."""

    def rows(query: Select[Any], key: Any) -> AsyncIterator[Any]:  # noqa: ANN401 - a column
        return _rows(database, query, key)

    mine = user.id
    account = ExportedAccount(user_id=mine, email=user.email, created_at=user.created_at)
    yield '{"account":' + account.model_dump_json()
    yield ',"tasks":['
    async for piece in _listed(
        rows(select(Task).where(col(Task.user_id) == mine), Task.id), TaskRead.model_validate
    ):
        yield piece
    yield '],"deleted_tasks":['
    gone = select(DeletedTask).where(col(DeletedTask.user_id) == mine)
    async for piece in _listed(rows(gone, DeletedTask.id), ExportedDeletedTask.model_validate):
        yield piece
    yield '],"conversations":['
    talks = select(Conversation).where(col(Conversation.user_id) == mine)
    separator = ""
    async for talk in rows(talks, Conversation.id):
        summary = ConversationSummary.model_validate(talk).model_dump_json()
        yield f'{separator}{summary[:-1]},"messages":['
        said = select(Message).where(
            col(Message.conversation_id) == talk.id,
            col(Message.role).in_([role.value for role in Role]),
        )
        async for piece in _listed(rows(said, Message.id), MessageRead.model_validate):
            yield piece
        yield "]}"
        separator = ","
    yield '],"access_tokens":['
    tokens = select(AccessToken).where(col(AccessToken.user_id) == mine)
    async for piece in _listed(rows(tokens, AccessToken.id), AccessTokenRead.model_validate):
        yield piece
    yield '],"sign_ins":['
    sign_ins = select(SignIn).where(col(SignIn.user_id) == mine)
    async for piece in _listed(rows(sign_ins, SignIn.id), ExportedSignIn.model_validate):
        yield piece
    yield '],"exported_at":' + json.dumps(datetime.now(UTC).isoformat()) + "}"


async def _rows(database: Database, query: Select[Any], key: Any) -> AsyncIterator[Any]:  # noqa: ANN401 - a column
    """All of them, by their key, a page at a time."""
    last = None
    while True:
        page = query if last is None else query.where(col(key) > last)
        async with database.session() as session:
            found = list(await session.scalars(page.order_by(col(key)).limit(_PAGE)))
        for row in found:
            yield row
        if len(found) < _PAGE:
            return
        last = getattr(found[-1], key.key)


async def _listed(rows: AsyncIterator[Row], read: Callable[[Row], BaseModel]) -> AsyncIterator[str]:
    separator = ""
    async for row in rows:
        yield separator + read(row).model_dump_json()
        separator = ","
