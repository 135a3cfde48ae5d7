"""The protocol's official conformance suite against /mcp, as far as it needs no tools, resources or
prompts of its own: it would be met by a server made for it alone."""

import asyncio
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.application import create_app
from app.settings import Settings
from tests.conftest import SECRET
from tests.people import PASSWORD
from tests.postgres import free_port

HERE = Path(__file__).parent / "conformance"
# Seconds; on a machine without the packages the registry is asked for them.
INSTALLING, RUNNING = 300, 120
# The oldest Node.js on which the suite runs: it imports `globSync`.
NODE = 22
SCENARIOS = (
    "server-initialize",
    "ping",
    "tools-list",
    "dns-rebinding-protection",
)


@pytest.fixture(scope="session")
def suite() -> str:
    """The suite's program; skips where it cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("the conformance suite is a Node.js program, and there is no Node.js here")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().removeprefix("v").partition(".")[0]) < NODE:
        pytest.skip(f"the conformance suite needs Node.js {NODE}, and here is {version.strip()}")
    program = HERE / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
    if not program.is_file():
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            command, cwd=HERE, capture_output=True, text=True, timeout=INSTALLING, check=False
        )
        if done.returncode != 0:
            pytest.skip(f"npm cannot get the conformance suite: {done.stderr.strip()[-300:]}")
    return str(program)


@pytest.fixture
def address(database_url: str) -> Iterator[str]:
    """The application over HTTP, with the token of a user, which the suite cannot send."""
    port = free_port()
    # The suite comes as a web page of this address would, so it is listed as one.
    given = {
        "database_url": database_url,
        "jwt_secret": SECRET,
        "cors_origins": [f"http://127.0.0.1:{port}"],
    }
    app = create_app(Settings.model_validate(given))
    token = b""

    async def signed_in(scope: Scope, receive: Receive, send: Send) -> None:
        if token and scope["type"] == "http":
            headers = [*scope["headers"], (b"authorization", b"Bearer " + token)]
            scope = {**scope, "headers": headers}
        await app(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(signed_in, port=port, log_level="critical"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    try:
        while not server.started and thread.is_alive():
            threading.Event().wait(0.01)
        token = _register(url)
        yield f"{url}/mcp"
    finally:
        server.should_exit = True
        thread.join(10)


def _register(url: str) -> bytes:
    body = {"email": "ann@example.com", "password": PASSWORD}
    reply = httpx.post(f"{url}/auth/register", json=body, timeout=60)
    return str(reply.json()["access_token"]).encode()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_server_conforms(suite: str, address: str, scenario: str) -> None:
    done = subprocess.run(
        ["node", suite, "server", "--url", address, "--scenario", scenario],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=RUNNING,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    passed = re.search(r"(\d+)/(\d+)", said)
    assert passed, said
    assert passed[1] == passed[2] != "0"
