"""Ask one server for pages without a pause, and account for every single request.

Run as a program (in the client's network), it says that it asks, goes on until it gets SIGTERM
and then prints a `Fates` as JSON. Each connection sends one request after the other, as a browser
does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import ipaddress
import json
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

# Longer than any page under test takes; a request that waits longer counts as lost.
PATIENCE_S = 60
# Over all connections. Without a limit two cores have time for nothing but visitors, and a release
# takes minutes.
REQUESTS_PER_S = 300


@dataclasses.dataclass
class Fates:
    """What became of the requests; all but ``answered`` are lost to the visitor."""

    answered: int = 0
    refused_by_status: dict[str, int] = dataclasses.field(default_factory=dict)
    cut_off: int = 0
    cut_off_on_kept_connection: int = 0
    not_connected: int = 0
    timed_out: int = 0
    slowest_s: float = 0.0
    longest_silence_s: float = 0.0

    @property
    def lost(self) -> int:
        """Return how many requests got no answer below 400."""
        return (
            sum(self.refused_by_status.values())
            + self.cut_off
            + self.cut_off_on_kept_connection
            + self.not_connected
            + self.timed_out
        )


class Visitors:
    """A number of kept connections to one address."""

    def __init__(self, address: str, host: str, paths: list[str]) -> None:
        if not (ipaddress.ip_address(address).is_private):
            raise ValueError(f"{address} is not an address of a test network")
        self.address, self.host, self.paths = address, host, paths
        self.fates = Fates()
        self._statuses: Counter[str] = Counter()
        self._last = time.monotonic()
        self._stop = asyncio.Event()
        self._tls = ssl.create_default_context()
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    async def run(self, connections: int) -> Fates:
        """Ask until SIGTERM; let every request that is under way finish."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stop.set)
        print("asking", flush=True)
        pause_s = connections / REQUESTS_PER_S
        visits = (self._visit(number, pause_s) for number in range(connections))
        await asyncio.gather(self._forgive_our_own_silence(), *visits)
        self.fates.refused_by_status = dict(self._statuses)
        return self.fates

    async def _forgive_our_own_silence(self) -> None:
        """While these visitors wait for a processor, no server is silent."""
        while not self._stop.is_set():
            before = time.monotonic()
            await asyncio.sleep(0.05)
            self._last += max(0.0, time.monotonic() - before - 0.1)

    async def _visit(self, number: int, pause_s: float) -> None:
        connection = None
        while not self._stop.is_set():
            start = time.monotonic()
            path = self.paths[number % len(self.paths)]
            number += 1
            kept = connection is not None
            try:
                connection = connection or await asyncio.open_connection(
                    self.address, 443, ssl=self._tls, server_hostname=self.host
                )
            except OSError:
                self.fates.not_connected += 1
                await asyncio.sleep(0.02)
                continue
            if not await self._ask(connection, path, kept=kept):
                connection[1].close()
                connection = None
            await asyncio.sleep(max(0, start + pause_s - time.monotonic()))

    async def _ask(
        self,
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        path: str,
        *,
        kept: bool,
    ) -> bool:
        """Ask for one page and note its fate; return whether the connection can go on."""
        reader, writer = connection
        start = time.monotonic()
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
            await writer.drain()
            status, goes_on = await asyncio.wait_for(_answer(reader), PATIENCE_S)
        except TimeoutError:
            self.fates.timed_out += 1
            return False
        except (OSError, asyncio.IncompleteReadError):
            if kept:
                self.fates.cut_off_on_kept_connection += 1
            else:
                self.fates.cut_off += 1
            return False
        self._note(start, status)
        return goes_on

    def _note(self, start: float, status: int) -> None:
        now = time.monotonic()
        fates = self.fates
        fates.slowest_s = max(fates.slowest_s, round(now - start, 3))
        fates.longest_silence_s = max(fates.longest_silence_s, round(now - self._last, 3))
        self._last = now
        if status < 400:
            fates.answered += 1
        else:
            self._statuses[str(status)] += 1


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
    fields = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
    }
    if "chunked" in fields.get("transfer-encoding", ""):
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(fields.get("content-length", 0)))
    return int(head[0].split()[1]), fields.get("connection", "").lower() != "close"


@contextlib.contextmanager
def under_load(
    address: str, host: str, paths: list[str], *, connections: int = 16
) -> Iterator[Fates]:
    """Ask for *paths* while the block runs; the fates are filled in when it ends."""
    fates = Fates()
    argv = [sys.executable, __file__, address, host, *paths, "--connections", str(connections)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline(), "the visitors did not start"
            yield fates
        finally:
            process.terminate()
            out, _ = process.communicate(timeout=PATIENCE_S + 5)
    for name, value in json.loads(out).items():
        setattr(fates, name, value)


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("host")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--connections", type=int, required=True)
    given = parser.parse_args()

    async def visit() -> Fates:
        return await Visitors(given.address, given.host, given.paths).run(given.connections)

    print(json.dumps(dataclasses.asdict(asyncio.run(visit()))))


if __name__ == "__main__":
    _main()
