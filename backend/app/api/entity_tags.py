"""Answers that a client may keep: an `ETag` says which one it has, 304 that it is still right."""

import hashlib
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "What the client has (`If-None-Match`) is still right"}
}
# What an answer depends on beside its address: whose it is, and where the person is.
_VARY = "Authorization, X-Time-Zone"


class Kept:
    """One answer's. The tag is weak (RFC 9110): the same content, not the same bytes."""

    def __init__(self, request: Request, fingerprint: str, shape: type[BaseModel]) -> None:
        """`fingerprint` is that of the rows. `shape` is what is told of each: what an older version
        of this program told, which knew less of them, is not what the client wants now."""
        parts = (
            request.url.path,
            request.url.query,
            request.headers.get("x-time-zone", ""),
            fingerprint,
            *shape.model_fields,
        )
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
        self._tag = f'W/"{digest}"'
        self._asked = request.headers.get("if-none-match", "")

    def is_current(self) -> bool:
        """Whether the client has this answer already."""
        given = {tag.strip().removeprefix("W/") for tag in self._asked.split(",")}
        return self._tag.removeprefix("W/") in given

    def tell(self, response: Response) -> None:
        response.headers["ETag"] = self._tag
        response.headers["Vary"] = _VARY
        # Kept, but asked for each time.
        response.headers["Cache-Control"] = "private, no-cache"

    def not_modified(self, response: Response) -> Response:
        """With the headers that `response` has so far."""
        self.tell(response)
        kept = {name: value for name, value in response.headers.items() if name != "content-length"}
        return Response(status_code=304, headers=kept)
