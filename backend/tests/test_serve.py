"""The server's process: how it starts, what it logs, how it ends."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import SECRET
from tests.people import PASSWORD
from tests.postgres import free_port
from tests.process import BACKEND, Server, environment


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    server = Server(DATABASE_URL=database_url, JWT_SECRET=SECRET, SHUTDOWN_DRAIN_SECONDS="5")
    yield server.wait_until_it_listens()
    server.terminate()
    server.end()


def sign_up(server: Server) -> str:
    body = {"email": "ann@example.com", "password": PASSWORD}
    reply = httpx.post(f"{server.url}/auth/register", json=body, timeout=30)
    assert reply.status_code == 201
    return str(reply.json()["access_token"])


def wait_until_it_takes_no_more(server: Server) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            server.connect().close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue  # the kernel had taken it when the listening socket went
    raise AssertionError("the server still takes connections")


def read_all(connection: socket.socket) -> str:
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces).decode()


def test_asked_to_stop_it_drains_and_finishes_what_is_under_way(server: Server) -> None:
    token = sign_up(server)
    body = b'{"title": "begun before the end"}'
    with httpx.Client(base_url=server.url) as kept, server.connect() as under_way:
        assert kept.get("/readyz").status_code == 200
        head = (
            "POST /tasks/ HTTP/1.1\r\nHost: backend\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        under_way.sendall(head.encode() + body[:10])

        server.terminate()
        seen = kept.get("/readyz")
        while seen.status_code == 200:  # until the signal has arrived
            seen = kept.get("/readyz")
        assert (seen.status_code, seen.json()) == (503, {"status": "draining"})
        assert seen.headers["connection"] == "close"

        # uvicorn by itself stops listening within a tenth of a second.
        time.sleep(0.5)
        server.connect().close()
        wait_until_it_takes_no_more(server)
        under_way.sendall(body[10:])
        answer = read_all(under_way)
    assert answer.startswith("HTTP/1.1 201 Created")
    assert "begun before the end" in answer
    code, _, errors = server.end()
    assert (code, errors) == (0, "")


def test_every_line_on_stdout_is_json_and_none_holds_a_secret(server: Server) -> None:
    token = sign_up(server)
    headers = {"Authorization": f"Bearer {token}", "X-Request-ID": "trace-me"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        client.get("/tasks/", params={"status": "pending", "search": "typed-by-the-user"})
        client.post("/auth/login", json={"email": "ann@example.com", "password": "wrong-password"})
        client.post("/auth/login", json={"email": 1, "password": "wrong-password"})
        client.get("/readyz")
    server.terminate()
    code, out, errors = server.end()
    assert (code, errors) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    listed = [line for line in lines if line.get("path") == "/tasks/"]
    assert len(listed) == 1
    assert listed[0]["request_id"] == "trace-me"
    assert (listed[0]["method"], listed[0]["status"]) == ("GET", 200)
    assert not [line for line in lines if line.get("path") == "/readyz"], "probes are not news"
    for secret in (token, PASSWORD, "wrong-password", SECRET, "ann@example.com", "todo-tests"):
        assert secret not in out
    assert "typed-by-the-user" not in out


# What the garbage collector has to look through, and what it was told to leave alone, at the moment
# in which the server would begin to serve.
BEGINS = """
import gc, runpy, uvicorn
uvicorn.Server.run = lambda *_, **__: print(len(gc.get_objects()), gc.get_freeze_count())
runpy.run_module("app.serve", run_name="__main__")
"""


def test_the_garbage_collector_does_not_stop_the_server_over_what_never_goes() -> None:
    """Over the modules and routes it took a tenth of a second of CPU each time, which under a limit
    of half a CPU kept every request waiting, and the probes."""
    address = "postgresql://todo@127.0.0.1:1/todo"
    settings = environment(DATABASE_URL=address, JWT_SECRET=SECRET, PORT=str(free_port()))
    done = subprocess.run(
        [sys.executable, "-c", BEGINS], cwd=BACKEND, env=settings, capture_output=True, check=True
    )
    searched, left_alone = map(int, done.stdout.split())
    assert searched < left_alone / 10
