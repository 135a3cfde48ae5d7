"""The shape of every error, and the responses that a route declares."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field


class ErrorBody(BaseModel):
    """Why a request was refused, in words for people."""

    detail: str = Field(examples=["There is no such task."])


class FieldProblem(BaseModel):
    """One thing that is wrong with a request's fields."""

    loc: list[str | int] = Field(examples=[["body", "title"]])
    msg: str
    type: str


class InvalidBody(BaseModel):
    """A request that does not fit the schema."""

    detail: list[FieldProblem]


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """FastAPI's `responses=` for these statuses and for those that any route can give."""
    declared: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorBody, "description": HTTPStatus(status).phrase}
        for status in sorted({400, *statuses, 413, 500, 503})
    }
    declared[422] = {"model": InvalidBody, "description": "A field is missing or wrong"}
    return declared
