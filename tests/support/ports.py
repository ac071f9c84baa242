"""Ports for servers that tests start."""

from __future__ import annotations

import itertools
import os
import socket
from contextlib import suppress

# The kernel gives ports to clients from 32768 on (`net.ipv4.ip_local_port_range`).
FIRST = 20_000
EACH = 100
_taken = itertools.count()


def free_port() -> int:
    """Return a port on which nothing listens, and which no other process of this run will get."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST + EACH * (process % 120)
    for _ in range(EACH):
        port = first + next(_taken) % EACH
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"all ports from {first} on are in use")
