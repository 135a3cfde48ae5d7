"""Columns that several tables share."""

from typing import Any

from sqlalchemy import DateTime, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def moment(**options: Any) -> Any:  # noqa: ANN401 - as SQLModel's own Field
    """A point in time with its zone, set by the caller."""
    return Field(sa_type=DateTime(timezone=True), **options)


def set_by_database() -> Any:  # noqa: ANN401 - as SQLModel's own Field
    """A point in time that the database fills in, so that the pods' clocks do not matter."""
    return moment(default=None, nullable=False, sa_column_kwargs={"server_default": func.now()})


def json(**options: Any) -> Any:  # noqa: ANN401 - as SQLModel's own Field
    """A JSON value. None is SQL's NULL, never JSON's null."""
    return Field(sa_type=JSONB(none_as_null=True), **options)
