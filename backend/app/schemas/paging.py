"""Pages of long lists."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

TOTAL = "X-Total-Count"

_AT_MOST = "At most so many, from `offset` on."
Limit = Annotated[int, Field(ge=1, le=100, description=_AT_MOST)]
# A list of tasks is shown whole by the front end, which asks for the next page where it must.
TaskLimit = Annotated[int, Field(ge=1, le=1000, description=_AT_MOST)]
# PostgreSQL would take more; no list of ours has more.
Offset = Annotated[int, Field(ge=0, le=2_147_483_647, description="How many to leave out.")]

# FastAPI's `responses=` for a list that has pages.
PAGED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            TOTAL: {
                "description": "How many there are on all pages together.",
                "required": True,
                "schema": {"type": "integer", "minimum": 0},
            }
        }
    }
}


def tell_total(response: Response, total: int) -> None:
    response.headers[TOTAL] = str(total)
