"""What a pod imports before it is ready: an import of seconds must not compete with requests."""

import subprocess
import sys

from tests.conftest import SECRET
from tests.process import BACKEND, environment


def imported_at_the_start(**settings: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, app.main; print(*sys.modules)"],
        cwd=BACKEND,
        env=environment(
            DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", JWT_SECRET=SECRET, **settings
        ),
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    return set(done.stdout.split())


def test_the_protocols_sdk_is_there_before_the_first_request() -> None:
    assert {"mcp.server", "mcp.client", "app.assistant.offline"} <= imported_at_the_start()


def test_the_agents_sdk_is_there_too_but_only_with_a_model() -> None:
    assert "agents" not in imported_at_the_start()
    assert {"agents", "openai"} <= imported_at_the_start(OPENAI_API_KEY="sk-test")
