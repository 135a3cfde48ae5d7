"""A real PostgreSQL for the tests: the one that TEST_DATABASE_URL names, else a private one."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Speed over durability: these databases live for seconds.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def _program(name: str) -> str:
    """PostgreSQL's server programs are not on PATH in Debian; the newest version's is taken."""
    found = shutil.which(name) or max(
        map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=None
    )
    if found is None:
        raise RuntimeError(
            f"PostgreSQL's {name} was not found. Install PostgreSQL (Debian: apt install "
            "postgresql), or set TEST_DATABASE_URL to a server where databases may be created."
        )
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A server of our own, in a temporary folder, on a free port of the loopback interface."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"postgresql://todo:todo-tests@127.0.0.1:{self.port}/postgres"
        # PostgreSQL refuses to run as root.
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        secret = folder / "password"
        secret.write_text("todo-tests")
        secret.chmod(0o644)
        self._run(
            "initdb",
            f"--pgdata={self.data}",
            "--username=todo",
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "--no-sync",
        )
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.writelines(f"{line}\n" for line in _FAST)
            settings.write(f"unix_socket_directories='{folder}'\n")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1"
        log = self.data / "server.log"
        self._run("pg_ctl", "start", "-w", "-D", str(self.data), "-l", str(log), "-o", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", str(self.data))

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [_program(name), *arguments],
            user=self._user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            # A server started by pg_ctl keeps its outputs open: a pipe would never end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if "start" in arguments else subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {(done.stderr or b'').decode()}")


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A running cluster; stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="todo-postgres-"))
    # Another user's server has to reach its folder through this one.
    folder.chmod(0o755)
    try:
        cluster = Cluster(folder)
        cluster.start()
        try:
            yield cluster
        finally:
            with contextlib.suppress(RuntimeError):  # a test may have stopped it
                cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
