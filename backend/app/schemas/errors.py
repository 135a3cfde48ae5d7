"""The shape of every error, and the responses that a route declares.

Routes refer to these shapes by name instead of by FastAPI's `model=`: that builds a validator for
each status of each route, a fifth of the CPU time that starting the server takes.
"""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema


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


_REFERENCE = "#/components/schemas/{model}"


def _answer(model: type[BaseModel], description: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=model.__name__)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """FastAPI's `responses=` for these statuses and for those that any route can give."""
    declared: dict[int | str, dict[str, Any]] = {
        status: _answer(ErrorBody, HTTPStatus(status).phrase)
        for status in sorted({400, *statuses, 413, 500, 503})
    }
    declared[422] = _answer(InvalidBody, "A field is missing or wrong")
    return declared


def define(document: dict[str, Any]) -> dict[str, Any]:
    """Puts the shapes into an OpenAPI document that refers to them."""
    definitions = models_json_schema(
        [(ErrorBody, "serialization"), (InvalidBody, "serialization")], ref_template=_REFERENCE
    )[1]["$defs"]
    document.setdefault("components", {}).setdefault("schemas", {}).update(definitions)
    return document
