"""Whose token it is that came with a request to /mcp: a sign-in's, or one made for a program."""

from app.database import Database
from app.mcp.rate_limit import RateLimit
from app.security.tokens import Tokens
from app.services import access_tokens, sign_ins

_FOR_PROGRAMS = "todo_"


class Identity:
    """Looks each token up anew, so that one that was revoked is worth nothing from then on."""

    def __init__(self, database: Database, tokens: Tokens, limit: RateLimit) -> None:
        self._database = database
        self._limit = limit
        self._tokens = tokens

    async def user_of(self, token: str) -> str:
        """The user's id; counts the call. Raises NotSignedIn, TooManyRequests,
        DatabaseUnavailable."""
        user_id = await self._user_of(token)
        self._limit.count(user_id)
        return user_id

    async def _user_of(self, token: str) -> str:
        if token.startswith(_FOR_PROGRAMS):
            async with self._database.session() as session:
                user_id = await access_tokens.find(session, token)
                await session.commit()
                return user_id
        claims = self._tokens.check(token)
        async with self._database.session() as session:
            sign_in = await sign_ins.find(session, claims.session_id, claims.user_id)
            if await sign_ins.note_use(session, sign_in):
                await session.commit()
        return claims.user_id
