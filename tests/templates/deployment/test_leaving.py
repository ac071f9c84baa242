"""A worker that leaves drops nothing that nginx sends on a connection it kept: any gunicorn."""

from __future__ import annotations

import http.client
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from .conftest import write_site
from .test_versions import CACHE, free_port, wait_for

pytestmark = pytest.mark.slow

# The last of each way to end a worker that gunicorn had; the newest leaves well by itself.
GUNICORNS = ("21.2.0", "23.0.0", "26.2.0", "27.0.1")


@pytest.fixture(params=GUNICORNS, scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A site with a gunicorn that its own lock file pins."""
    folder = CACHE / f"gunicorn-{request.param}"
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        subprocess.run([*install, "django~=5.2.0", f"gunicorn=={request.param}"], check=True)
        (folder / ".complete").touch()
    return replace(write_site(tmp_path_factory.mktemp("site")), libraries=str(folder))


@contextmanager
def one_worker(site: Any, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run gunicorn by the rendered configuration; yield its process and port."""
    port, log = free_port(), Path(site.root / "gunicorn.log")
    conf = str(site.root / "deploy/gunicorn.conf.py")
    with log.open("w") as output:
        process = subprocess.Popen(
            [site.python, "-m", "gunicorn", "--config", conf, *options],
            env=site.variables(PORT=str(port), WEB_CONCURRENCY="1"),
            stdout=output,
            stderr=output,
            cwd="/",
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz/live", process, log)
            yield process, port
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(35) == 0, log.read_text()


def ask(connection: http.client.HTTPConnection, method: str) -> tuple[int, str | None]:
    """Return the status of an answer, and what it says of the connection."""
    connection.request(method, "/healthz/live", body=b"a=b" if method == "POST" else None)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Connection")


def test_a_kept_connection_is_answered_while_gunicorn_stops(site: Any) -> None:
    with one_worker(site) as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        kept = ask(connection, "GET")

        process.send_signal(signal.SIGTERM)
        time.sleep(0.7)
        last = ask(connection, "POST")

    assert (kept, last) == ((200, "keep-alive"), (405, "close"))


def test_a_kept_connection_is_answered_by_a_worker_that_has_done_its_share(site: Any) -> None:
    # wait_for was the first request.
    with one_worker(site, "--max-requests", "2", "--max-requests-jitter", "0") as (_, port):
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(2)]
        for connection in connections:
            connection.connect()
        time.sleep(0.3)
        first = ask(connections[0], "GET")
        time.sleep(0.3)
        second = ask(connections[1], "POST")

        assert (first[0], second[0]) == (200, 405)
        assert ask(http.client.HTTPConnection("127.0.0.1", port, timeout=20), "GET")[0] == 200
