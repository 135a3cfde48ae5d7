"""`python -m app.serve`: uvicorn, with the limits that fit the cluster and an end without cut-offs.
`python -m app.serve mcp` serves the MCP tools alone, on port 8001.

Asked to stop (SIGTERM), it first says so at /readyz and on every answer (`Connection: close`) for
SHUTDOWN_DRAIN_SECONDS, so that callers with kept connections move on; then it takes no more and
lets what is under way finish.
"""

import asyncio
import gc
import importlib
import signal
import socket
import sys
from types import FrameType

# PID 1 has no default reaction to SIGTERM, and importing the application takes a second.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

import uvicorn  # noqa: E402
from fastapi import FastAPI  # noqa: E402

from app.lifecycle import Lifecycle  # noqa: E402
from app.protocol import ImpatientProtocol  # noqa: E402
from app.settings import Settings  # noqa: E402

if sys.argv[1:] not in ([], ["mcp"]):
    sys.exit("Usage: python -m app.serve [mcp]")
main = importlib.import_module("app.mcp.main" if sys.argv[1:] else "app.main")
app: FastAPI = main.app
configuration: Settings = main.configuration
lifecycle: Lifecycle = main.lifecycle

# The pod's grace period of 60 s = preStop 5 + drain 2 + this + reserve.
GRACEFUL = 50


class DrainingServer(uvicorn.Server):
    """Says that it is going before it goes."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if sig != signal.SIGTERM or lifecycle.draining or not self.started:
            super().handle_exit(sig, frame)
            return
        lifecycle.draining = True
        # uvicorn's loop runs in this thread; a signal handler may only hand it the work.
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(
            loop.call_later, configuration.shutdown_drain_seconds, self._stop, sig
        )

    def _stop(self, sig: int) -> None:
        super().handle_exit(sig, None)


def listen(port: int) -> socket.socket:
    """On every address, of both families where the machine has both: in a cluster of IPv6 alone the
    probes come by that. A container's boundary is the network policy."""
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(
                ("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=2048
            )
        except OSError:
            pass  # IPv6 is known to the system and switched off
    return socket.create_server(("", port), backlog=2048)


def spare_the_garbage_collector() -> None:
    """What is there now stays for good, so no search for garbage needs to look through it: that
    stops the event loop for a tenth of a second of CPU, which a limit of half a CPU makes twice
    that time and more, for everybody and for the probes."""
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    spare_the_garbage_collector()
    DrainingServer(
        uvicorn.Config(
            app,
            http=ImpatientProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            # Nothing here depends on a client's address, so nobody is believed about it.
            proxy_headers=False,
            timeout_keep_alive=configuration.keep_alive_seconds,
            timeout_graceful_shutdown=GRACEFUL,
        )
    ).run(sockets=[listen(configuration.port)])
