"""The running service against its own OpenAPI document: nothing breaks, nothing is undeclared."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import SECRET
from tests.people import PASSWORD
from tests.process import Server, environment

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# They end the sign-in that all other requests need. The rest of the suite calls them.
ENDING = ("/auth/logout", "/api/account/delete", "/api/account/password", "/api/account/sign-ins")
SECONDS = 45


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    server = Server(
        DATABASE_URL=database_url,
        JWT_SECRET=SECRET,
        LOG_LEVEL="ERROR",
        SHUTDOWN_DRAIN_SECONDS="0",
        CHAT_TURNS_PER_MINUTE="100000",
    )
    yield server.wait_until_it_listens()
    server.terminate()
    server.end()


def test_made_up_requests_break_nothing_and_get_what_is_declared(
    server: Server, tmp_path: Path
) -> None:
    body = {"email": "ann@example.com", "password": PASSWORD}
    reply = httpx.post(f"{server.url}/auth/register", json=body, timeout=60).json()
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.user_id" = "{reply["user_id"]}"\n')
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={config}",
            "run",
            f"{server.url}/openapi.json",
            f"--header=Authorization: Bearer {reply['access_token']}",
            f"--checks={','.join(CHECKS)}",
            "--phases=examples,coverage,fuzzing",
            "--max-examples=10",
            f"--max-time={SECONDS}",
            "--seed=1",
            "--generation-database=none",
            "--warnings=off",
            "--no-color",
            *(f"--exclude-path={path}" for path in ENDING),
        ],
        cwd=tmp_path,  # it keeps notes there
        env=environment(HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    tested = re.search(r"(\d+) generated", done.stdout)
    assert tested, done.stdout
    # How many fit into the time depends on the machine.
    assert int(tested[1]) > 0
