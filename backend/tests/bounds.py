"""`python -m tests.bounds [SECONDS]`: what one pod endures, within a pod's limits.

Run by hand, as root on Linux (it makes control groups, of version 1 or 2). A server in 512 MiB and
half a CPU has a user with 100,000 tasks and a conversation of 1,000 turns; 50 clients ask for
everything that is large or dear, over and over, as fast as they are answered. Meanwhile another
asks /livez as the kubelet does. Ends with the figures, and with exit code 1 when the server was
killed or /livez took 200 ms or more (99th percentile).
"""

import argparse
import asyncio
import contextlib
import http.client
import multiprocessing
import os
import random
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg

from app.database_url import normalised_database_url
from app.upgrade import connect, upgrade
from tests.people import PASSWORD
from tests.postgres import own_cluster
from tests.process import Server

MEMORY = 512 * 1024 * 1024
CPU = 0.5
CLIENTS = 50
TASKS = 100_000
TURNS = 1_000
LIVEZ_MS = 200
SECRET = "a secret for a measurement, 32 bytes or more"

_ROOT = Path("/sys/fs/cgroup")
_IS_V2 = (_ROOT / "cgroup.controllers").exists()


class ControlGroup:
    """Limits of a process, as the kubelet sets them."""

    def __init__(self, name: str) -> None:
        folders = [_ROOT] if _IS_V2 else [_ROOT / "memory", _ROOT / "cpu"]
        self._folders = [folder / name for folder in folders]
        for folder in self._folders:
            folder.mkdir(exist_ok=True)
        self._memory = self._folders[0]
        period = 100_000
        if _IS_V2:
            (self._memory / "memory.max").write_text(str(MEMORY))
            (self._memory / "cpu.max").write_text(f"{int(CPU * period)} {period}")
        else:
            (self._memory / "memory.limit_in_bytes").write_text(str(MEMORY))
            (self._folders[1] / "cpu.cfs_period_us").write_text(str(period))
            (self._folders[1] / "cpu.cfs_quota_us").write_text(str(int(CPU * period)))
            # So that what else this machine does costs the server nothing of its half a CPU.
            (self._folders[1] / "cpu.shares").write_text("262144")

    def take(self, pid: int) -> None:
        for folder in self._folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def peak(self) -> int:
        name = "memory.peak" if _IS_V2 else "memory.max_usage_in_bytes"
        return int((self._memory / name).read_text())

    def resident(self) -> int:
        """Without what the kernel caches of files."""
        name = "anon" if _IS_V2 else "rss"
        lines = (self._memory / "memory.stat").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.split()[0] == name)

    def remove(self) -> None:
        for folder in self._folders:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _sign_up(server: Server) -> tuple[str, str]:
    body = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
    reply = server.fetch("POST", "/auth/register", json=body)
    reply.raise_for_status()
    return reply.json()["user_id"], reply.json()["access_token"]


def _fill(server: Server, url: str) -> tuple[str, int]:
    """A user with all those tasks and a conversation of all those turns: a real one, repeated."""
    user, token = _sign_up(server)
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO tasks (user_id, title, description)"
            " SELECT %s, 'lorem ipsum thing ' || n, repeat('ipsum ', 80)"
            " FROM generate_series(1, %s) AS n",
            (user, TASKS),
        )
    said = {"message": "complete the ipsum thing"}
    reply = server.fetch("POST", "/api/chat", token, json=said)
    reply.raise_for_status()
    talk = int(reply.json()["conversation_id"])
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO messages (conversation_id, role, content, tool_calls)"
            " SELECT conversation_id, role, content, tool_calls FROM messages,"
            " generate_series(2, %s) WHERE conversation_id = %s",
            (TURNS, talk),
        )
        connection.execute("ANALYZE")
    return token, talk


def _requests(token: str, talk: int) -> list[dict[str, object]]:
    tools = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    listed = {**tools, "params": {"name": "list_tasks", "arguments": {"limit": 500}}}
    own = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json, text/event-stream",
        "Accept-Encoding": "identity",
    }
    guess = {"email": "nobody@example.com", "password": "guess"}
    return [
        {"method": "GET", "url": "/tasks/", "headers": own},
        {"method": "GET", "url": "/api/tasks?sort=title&offset=99000", "headers": own},
        {"method": "GET", "url": "/tasks/?search=ipsum", "headers": own},
        {"method": "GET", "url": f"/api/conversations/{talk}?limit=100", "headers": own},
        {"method": "GET", "url": "/api/account/export", "headers": own},
        {"method": "POST", "url": "/tasks/", "headers": own, "json": {"title": "one more"}},
        {
            "method": "POST",
            "url": "/api/chat",
            "headers": own,
            "json": {"message": "complete the ipsum thing", "conversation_id": talk},
        },
        {"method": "POST", "url": "/mcp", "headers": own, "json": listed},
        {"method": "POST", "url": "/auth/login", "json": guess},
        {
            "method": "POST",
            "url": "/auth/register",
            "json": {"email": "{new}@example.com", "password": PASSWORD},
        },
    ]


async def _hostile(url: str, asked: list[dict[str, object]], seconds: float) -> Counter[str]:
    answers: Counter[str] = Counter()
    until = time.monotonic() + seconds
    pause = httpx.Timeout(60)

    async def one() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=pause) as client:
            while time.monotonic() < until:
                request = dict(random.choice(asked))  # noqa: S311 - no secret
                body = request.get("json")
                if request["url"] == "/auth/register" and isinstance(body, dict):
                    request["json"] = {**body, "email": f"{uuid4().hex}@example.com"}
                name = f"{request['method']} {str(request['url']).partition('?')[0]}"
                try:
                    # Read piece by piece and left: the answer is the server's to hold, not ours.
                    async with client.stream(**request) as reply:  # type: ignore[arg-type]
                        async for _ in reply.aiter_raw():
                            if time.monotonic() > until:
                                break
                    answers[f"{name} {reply.status_code}"] += 1
                except httpx.HTTPError as error:
                    answers[f"{name} {type(error).__name__}"] += 1

    await asyncio.gather(*(one() for _ in range(CLIENTS)))
    return answers


def _crowd(
    url: str,
    asked: list[dict[str, object]],
    seconds: float,
    told: "multiprocessing.Queue[Counter[str]]",
) -> None:
    told.put(asyncio.run(_hostile(url, asked, seconds)))


def _livez(port: int, seconds: float) -> list[float]:
    """Milliseconds of each answer; a new connection each time, as the kubelet makes."""
    took: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/livez")
            ok = connection.getresponse().status == 200
            connection.close()
        except OSError:
            ok = False
        took.append((time.monotonic() - started) * 1000 if ok else float("inf"))
        time.sleep(max(0.0, started + 0.2 - time.monotonic()))
    return took


@contextlib.contextmanager
def _limited(url: str) -> Iterator[tuple[Server, ControlGroup]]:
    server = Server(
        DATABASE_URL=url,
        JWT_SECRET=SECRET,
        LOG_LEVEL="ERROR",
        TASKS_PER_USER="1000000",
        SHUTDOWN_DRAIN_SECONDS="0",
    )
    group = ControlGroup("todo-bounds")
    try:
        group.take(server.pid)
        yield server.wait_until_it_listens(), group
    finally:
        server.signal(signal.SIGKILL)
        _, said, _ = server.end()
        print("\n".join(line[:2000] for line in said.splitlines()[-3:]))
        group.remove()


def main(seconds: float) -> bool:
    """Whether the server endured."""
    with own_cluster() as cluster:
        engine = connect(normalised_database_url(cluster.url))
        upgrade(engine)
        engine.dispose()
        with _limited(cluster.url) as (server, group):
            token, talk = _fill(server, cluster.url)
            resting = group.resident()
            told: multiprocessing.Queue[Counter[str]] = multiprocessing.Queue()
            crowd = multiprocessing.Process(
                target=_crowd, args=(server.url, _requests(token, talk), seconds, told)
            )
            crowd.start()
            # Next to the server, before everything else this machine does.
            with contextlib.suppress(PermissionError):
                os.setpriority(os.PRIO_PROCESS, 0, -20)
            took = sorted(_livez(server.port, seconds))
            answers = told.get(timeout=120)
            crowd.join()
            alive = server.is_running()
            p99 = took[int(len(took) * 0.99)]
            mib = 1024 * 1024
            for name, number in sorted(answers.items()):
                print(f"  {number:6}  {name}")
            print(
                f"/livez: {len(took)} answers, median {statistics.median(took):.0f} ms, "
                f"p99 {p99:.0f} ms, longest {took[-1]:.0f} ms\n"
                f"memory: {resting // mib} MiB before, {group.resident() // mib} MiB after, "
                f"peak with caches {group.peak() // mib} MiB of {MEMORY // mib}\n"
                f"{'alive' if alive else 'KILLED'}"
            )
            return alive and p99 < LIVEZ_MS


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=60)
    sys.exit(0 if main(parser.parse_args().seconds) else 1)
