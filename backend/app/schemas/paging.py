"""Pages of long lists."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

TOTAL = "X-Total-Count"

Limit = Annotated[int, Field(ge=1, le=500, description="At most so many, from `offset` on.")]
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
