"""Days, times of day and zones: what people write, and what it means where they are.

Pure: no clock, no database, no settings. `phrases.read` is the one place that knows what "next
friday" is; `tests/vectors/dates.json` holds it and the browser's quick entry to the same meaning.
"""

from app.dates.phrases import Problem, ProblemKind, Reading, parse, read
from app.dates.zones import (
    LAST_MINUTE,
    UNKNOWN_ZONE,
    at_local_time,
    last_minute,
    local_day,
    zone_named,
)

__all__ = [
    "LAST_MINUTE",
    "UNKNOWN_ZONE",
    "Problem",
    "ProblemKind",
    "Reading",
    "at_local_time",
    "last_minute",
    "local_day",
    "parse",
    "read",
    "zone_named",
]
