"""The uvicorn worker of gunicorn, for sites that need ASGI."""

import asyncio
import sys
import time

from gunicorn.arbiter import Arbiter
from uvicorn.server import Server
from uvicorn_worker import UvicornWorker

# A connection has that long to say what it wants of a worker that leaves.
LINGER_S = 2.0
# Open websockets would hold a stop up until gunicorn kills the worker: uvicorn ends them before.
_BEFORE_THE_KILL_S = 5


class Worker(UvicornWorker):
    """Serves http and websockets; deployment.asgi says who the client is, not uvicorn."""

    CONFIG_KWARGS = {
        "loop": "auto",
        "http": "auto",
        "ws": "auto",
        # Django and Channels have no lifespan; asking would log an error.
        "lifespan": "off",
        # uvicorn would believe the first address of X-Forwarded-For, which a client can invent.
        "proxy_headers": False,
        # An idle websocket stays open: proxies close what is silent for 60 s.
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
    }

    def __init__(self, *args, **kwargs):
        """Take what gunicorn hands to its workers."""
        super().__init__(*args, **kwargs)
        self.config.timeout_graceful_shutdown = max(1, self.cfg.graceful_timeout - _BEFORE_THE_KILL_S)

    async def _serve(self):
        # As in uvicorn-worker 0.2 to 0.4, with a server of our own.
        self.config.app = self.wsgi
        server = _Server(config=self.config)
        self._install_sigquit_handler()
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)


class _Server(Server):
    """Answers on the connections it has: uvicorn closes those whose next request it has not read yet."""

    async def shutdown(self, sockets=None):
        loop = asyncio.get_running_loop()
        for server in self.servers:
            # asyncio drops what it is just accepting when a server closes; so it only stops accepting.
            if not all([loop.remove_reader(each.fileno()) for each in server.sockets]):
                server.close()
        # Whoever keeps connections learns with the next answer that this one ends.
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]
        until = time.monotonic() + LINGER_S
        await asyncio.sleep(0.1)
        while time.monotonic() < until and any(map(_waits, self.server_state.connections)):
            await asyncio.sleep(0.1)
        await super().shutdown(sockets)


def _waits(connection):
    """Say whether a request may come; websockets, which have no cycle, have had theirs."""
    cycle = getattr(connection, "cycle", connection)
    return cycle is None or getattr(cycle, "response_complete", False)
