"""A worker that leaves drops nothing that nginx sends on a connection it kept: any gunicorn."""

from __future__ import annotations

import http.client
import signal
import sys
import time
from dataclasses import replace
from typing import Any

import pytest

from .conftest import write_site
from .serving import PATIENCE_S, gunicorn, install

pytestmark = pytest.mark.slow

# The last of each way to end a worker that gunicorn had; the newest leaves well by itself.
GUNICORNS = ("21.2.0", "23.0.0", "26.2.0", "27.0.1")


@pytest.fixture(params=GUNICORNS, scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A site with a gunicorn that its own lock file pins."""
    wanted = ("django~=5.2.0", f"gunicorn=={request.param}")
    libraries = install(f"gunicorn-{request.param}", sys.executable, *wanted)
    made = write_site(tmp_path_factory.mktemp("site"))
    # As long as a busy machine may need between two requests, and less than `graceful_timeout`.
    threads = made.root / "deploy/django/deployment/threads.py"
    text = threads.read_text()
    assert "LINGER_S = 2.0\n" in text
    threads.write_text(text.replace("LINGER_S = 2.0\n", "LINGER_S = 20.0\n"))
    return replace(made, libraries=libraries)


def ask(connection: http.client.HTTPConnection, method: str) -> tuple[int, str | None]:
    """Return the status of an answer, and what it says of the connection."""
    connection.request(method, "/healthz/live", body=b"a=b" if method == "POST" else None)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Connection")


def test_a_kept_connection_is_answered_while_gunicorn_stops(site: Any) -> None:
    with gunicorn(site, WEB_CONCURRENCY="1") as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        kept = ask(connection, "GET")

        process.send_signal(signal.SIGTERM)
        answers = [ask(connection, "POST")]
        # The signal takes a moment to reach the worker.
        while answers[-1][1] != "close":
            time.sleep(0.1)
            answers.append(ask(connection, "POST"))

    assert kept == (200, "keep-alive")
    assert {status for status, _ in answers} == {405}


def test_a_kept_connection_is_answered_by_a_worker_that_has_done_its_share(site: Any) -> None:
    # To see whether gunicorn is there was the first request.
    after_two = ("--max-requests", "2", "--max-requests-jitter", "0")
    with gunicorn(site, *after_two, WEB_CONCURRENCY="1") as (_, port):
        connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S) for _ in range(3)
        ]
        for connection in connections[:2]:
            connection.connect()
        time.sleep(0.3)
        first = ask(connections[0], "GET")
        time.sleep(0.3)
        second = ask(connections[1], "POST")

        assert (first[0], second[0]) == (200, 405)
        for connection in connections[:2]:
            connection.close()
        assert ask(connections[2], "GET")[0] == 200
        connections[2].close()
