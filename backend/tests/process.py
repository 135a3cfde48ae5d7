"""The programs as they run in a pod: real processes, real signals, real sockets."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.postgres import free_port

BACKEND = Path(__file__).parent.parent


def environment(**settings: str) -> dict[str, str]:
    """An environment with these settings and none of the machine's own."""
    return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **settings}


def run(*command: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs `python -m COMMAND` to its end, with `given` on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=BACKEND,
        env=environment(**settings),
        input=given,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


class Server:
    """`python -m app.serve` on a free port of the loopback interface."""

    def __init__(self, *arguments: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.serve", *arguments],
            cwd=BACKEND,
            env=environment(PORT=str(self.port), **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_until_it_listens(self) -> "Server":
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.connect().close()
            except ConnectionRefusedError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError(f"the server did not start: {self.end()}")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def fetch(
        self, method: str, path: str, token: str | None = None, *, json: object = None
    ) -> httpx.Response:
        """One request, of the user with this token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.request(method, f"{self.url}{path}", headers=headers, json=json, timeout=60)

    def kill(self) -> None:
        """As a node that is gone: no time for anything."""
        self._process.kill()
        self._process.communicate()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def end(self) -> tuple[int, str, str]:
        """Waits for the end: exit code, stdout, stderr."""
        try:
            out, err = self._process.communicate(timeout=180)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        return self._process.returncode, out, err
