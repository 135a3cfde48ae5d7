"""How often a user may call /mcp.

Counted by each process for itself, not in the database: what has to be kept safe is this process
(its few connections, its share of a processor), a count there would cost every honest call a write,
and with more pods there is more to share out.
"""

import time
from collections import OrderedDict

from app.errors import TooManyRequests

# Users whose counts are kept: those of the last minute and then some.
_KEPT = 10_000


class RateLimit:
    """A bucket for each user: `per_minute` calls at once, filled again within a minute."""

    def __init__(self, per_minute: int) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, user_id: str) -> None:
        """Raises TooManyRequests."""
        now = time.monotonic()
        left, since = self._buckets.pop(user_id, (self._size, now))
        left = min(self._size, left + (now - since) * self._per_second)
        allowed = left >= 1
        self._buckets[user_id] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyRequests(retry_after=max(1, round((1 - left) / self._per_second)))
