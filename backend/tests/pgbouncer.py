"""A real PgBouncer in transaction mode, as hosting providers put before their databases."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from tests.postgres import free_port

# Servers' connections behind the pooler: few, so that each is soon handed to somebody else.
SERVERS = 2


def program() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


@contextlib.contextmanager
def pooler(database_url: str) -> Iterator[str]:
    """The address of the same database through a pooler of its own."""
    behind, port = make_url(database_url), free_port()
    folder = Path(tempfile.mkdtemp(prefix="todo-pgbouncer-"))
    folder.chmod(0o755)
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text(f'"{behind.username}" "{behind.password}"\n')
    settings.write_text(
        f"""
        [databases]
        {behind.database} = host={behind.host} port={behind.port} dbname={behind.database}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = {users}
        pool_mode = transaction
        default_pool_size = {SERVERS}
        """
    )
    # It refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    process = subprocess.Popen(
        [str(program()), "--quiet", str(settings)], user=user, stderr=subprocess.DEVNULL
    )
    try:
        address = behind.set(port=port).render_as_string(hide_password=False)
        _wait_until_it_answers(address)
        yield address
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _wait_until_it_answers(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
