"""What one running application is made of. Starlette keeps it untyped; these functions do not."""

from dataclasses import dataclass
from typing import cast

from fastapi import FastAPI

from app.assistant.assembly import Assembly
from app.assistant.turn import TurnRunner
from app.database import Database
from app.health import Readiness
from app.security.passwords import PasswordHasher
from app.security.tokens import Tokens
from app.services.export import Exporter
from app.services.limits import Limits
from app.services.sign_ins import SignInRules
from app.settings import Settings


@dataclass(frozen=True)
class AppState:
    """The parts that routes work with, made once by `create_app`."""

    settings: Settings
    database: Database
    passwords: PasswordHasher
    tokens: Tokens
    sign_ins: SignInRules
    limits: Limits
    exporter: Exporter
    assembly: Assembly
    runner: TurnRunner


def keep_state(app: FastAPI, state: AppState) -> None:
    app.state.parts = state


def state_of(app: FastAPI) -> AppState:
    return cast("AppState", app.state.parts)


def keep_readiness(app: FastAPI, readiness: Readiness) -> None:
    """Apart from the rest: the MCP server, which has these probes too, needs nothing else."""
    app.state.readiness = readiness


def readiness_of(app: FastAPI) -> Readiness:
    return cast("Readiness", app.state.readiness)
