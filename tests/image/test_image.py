"""The rendered image of a real project: built by BuildKit, run with no rights and no way out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from container_engine import Engine, container_engine, import_base, why_no_engine
from shop import BUILD_OPTIONS, make_shop

pytestmark = [pytest.mark.slow, pytest.mark.machine]

MANAGERS = ("pip-requirements", "pip-pyproject")
KEY = "a-canary-that-signs-sessions-and-must-not-be-in-any-layer-of-it"
ENVIRONMENT = {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite:////srv/media/db.sqlite3"}
STRICT = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")
VISITOR = ("-H", "Host: shop.example.org", "-H", "X-Forwarded-Proto: https")


def make_project(folder: Path, manager: str) -> None:
    """Write a project whose checkout holds a secret."""
    file = {"pip-requirements": "requirements.txt"}.get(manager, "pyproject.toml")
    declared = (
        "Django==5.2\n"
        if file == "requirements.txt"
        else '[project]\nname = "shop"\nversion = "1"\ndependencies = ["Django==5.2"]\n'
    )
    files = {file: declared, ".env": f"SECRET_KEY={KEY}\n"}
    make_shop(folder, files, dependency_manager=manager, dependency_files=[file])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if reason := why_no_engine():
        pytest.skip(reason)
    with container_engine(tmp_path_factory.mktemp("engine")) as started:
        with started.running(closed=False):
            import_base(started)
            for manager in MANAGERS:
                project = tmp_path_factory.mktemp("project") / "shop"
                make_project(project, manager)
                started.docker(
                    *("build", *BUILD_OPTIONS),
                    *("--file", str(project / "deploy/Dockerfile"), "--tag", f"shop:{manager}"),
                    str(project),
                )
        with started.running(closed=True):
            yield started


@pytest.fixture(params=MANAGERS)
def image(request: pytest.FixtureRequest) -> str:
    return f"shop:{request.param}"


def run(engine: Engine, image: str, *command: str, detach: bool = False) -> str:
    variables = [word for name, value in ENVIRONMENT.items() for word in ("-e", f"{name}={value}")]
    how = ["--detach"] if detach else ["--rm"]
    volume = ["--volume", f"{image.replace(':', '-')}:/srv/media"]
    return engine.docker("run", *how, *STRICT, *variables, *volume, image, *command)


def test_djangos_own_check_has_nothing_to_say(engine: Engine, image: str) -> None:
    said = run(engine, image, "python", "-m", "django", "check", "--deploy", "--fail-level=WARNING")

    assert "System check identified no issues" in said


def test_the_site_serves_and_stops_in_time(engine: Engine, image: str) -> None:
    """B20, R01: health for a foreign Host, static files, a uid that is not 0, SIGTERM obeyed."""
    run(engine, image, "python", "-m", "django", "migrate", "--noinput")
    name = run(engine, image, detach=True).splitlines()[-1]
    address = engine.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", name)
    site = f"http://{address}:8000"
    for _ in range(100):
        if engine.visit(f"{site}/healthz/live")[0] == 200:
            break
        time.sleep(0.3)

    assert engine.visit(f"{site}/healthz/ready", "-H", "Host: 169.254.130.4")[0] == 200
    assert engine.visit(f"{site}/admin/login/", "-H", "Host: elsewhere.example")[0] != 200
    status, page = engine.visit(f"{site}/admin/login/", *VISITOR)
    assert status == 200
    style = page.split('<link rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    assert engine.visit(f"{site}{style}", *VISITOR)[0] == 200
    assert engine.docker("exec", name, "id", "-u") == "10001"
    engine.docker("exec", name, "python", "/app/deploy/healthcheck.py")
    before = time.monotonic()
    engine.docker("stop", "--time=30", name)
    assert time.monotonic() - before < 20
    assert engine.docker("inspect", "-f", "{{.State.ExitCode}}", name) == "0"


def test_no_secret_and_no_compiler_is_in_the_image(engine: Engine, image: str) -> None:
    """B10, B17, C01."""
    history = engine.docker("history", "--no-trunc", "--format={{.CreatedBy}}", image)
    config = json.loads(engine.docker("inspect", "-f", "{{json .Config}}", image))
    found = run(
        engine,
        image,
        "sh",
        "-c",
        f"grep -rl {KEY} /app /srv/static || true; command -v gcc || true",
    )

    assert KEY not in history + json.dumps(config)
    assert "/.env" not in found
    assert "gcc" not in found
    assert config["User"] == "10001:10001"
