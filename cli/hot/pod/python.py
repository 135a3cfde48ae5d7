"""Runs the newest saved files of a Python application that uvicorn serves, in a development pod.

Files are written into FILES from outside; `wanted`, which names their content, comes last. A
process that has the application's libraries loaded starts a worker from them. Once that one serves,
the one before it takes no more connections and ends; both listen on the same socket, so none is
refused. Files that do not come to serve are reported, and what served before goes on.
"""

import asyncio
import filecmp
import gc
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

FILES = Path("/hot/files")
WORK = Path("/hot/work")
VERSIONS = WORK / "versions"
GOOD = WORK / "good"
LIBRARIES = WORK / "libraries.json"

# Seconds between two looks for new files.
LOOK = 0.03
# Seconds until a worker that does not serve is given up: a lifespan may wait for a database.
PATIENCE = 60.0
# Workers that finish what is under way; the oldest beyond that is ended: they share a memory limit.
LEAVING = 2
# Characters of a report's message: the end of a traceback says what is wrong.
MESSAGE = 4000


@dataclass
class Worker:
    pid: int
    control: socket.socket | None
    content: str
    folder: Path
    started: float = field(default_factory=time.monotonic)
    failure: str = ""


def say(text: str) -> None:
    sys.stdout.write(f"hot: {text}\n")
    sys.stdout.flush()


def read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def write(path: Path, text: str) -> None:
    """Whole or not at all."""
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(text)
    temporary.replace(path)


def bytecode(source: Path) -> Path:
    return source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc"


def keep_compiled(source: Path, before: Path) -> None:
    """The same source is compiled already; Python takes it by the file's time, which is kept."""
    compiled = bytecode(before)
    if source.suffix == ".py" and compiled.is_file():
        target = bytecode(source)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(compiled, target)


def snapshot(tree: Path, target: Path, before: Path) -> None:
    """Copies the files, so that later ones do not change what a worker still loads."""
    for folder, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if name != "__pycache__"]
        relative = Path(folder).relative_to(tree)
        (target / relative).mkdir(parents=True, exist_ok=True)
        for name in names:
            source, copy, old = (
                Path(folder) / name,
                target / relative / name,
                before / relative / name,
            )
            same = old.is_file() and filecmp.cmp(source, old, shallow=False)
            # With its time, by which its bytecode was made.
            shutil.copy2(old if same else source, copy)
            if same:
                keep_compiled(copy, old)


def program(command: list[str], worker: socket.socket) -> None:
    """What `python -m module …` or `module …` (uvicorn's own command) does, in this process."""
    words = command[1:] if command[0].split("/")[-1].startswith("python") else ["-m", *command]
    _, module, *arguments = words
    sys.argv = [module, *arguments]
    report_when_serving(worker)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def report_when_serving(control: socket.socket) -> None:
    import uvicorn

    original = uvicorn.Server.startup

    async def startup(self: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        await original(self, sockets=sockets)
        if not self.started or self.should_exit:
            return
        loop = asyncio.get_running_loop()

        def leave() -> None:
            loop.remove_reader(control.fileno())
            for server in self.servers:
                server.close()  # takes no more connections from here on
            self.should_exit = True

        loop.add_reader(control.fileno(), leave)
        control.send(json.dumps({"serving": libraries()}).encode())

    uvicorn.Server.startup = startup  # type: ignore[method-assign]


def libraries() -> list[str]:
    """What was imported and is none of the edited files: the same for every version of them."""
    own = str(VERSIONS)
    found = []
    for name, module in list(sys.modules.items()):
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        if name != "__main__" and isinstance(origin, str) and not origin.startswith(own):
            found.append(name)
    # One message holds them all.
    return [name for name in found if name.count(".") < 2][:2000]


def share_listening_sockets(listening: dict[Any, socket.socket], control: socket.socket) -> None:
    """The first worker that binds an address hands the socket on; the next ones get that one."""
    bind = socket.socket.bind

    def shared(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - of any family
        key = (self.family, self.type, address)
        known = listening.get(key)
        if self.type != socket.SOCK_STREAM or self.family == socket.AF_UNIX or address[1] == 0:
            bind(self, address)
        elif known is not None:
            os.dup2(known.fileno(), self.fileno(), inheritable=False)
        else:
            bind(self, address)
            message = json.dumps({"bound": [int(self.family), int(self.type), list(address)]})
            socket.send_fds(control, [message.encode()], [self.fileno()])

    socket.socket.bind = shared  # type: ignore[method-assign, assignment]


class Supervisor:
    def __init__(self) -> None:
        self.listening: dict[Any, socket.socket] = {}
        self.current: Worker | None = None
        self.next: Worker | None = None
        self.leaving: list[Worker] = []
        self.looked_at = ""
        self.number = 0
        self.stopping = False

    def run(self) -> NoReturn:
        shutil.rmtree(VERSIONS / "unfinished", ignore_errors=True)
        VERSIONS.mkdir(parents=True, exist_ok=True)
        self.number = max((int(p.name) for p in VERSIONS.iterdir() if p.name.isdigit()), default=0)
        signal.signal(signal.SIGTERM, self.stop)
        self.load(json.loads(read(LIBRARIES) or "[]"))
        while True:
            workers = [w for w in (self.current, self.next, *self.leaving) if w is not None]
            talking = {w.control: w for w in workers if w.control is not None}
            ready, _, _ = select.select(list(talking), [], [], LOOK)
            for control in ready:
                self.hear(talking[control])
            self.reap()
            if not self.stopping:
                self.look()

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """The workers know how to end without cutting anybody off; this one ends with the last."""
        self.stopping = True
        for worker in (self.current, self.next, *self.leaving):
            if worker is not None:
                os.kill(worker.pid, signal.SIGTERM)
        if self.current is None and self.next is None and not self.leaving:
            sys.exit(0)

    def look(self) -> None:
        wanted = read(FILES / "wanted")
        if wanted in ("", self.looked_at):
            return
        folder = self.copy(wanted)
        if folder is None:
            return  # they are being written
        self.looked_at = wanted
        if self.next is not None:
            self.end(self.next)
        self.next = self.start(wanted, folder)

    def copy(self, wanted: str) -> Path | None:
        unfinished = VERSIONS / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        newest = self.current.folder if self.current else self.good()[1]
        try:
            # The image's own files are the ones before the first edit; there they are compiled too.
            snapshot(FILES / "tree", unfinished, newest or Path.cwd())
        except OSError:
            return None
        if read(FILES / "wanted") != wanted:
            return None
        self.number += 1
        folder = VERSIONS / str(self.number)
        unfinished.rename(folder)
        return folder

    def start(self, content: str, folder: Path) -> Worker:
        settings = json.loads(read(FILES / "settings.json"))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            ours.close()
            self.work(settings["command"], folder, theirs)
        theirs.close()
        return Worker(pid, ours, content, folder)

    def work(self, command: list[str], folder: Path, control: socket.socket) -> NoReturn:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        code = 0
        try:
            os.chdir(folder)
            sys.path[0] = str(folder)
            sys.dont_write_bytecode = False
            share_listening_sockets(self.listening, control)
            program(command, control)
        except SystemExit as end:
            if isinstance(end.code, int) or end.code is None:
                code = end.code or 0
            else:
                code = 1
                sys.stderr.write(f"{end.code}\n")
                control.send(json.dumps({"failed": str(end.code)[-MESSAGE:]}).encode())
        except BaseException as error:
            code = 1
            traceback.print_exc()
            control.send(json.dumps({"failed": explained(error, folder)}).encode())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    def hear(self, worker: Worker) -> None:
        if worker.control is None:
            return
        try:
            data, descriptors, _, _ = socket.recv_fds(worker.control, 256 * 1024, 1)
        except OSError:
            data, descriptors = b"", []
        if not data:
            worker.control.close()
            worker.control = None  # the process is ending, and awaited
            return
        message = json.loads(data)
        if "bound" in message:
            family, kind, address = message["bound"]
            key = (family, kind, tuple(address))
            self.listening[key] = socket.socket(fileno=descriptors[0])
        elif "failed" in message:
            worker.failure = message["failed"]
        elif "serving" in message and worker is self.next:
            self.switch(worker, message["serving"])

    def switch(self, worker: Worker, used: list[str]) -> None:
        if self.current is not None:
            self.leave(self.current)
        self.current, self.next = worker, None
        write(GOOD, f"{worker.content} {worker.folder}")
        self.report("serving", worker.content)
        if not LIBRARIES.is_file():
            self.load(used)
        write(LIBRARIES, json.dumps(used))
        self.sweep()

    def leave(self, worker: Worker) -> None:
        self.leaving.append(worker)
        try:
            if worker.control is not None:
                worker.control.send(b"leave")
        except OSError:
            self.end(worker)
        for oldest in self.leaving[:-LEAVING]:
            self.end(oldest)

    def end(self, worker: Worker) -> None:
        os.kill(worker.pid, signal.SIGKILL)

    def reap(self) -> None:
        if self.next is not None and time.monotonic() - self.next.started > PATIENCE:
            self.next.failure = f"it did not begin to serve within {PATIENCE:.0f} s"
            self.end(self.next)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                pid = 0
            if pid == 0:
                return
            self.ended(pid, os.waitstatus_to_exitcode(status))

    def ended(self, pid: int, code: int) -> None:
        self.leaving = [worker for worker in self.leaving if worker.pid != pid]
        if self.stopping:
            if not self.leaving and (self.current is None or self.current.pid == pid):
                sys.exit(0)
            if self.current is not None and self.current.pid == pid:
                self.current = None
        elif self.current is not None and self.current.pid == pid:
            # The application ended by itself: so does the container, to be started again.
            say(f"the application ended with code {code}")
            sys.exit(code if code > 0 else 1)
        elif self.next is not None and self.next.pid == pid:
            self.failed(self.next, code)

    def failed(self, worker: Worker, code: int) -> None:
        while not worker.failure and worker.control is not None:
            if not select.select([worker.control], [], [], 0)[0]:
                break
            self.hear(worker)  # what it said before it ended
        reason = worker.failure or f"it ended with code {code} before it served; its log says why"
        self.next = None
        say(f"{worker.content} does not run, what served before goes on")
        content, folder = self.good()
        if self.current is None and folder is not None and worker.content != content:
            self.next = self.start(content, folder)
        self.report("failed", worker.content, reason)

    def good(self) -> tuple[str, Path | None]:
        content, _, folder = read(GOOD).partition(" ")
        return (content, Path(folder)) if folder and Path(folder).is_dir() else ("", None)

    def report(self, state: str, content: str, message: str = "") -> None:
        # What is served again after a restart is not what was asked for.
        wanted = self.looked_at
        if state == "serving" and content != wanted:
            return
        write(
            WORK / "report.json",
            json.dumps({"content": content, "state": state, "message": message}),
        )

    def sweep(self) -> None:
        used = {w.folder for w in (self.current, *self.leaving) if w is not None}
        for folder in VERSIONS.iterdir():
            if folder not in used:
                shutil.rmtree(folder, ignore_errors=True)

    def load(self, names: list[str]) -> None:
        """Loads the libraries, which costs most of a worker's start, once for all workers."""
        for name in names:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: S112 - a worker that needs it says why
                continue
        # They stay: no worker's search for garbage looks through them, or copies their pages.
        gc.collect()
        gc.freeze()


def explained(error: BaseException, folder: Path) -> str:
    """What went wrong in the application's own files, under the names by which they are edited."""
    told = traceback.TracebackException.from_exception(error)
    own = [frame for frame in told.stack if frame.filename.startswith(f"{folder}/")]
    told.stack = traceback.StackSummary.from_list(own)
    return "".join(told.format(chain=False)).replace(f"{folder}/", "")[-MESSAGE:].rstrip()


if __name__ == "__main__":
    Supervisor().run()
