"""Where people are: kept from what their browsers say, for programs and where nothing is said.

None of these functions commits.
"""

from zoneinfo import ZoneInfo

from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.dates import UNKNOWN_ZONE, zone_named
from app.models import User

# Until days were kept as days, the browser kept one as its last minute, where the person was.
_LAST_MINUTES = (
    text(
        """
        UPDATE tasks SET due_date = (due_at AT TIME ZONE :zone)::date
        WHERE user_id = :user_id AND due_date IS NULL AND due_time_zone IS NULL
            AND (due_at AT TIME ZONE :zone)::time = '23:59'
        """
    ),
    text(
        """
        UPDATE deleted_tasks SET task = task || jsonb_build_object(
            'due_date', ((task ->> 'due_at')::timestamptz AT TIME ZONE :zone)::date
        )
        WHERE user_id = :user_id
            AND task ->> 'due_date' IS NULL AND task ->> 'due_time_zone' IS NULL
            AND ((task ->> 'due_at')::timestamptz AT TIME ZONE :zone)::time = '23:59'
        """
    ),
)
# Which zones this process has seen the database know. Its list may be older than ours.
_known: dict[str, bool] = {}


async def of_user(session: AsyncSession, user_id: str) -> ZoneInfo:
    """Where they were last; UTC if nobody ever said."""
    name = await session.scalar(select(col(User.time_zone)).where(col(User.id) == user_id))
    return zone_named(name) or UNKNOWN_ZONE


async def here(session: AsyncSession, user_id: str, said: str | None) -> ZoneInfo:
    """Where they are: as the request says, which is kept, or where they were last."""
    zone = zone_named(said)
    if zone is None:
        return await of_user(session, user_id)
    await keep(session, user_id, zone)
    return zone


async def keep(session: AsyncSession, user_id: str, zone: ZoneInfo) -> None:
    """Notes where they are. The first time, their days that were kept as instants become days."""
    mine = col(User.id) == user_id
    stored = await session.scalar(select(col(User.time_zone)).where(mine))
    if stored == zone.key:
        return
    # Of several requests that come at once with the first zone, one makes the days.
    unknown = update(User).where(mine, col(User.time_zone).is_(None))
    first = await session.scalar(unknown.values(time_zone=zone.key).returning(col(User.id)))
    if first is None:
        await session.execute(update(User).where(mine).values(time_zone=zone.key))
    elif await known_to_database(session, zone):
        for statement in _LAST_MINUTES:
            await session.execute(statement, {"user_id": user_id, "zone": zone.key})


async def known_to_database(session: AsyncSession, zone: ZoneInfo) -> bool:
    """Whether statements may name this zone; one that the database does not know breaks them."""
    if zone.key not in _known:
        try:
            async with session.begin_nested():
                await session.execute(text("SELECT now() AT TIME ZONE :zone"), {"zone": zone.key})
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            _known[zone.key] = False
        else:
            _known[zone.key] = True
    return _known[zone.key]
