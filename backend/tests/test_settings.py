"""What the environment may say, and what is said about a wrong one."""

import pytest

from app.database_url import normalised_database_url
from app.settings import Settings, load
from tests.process import run

GOOD = {
    "DATABASE_URL": "postgresql://todo:hunter2@127.0.0.1:1/todo",
    "JWT_SECRET": "s" * 32,
}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set; the back end cannot start without it."),
        (
            {"DATABASE_URL": "sqlite:///hunter2.db"},
            "DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host/name.",
        ),
        (
            {"DATABASE_URL": "<from-env>"},
            "DATABASE_URL is not a database address: postgresql://user:password@host/name.",
        ),
        (
            {"JWT_SECRET": "hunter2"},
            "JWT_SECRET must be at least 32 bytes long (make one: openssl rand -base64 48).",
        ),
        (
            {"DATABASE_URL": "postgresql://u:hunter2@h/d?sslmod=require"},
            "DATABASE_URL has the option 'sslmod', which PostgreSQL does not know. Take it out.",
        ),
        (
            {"DATABASE_DIRECT_URL": "postgresql://u:hunter2@h/d?schema=app"},
            "DATABASE_DIRECT_URL has the option schema, which PostgreSQL does not know. Write "
            "options=-csearch_path%3DNAME for another schema than public.",
        ),
        (
            {"DATABASE_URL": "postgresql://u:hunter2@h/d?sslmode=on"},
            "DATABASE_URL has an sslmode that PostgreSQL does not know: disable, allow, prefer, "
            "require, verify-ca, verify-full.",
        ),
        (
            {"DATABASE_URL": "postgresql://u:hunter2@h/d?connect_timeout=5s"},
            "DATABASE_URL has the option connect_timeout, which must be a number of digits.",
        ),
        ({"JWT_ALGORITHM": "none"}, "JWT_ALGORITHM should be 'HS256'."),
        (
            {"CORS_ORIGINS": "https://hunter2.example"},
            'CORS_ORIGINS must be a JSON list, such as ["https://todo.example.com"].',
        ),
        (
            {"CORS_ORIGINS": '["hunter2.example/path"]'},
            'CORS_ORIGINS must be a list of origins, such as ["https://todo.example.com"].',
        ),
        (
            {"ACCESS_TOKEN_EXPIRE_MINUTES": "0"},
            "ACCESS_TOKEN_EXPIRE_MINUTES should be greater than or equal to 1.",
        ),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    wrong: dict[str, str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (GOOD | wrong).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        load(Settings)
    assert end.value.code == 1
    assert capsys.readouterr() == ("", sentence + "\n")


@pytest.mark.parametrize("program", [("app.serve",), ("uvicorn", "app.main:app", "--port", "0")])
def test_with_a_wrong_setting_nothing_starts(program: tuple[str, ...]) -> None:
    done = run(*program, **(GOOD | {"JWT_SECRET": "hunter2"}))
    assert done.returncode == 1
    assert done.stderr == (
        "JWT_SECRET must be at least 32 bytes long (make one: openssl rand -base64 48).\n"
    )


def test_all_wrong_settings_are_named_together() -> None:
    done = run("app.serve", DATABASE_POOL_SIZE="many")
    named = {line.split()[0] for line in done.stderr.splitlines()}
    assert named == {"DATABASE_URL", "DATABASE_POOL_SIZE", "JWT_SECRET"}


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+psycopg://u:p@h:5433/d"),
        (
            "postgresql+asyncpg://u:p@h/d?ssl=require",
            "postgresql+psycopg://u:p@h/d?sslmode=require",
        ),
        ("postgresql+psycopg2://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        (" postgresql://u:p%40%2F@h/d\n", "postgresql+psycopg://u:p%40%2F@h/d"),
        (
            "postgresql://u:p@h-pooler.neon.tech/d?sslmode=require&channel_binding=require",
            "postgresql+psycopg://u:p@h-pooler.neon.tech/d?channel_binding=require&sslmode=require",
        ),
        (
            "postgresql://u:p@h/d?pgbouncer=true&connection_limit=1&sslmode=disable",
            "postgresql+psycopg://u:p@h/d?sslmode=disable",
        ),
        (
            "postgresql://u:p@h/d?schema=public&uselibpqcompat=true&sslmode=no-verify",
            "postgresql+psycopg://u:p@h/d?sslmode=require",
        ),
        (
            "postgresql://u:p@h/d?pool_mode=transaction&connect_timeout=15",
            "postgresql+psycopg://u:p@h/d?connect_timeout=15",
        ),
        (
            "postgresql:///d?host=/var/run/postgresql",
            "postgresql+psycopg:///d?host=%2Fvar%2Frun%2Fpostgresql",
        ),
    ],
)
def test_addresses_as_others_write_them_are_understood(written: str, used: str) -> None:
    assert normalised_database_url(written).render_as_string(hide_password=False) == used


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings.model_validate({key.lower(): value for key, value in GOOD.items()})
    assert "hunter2" not in repr(settings)
    assert GOOD["JWT_SECRET"] not in repr(settings)
