"""deploy/compose.yaml of an example, really started: web, worker, beat, PostgreSQL and Valkey."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from container_engine import Engine, container_engine, import_base, why_no_engine
from shop import make_example
from stand_ins import import_stand_in

pytestmark = [pytest.mark.slow, pytest.mark.machine]

SERVICES = {"web", "worker", "beat", "database", "cache"}
# Only for the build: no bridge here, and the authority of the database's certificate is AWS's.
BUILD = """
services:
  web:
    build:
      network: host
      args: {DATABASE_CA: ca.crt}
"""


class Try:
    """The services of the rendered file, by compose's own commands."""

    def __init__(self, engine: Engine, project: Path) -> None:
        self.engine = engine
        self.files = ("--file", str(project / "deploy/compose.yaml"))

    def compose(self, *arguments: str) -> str:
        return self.engine.docker("compose", *self.files, *arguments)

    def python(self, service: str, code: str) -> str:
        """Run *code* in a service, with Django's settings loaded."""
        lines = f"import django; django.setup(); {code}"
        return self.compose("exec", "-T", service, "python", "-c", lines)

    def visit(self, path: str) -> tuple[int, str]:
        return self.engine.visit(f"http://127.0.0.1:8000{path}")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    """Yield the services after `up --wait`, in a network without a way out."""
    if reason := why_no_engine():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("compose")
    project = folder / "shop"
    make_example(project, "shop")
    (folder / "build.yaml").write_text(BUILD)
    with container_engine(tmp_path_factory.mktemp("engine")) as engine:
        with engine.running(closed=False):
            import_base(engine)
            for name in ("postgres:17-trixie", "valkey/valkey:8.1"):
                import_stand_in(engine, name, folder / name.partition(":")[0].replace("/", "-"))
            services = Try(engine, project)
            services.compose("--file", str(folder / "build.yaml"), "build")
        with engine.running(closed=True):
            try:
                services.compose("up", "--no-build", "--wait")
                yield services
            finally:
                print(services.compose("logs", "--no-color", "--tail=40"))
                services.compose("down", "--volumes")


def wait_for(is_true: Callable[[], object], what: str, seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.5)


def counts(started: Try) -> dict[str, int]:
    found: dict[str, int] = json.loads(started.visit("/counts.json")[1])
    return found


def test_every_service_runs_and_the_migration_is_done(started: Try) -> None:
    rows = [json.loads(line) for line in started.compose("ps", "-a", "--format=json").splitlines()]
    states = {row["Service"]: row["State"] for row in rows}

    assert {name for name, state in states.items() if state == "running"} == SERVICES
    assert [row["ExitCode"] for row in rows if row["Service"] == "migrate"] == [0]


def test_the_site_answers_with_its_database_and_cache(started: Try) -> None:
    assert started.visit("/healthz/ready")[0] == 200
    assert started.visit("/")[0] == 200
    assert json.loads(started.visit("/products.json")[1]) == {"products": []}
    style = started.visit("/")[1].split('<link rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    assert started.visit(style)[0] == 200


def test_a_job_reaches_the_worker_and_its_result_the_database(started: Try) -> None:
    pk = started.python(
        "web",
        "from orders.models import *; from orders.tasks import send_receipt;"
        " p = Product.objects.create(name='Desk', price_cents=1);"
        " o = Order.objects.create(product=p, customer='ann@example.org');"
        " send_receipt.delay(o.pk); print(o.pk)",
    ).splitlines()[-1]

    def is_done() -> bool:
        return json.loads(started.visit(f"/orders/{pk}/")[1])["receipt_sent"] is not None

    wait_for(is_done, "a receipt")


def test_the_schedule_beats(started: Try) -> None:
    first = counts(started)["pulse"]
    wait_for(lambda: counts(started)["pulse"] > first, "a beat")


def test_a_stop_ends_every_process_in_time(started: Try) -> None:
    """B20: SIGTERM is obeyed by the web server, the worker and the scheduler."""
    before = time.monotonic()
    started.compose("stop", "web", "worker", "beat")
    took = time.monotonic() - before
    rows = [json.loads(line) for line in started.compose("ps", "-a", "--format=json").splitlines()]
    codes = {row["Service"]: row["ExitCode"] for row in rows}

    assert took < 60
    assert {codes[name] for name in ("web", "worker", "beat")} == {0}
