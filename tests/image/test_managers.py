"""Every dependency manager, really locked, built and proved by `djscaffold verify --build`.

pytest -m machine tests/image/test_managers.py              uv with a front end, and Poetry
pytest -m machine tests/image/test_managers.py --all-managers
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from container_engine import BASE, Engine
from managers import LOCKED, SHOPS, Shop
from proving import verify
from shop import make_shop
from stand_ins import import_stand_in

pytestmark = [pytest.mark.slow, pytest.mark.machine]

NODE = "node:24-trixie-slim"
ALWAYS = ("uv", "poetry")
LOCK_FILES = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = SHOPS if metafunc.config.getoption("--all-managers") else ALWAYS
    metafunc.parametrize("name", names)


@pytest.fixture
def project(building: Engine, name: str, tmp_path: Path) -> Path:
    """Return a project whose lock its own manager made, inside the base image."""
    shop = SHOPS[name]
    folder = tmp_path / "shop"
    if "frontend_root" in shop.answers:
        import_stand_in(building, NODE, tmp_path / "node")
    answers = {"dependency_files": [shop.main], **shop.answers}
    make_shop(folder, shop.files, dependency_manager=shop.manager, **answers)
    run_inside(building, folder, BASE, shop.lock)
    if "package.json" in shop.files:
        run_inside(building, folder, NODE, "npm install --package-lock-only --no-audit --no-fund")
    return folder


def run_inside(engine: Engine, folder: Path, image: str, script: str) -> None:
    """Run *script* on the files at the top of *folder*, in *image*; keep what it writes."""
    recipe = folder.parent / "lock.Dockerfile"
    recipe.write_text(
        f"FROM {image} AS lock\nWORKDIR /src\nCOPY . .\nENV CI=1\n"
        f"RUN {script}\nFROM scratch\nCOPY --from=lock /src /\n"
    )
    out = f"--output=type=local,dest={folder}"
    engine.docker("build", "--network=host", "--file", str(recipe), out, str(folder))


def test_the_image_is_what_a_platform_needs(building: Engine, name: str, project: Path) -> None:
    """B01, B10, B15, B20: what is locked, nothing of development, and every claim of verify."""
    tag = f"managed:{name}"

    results = verify(building, project, f"--tag={tag}")
    assert {result["status"] for result in results.values()} == {"passed"}, results
    python = building.docker("run", "--rm", "--network=none", tag, *PACKAGES)
    packages = dict(line.split("==") for line in python.splitlines())
    files = building.docker("run", "--rm", "--network=none", tag, "ls", "-a", "/srv/static", "/app")

    assert packages["django"] == locked_django(project, SHOPS[name])
    assert {"blinker", "gunicorn"} <= set(packages)
    assert "iniconfig" not in packages
    assert ("main.js" in files) == ("package.json" in SHOPS[name].files)
    assert "node_modules" not in files
    building.docker("rmi", tag)


PACKAGES = (
    "python",
    "-c",
    "from importlib.metadata import distributions as d; "
    "print(*(f\"{x.metadata['Name'].lower()}=={x.version}\" for x in d()), sep='\\n')",
)


def locked_django(project: Path, shop: Shop) -> str:
    """Return the version that the lock names."""
    if shop.manager != "pipenv":
        return LOCKED
    locked = json.loads((project / "Pipfile.lock").read_text())
    return str(locked["default"]["django"]["version"]).removeprefix("==")


# Poetry: "pyproject.toml changed significantly since poetry.lock was last generated".
OUT_OF_DATE = r"lock.{0,80}(needs to be updated|out.of.date|hash)|changed.{0,40}lock"


def test_a_lock_that_is_missing_or_stale_stops_the_build(
    building: Engine, name: str, project: Path
) -> None:
    """B04: nothing is resolved anew inside an image."""
    shop = SHOPS[name]
    declared = project / shop.main
    locks = [path for path in declared.parent.iterdir() if path.name in LOCK_FILES]
    if not locks:
        return
    build = ("build", "--network=host", "--target=packages", "--progress=plain")
    build += ("--file", str(project / "deploy/Dockerfile"), str(project))

    declared.write_text(declared.read_text().replace(*shop.addition))
    stale = building.docker(*build, check=False)
    locks[0].unlink()
    missing = building.docker(*build, check=False)

    assert "ERROR: failed to solve" in stale
    assert re.search(OUT_OF_DATE, stale, re.I), stale
    assert "ERROR: failed to solve" in missing
    assert locks[0].name in missing
