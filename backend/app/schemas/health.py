"""Health over the wire."""

from typing import Literal

from pydantic import BaseModel, Field


class Live(BaseModel):
    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    status: Literal["ready"] = "ready"


class NotReady(BaseModel):
    status: Literal["draining", "database unavailable", "database not migrated"]


class Checks(BaseModel):
    database: Literal["ok", "failed"]


class Health(BaseModel):
    """Whether the back end serves: what monitors and the front end ask for."""

    status: Literal["healthy", "unhealthy"]
    service: Literal["backend"] = "backend"
    timestamp: str = Field(examples=["2026-01-26T12:00:00.000000Z"])
    checks: Checks
