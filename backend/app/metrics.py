"""Figures for Prometheus, gathered in this process and shown at /metrics.

The route's pattern is a label, never its path: ids would make a new series each.
"""

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, Histogram, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST
# From a lookup's milliseconds to the 45 s that a turn of the chat may take.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45)
# A caller may invent methods; each would be a series.
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"})

_duration = Histogram(
    "http_request_duration_seconds",
    "From the first byte in to the last byte out.",
    ("method", "route", "status"),
    buckets=_SECONDS,
)
_under_way = Gauge("http_requests_under_way", "Requests that are being answered.")
_connections = Gauge("database_connections_in_use", "Connections of the pool that are taken.")


def begun() -> None:
    _under_way.inc()


def answered(method: str, route: str | None, status: int | None, seconds: float) -> None:
    """`status` None: the connection broke before an answer began."""
    _under_way.dec()
    known = method if method in _METHODS else "other"
    _duration.labels(known, route or "none", status or "none").observe(seconds)


def watch_connections(in_use: Callable[[], int]) -> None:
    _connections.set_function(in_use)


def exposition() -> bytes:
    return generate_latest()
