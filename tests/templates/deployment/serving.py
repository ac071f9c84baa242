"""A rendered site on a gunicorn of its own, and how it is asked."""

from __future__ import annotations

import fcntl
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ports import free_port

CACHE = Path(__file__).parents[3] / ".cache" / "django"
# A gunicorn starts in two seconds; on a machine with much else to do, in many more.
PATIENCE_S = 120


def install(name: str, interpreter: str, *requirements: str) -> str:
    """Return a folder with *requirements* for *interpreter*, filled once and kept.

    Tests run side by side: the first one fills it while the others wait.
    """
    folder = CACHE / name
    CACHE.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            command = [interpreter, "-m", "pip", "install", "--quiet", "--target", str(folder)]
            subprocess.run([*command, *requirements], check=True)
            (folder / ".complete").touch()
    return str(folder)


@contextmanager
def gunicorn(
    site: Any, *options: str, **changes: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve *site* by its own gunicorn.conf.py; yield the process and its port."""
    port, log = free_port(), Path(site.root / "gunicorn.log")
    conf = str(site.root / "deploy/gunicorn.conf.py")
    with log.open("w") as output:
        process = subprocess.Popen(
            [site.python, "-m", "gunicorn", "--config", conf, *options],
            env=site.variables(PORT=str(port), **changes),
            stdout=output,
            stderr=output,
            cwd="/",
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz/live", process, log)
            yield process, port
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0, log.read_text()


@contextmanager
def served(site: Any, **changes: str) -> Iterator[str]:
    """Serve *site* by two workers; yield its address."""
    with gunicorn(site, WEB_CONCURRENCY="2", **changes) as (_, port):
        yield f"http://127.0.0.1:{port}"


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE_S)
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text())


class _Same(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Show redirects as they are."""


def ask(url: str, data: dict[str, str] | None = None, **headers: str) -> tuple[int, Any, str]:
    """Return (status, headers, body); `X_Y=` is a header X-Y."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = urllib.parse.urlencode(data).encode() if data else None
    request = urllib.request.Request(url, body, named)
    try:
        with urllib.request.build_opener(_Same).open(request, timeout=PATIENCE_S) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def ask_socket(path: Path, *lines: str) -> str:
    """Send a request of *lines* to who listens at *path*, or soon will; return the whole answer."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        # The file is there a moment before anybody listens.
        while client.connect_ex(str(path)) != 0:
            assert time.monotonic() < deadline, f"nobody listens at {path}"
            time.sleep(0.1)
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        return b"".join(iter(lambda: client.recv(65536), b"")).decode()
