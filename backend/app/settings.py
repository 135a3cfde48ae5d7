"""What the environment says. The only module that reads it.

Every other module is handed a `Settings` (or a value out of one), so that tests and other programs
can run the application with any configuration without touching the process's environment.
"""

import sys
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy.engine import URL

from app.database_url import normalised_database_url
from app.services.limits import Limits, TurnLimits

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def _check_database_url(value: SecretStr) -> SecretStr:
    normalised_database_url(value.get_secret_value())
    return value


def _check_jwt_secret(value: SecretStr) -> SecretStr:
    # RFC 7518 section 3.2: an HS256 key is at least as long as the hash, 256 bits.
    if len(value.get_secret_value().encode()) < 32:
        raise ValueError("must be at least 32 bytes long (make one: openssl rand -base64 48)")
    return value


def _check_origin(value: str) -> str:
    if value == "*":
        return value
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
        raise ValueError('must be a list of origins, such as ["https://todo.example.com"]')
    return value


def _check_http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be an address that begins with http:// or https://")
    return value.rstrip("/")


DatabaseUrl = Annotated[SecretStr, AfterValidator(_check_database_url)]
HttpUrl = Annotated[str, AfterValidator(_check_http_url)]


class DatabaseSettings(BaseSettings):
    """What a program needs that only talks to the database (the migrations)."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    database_url: DatabaseUrl
    database_direct_url: DatabaseUrl | None = None
    """The address that goes around a pooler such as PgBouncer; migrations prefer it."""
    migration_wait_seconds: float = Field(default=60, ge=0, le=600)
    """How long migrations wait for a database that does not answer yet."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def url(self) -> URL:
        """For serving requests; may lead through a pooler."""
        return normalised_database_url(self.database_url.get_secret_value())

    @property
    def direct_url(self) -> URL:
        """For migrations."""
        return normalised_database_url(
            (self.database_direct_url or self.database_url).get_secret_value()
        )


class Settings(DatabaseSettings):
    """What the server needs."""

    jwt_secret: Annotated[SecretStr, AfterValidator(_check_jwt_secret)]
    jwt_secret_previous: Annotated[SecretStr, AfterValidator(_check_jwt_secret)] | None = None
    """The secret before `jwt_secret`: what was signed with it stays good, so that changing the
    secret signs nobody out. To be removed an hour later."""
    jwt_algorithm: Literal["HS256"] = "HS256"
    access_token_expire_minutes: int = Field(default=30, ge=1, le=1440)
    session_days: int = Field(default=30, ge=1, le=400)
    """How long somebody stays signed in who does not come back; each visit begins it anew. Browsers
    keep no cookie for longer than 400 days."""
    session_max_days: int = Field(default=90, ge=1, le=3650)
    """How long one sign-in stands at most, however often it is used: whoever has got hold of a
    browser has it no longer than this. Never shorter than `session_days`."""
    cors_origins: list[Annotated[str, AfterValidator(_check_origin)]] = []
    database_pool_size: int = Field(default=4, ge=1, le=100)
    """Connections of one process. 4 fits 10 pods into PostgreSQL's default 100: 90 / (2 x 10 + 1),
    a rolling update doubling the pods."""
    database_timeout_seconds: float = Field(default=10, gt=0, le=300)
    """The longest that a request's use of the database takes, waiting for a connection included;
    then 503. No honest request takes a second."""
    tasks_per_user: int = Field(default=5000, ge=1, le=1_000_000)
    """Beyond anybody's list; what a user's tasks take of the database and of a page has a bound."""
    writes_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    """Changes of one user's, over all pods: ten a second, which no hand makes."""
    requests_at_once: int = Field(default=3, ge=1, le=100)
    """Of one user's, in each process; further ones wait. What a page asks for at once, and of a
    pool of four connections it leaves one for others."""
    registration_open: bool = True
    """False: there are no new accounts but those that whoever runs the application makes."""
    registrations_per_minute: int = Field(default=60, ge=1, le=1_000_000)
    """Of everybody together, over all pods: behind the front end nobody's address is known. Each
    costs a tenth of a second of CPU."""
    password_hashes_at_once: int = Field(default=1, ge=1, le=64)
    """By one process: each takes 64 MiB and, of one processor, a tenth of a second. Half a CPU, as
    a pod has, makes no more of them when they are made together."""
    shutdown_drain_seconds: float = Field(default=2, ge=0, le=30)
    """How long the server goes on answering, as "not ready", once it was asked to stop."""
    keep_alive_seconds: int = Field(default=75, ge=1, le=3600)
    """How long a connection is kept that nothing comes by: longer than whoever forwards requests
    keeps it (the front end, an ingress), or they write into one that was just closed."""
    port: int = Field(default=8000, ge=1, le=65535)

    openai_api_key: SecretStr | None = None
    """Without one the assistant is the offline one."""
    openai_base_url: HttpUrl | None = None
    """Another server with OpenAI's API (Ollama, vLLM, a proxy)."""
    openai_api_mode: Literal["responses", "chat_completions"] = "responses"
    """Most other servers know `chat_completions` alone."""
    openai_agent_model: str = "gpt-4o"
    chat_timeout_seconds: float = Field(default=45, gt=0, le=45)
    """The longest that one turn takes. Not above 45: a stopping pod waits 50 s for its turns."""
    chat_max_turns: int = Field(default=10, ge=1, le=50)
    """How often the model is asked within one turn of the conversation."""
    chat_max_output_tokens: int = Field(default=1024, ge=16, le=100_000)
    """Of each of the model's answers."""
    chat_turns_per_minute: int = Field(default=20, ge=1, le=100_000)
    """Of one user, over all pods."""
    chat_history_messages: int = Field(default=30, ge=0, le=1000)
    """Of what was said before, the model is shown this many messages, and whoever pays for it pays
    for them in each turn."""
    mcp_url: HttpUrl | None = None
    """Where the assistant finds the MCP tools when they are a deployment of their own; without it
    they run in this process."""
    mcp_calls_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    """Of one user at /mcp, in each process. The assistant's own count where the tools are a
    deployment of their own: it makes some 10 in a turn."""
    mcp_allowed_hosts: list[str] = [
        "backend",
        "backend:8000",
        "mcp",
        "mcp:8001",
        "localhost",
        "localhost:*",
        "127.0.0.1",
        "127.0.0.1:*",
    ]
    """Host headers that /mcp answers to (`name:*` is any port), so that no web page can reach it
    by pointing a name of its own at a private address."""

    @property
    def limits(self) -> Limits:
        return Limits(self.tasks_per_user, self.writes_per_minute)

    @property
    def turn_limits(self) -> TurnLimits:
        return TurnLimits(self.chat_turns_per_minute, self.chat_history_messages)

    @property
    def jwt_secrets(self) -> tuple[str, ...]:
        """The present one first."""
        kept = (self.jwt_secret, self.jwt_secret_previous)
        return tuple(secret.get_secret_value() for secret in kept if secret is not None)


class McpSettings(Settings):
    """What the MCP server needs when it runs by itself."""

    port: int = Field(default=8001, ge=1, le=65535)


_LISTS = {
    "cors_origins": '["https://todo.example.com"]',
    "mcp_allowed_hosts": '["backend", "backend:8000"]',
}

AnySettings = TypeVar("AnySettings", bound=DatabaseSettings)


def load(kind: type[AnySettings]) -> AnySettings:
    """Reads the environment; with a problem in it, says so on stderr and exits with code 1.

    One plain sentence a problem, naming the variable and never its value, because this is the last
    thing that a stopped pod's log shows.
    """
    try:
        return kind()
    except ValidationError as error:
        problems = [_sentence(problem) for problem in error.errors(include_input=False)]
    except SettingsError as error:
        # Raised for a list that is not JSON.
        problems = [
            f"{name.upper()} must be a JSON list, such as {example}."
            for name, example in _LISTS.items()
            if f'"{name}"' in str(error)
        ]
    for problem in problems:
        print(problem, file=sys.stderr)  # noqa: T201 - logging is set up from the settings
    raise SystemExit(1)


def _sentence(problem: "ErrorDetails") -> str:
    name = str(problem["loc"][0]).upper()
    if problem["type"] == "missing":
        return f"{name} is not set; the back end cannot start without it."
    return f"{name} {problem['msg'].removeprefix('Value error, ').removeprefix('Input ')}."
