"""`verify --build` against a real engine: what is right passes, what is wrong is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from container_engine import Engine
from proving import verify
from shop import make_shop

pytestmark = [pytest.mark.slow, pytest.mark.machine]

CLAIMS = ("build", "secrets", "user", "check", "health", "static", "healthcheck", "stop")
# Everything that an edit can spoil, in one image: root, a key, a check that cannot fail, and a
# shell that keeps SIGTERM for itself.
SPOILT = """
USER 0
ENV SECRET_KEY=not-a-secret-any-more
HEALTHCHECK CMD ["true"]
CMD gunicorn --config /app/deploy/gunicorn.conf.py; true
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    make_shop(
        folder,
        {"requirements.txt": "Django==5.2\n"},
        dependency_manager="pip-requirements",
        dependency_files=["requirements.txt"],
    )
    return folder


@pytest.fixture
def left(building: Engine) -> Callable[[], list[str]]:
    """Return what is in the engine, as names: containers, then images."""
    return lambda: (
        building.docker("ps", "--all", "--format={{.Image}}").splitlines()
        + sorted(building.docker("images", "--format={{.Repository}}:{{.Tag}}").splitlines())
    )


def test_the_rendered_image_passes_and_nothing_is_left(
    building: Engine, shop: Path, left: Callable[[], list[str]]
) -> None:
    """B10, B18, B20: and the project is as it was."""
    before, files = left(), sorted(shop.rglob("*"))

    results = verify(building, shop)

    assert {f"image-{claim}" for claim in CLAIMS} == set(results)
    assert {result["status"] for result in results.values()} == {"passed"}, results
    assert left() == before
    assert sorted(shop.rglob("*")) == files


def test_every_spoilt_claim_is_said(building: Engine, shop: Path) -> None:
    """B10, B19, B20: the check itself can fail, for each of its claims."""
    dockerfile = shop / "deploy/Dockerfile"
    dockerfile.write_text(dockerfile.read_text() + SPOILT)
    (shop / "deploy/Dockerfile.dockerignore").write_text(".git\n")

    results = verify(building, shop)
    failed = {name: row["words"] for name, row in results.items() if row["status"] == "failed"}

    assert set(failed) == {"image-secrets", "image-user", "image-healthcheck", "image-stop"}
    assert "the variable SECRET_KEY is set in the image" in failed["image-secrets"]
    assert "what .env holds is in the image" in failed["image-secrets"]
    assert "it passes although nothing is served" in failed["image-healthcheck"]
    assert "after SIGTERM it ended with 137" in failed["image-stop"]


def test_a_site_that_does_not_start_shows_its_own_words(building: Engine, shop: Path) -> None:
    """B10: a build needs no variable, the site does; what then cannot be said is skipped."""
    wsgi = shop / "shop/wsgi.py"
    wsgi.write_text("raise RuntimeError('no warehouse')\n")

    results = verify(building, shop)

    assert results["image-build"]["status"] == "passed"
    assert results["image-health"]["status"] == "failed"
    assert "no warehouse" in results["image-health"]["words"]
    assert results["image-stop"]["words"] == "the site did not start"


def test_a_build_that_fails_ends_with_the_builders_words(building: Engine, shop: Path) -> None:
    (shop / "requirements.txt").write_text("Django==99\n")

    results = verify(building, shop)

    assert set(results) == {"image-build"}
    assert "No matching distribution found for Django==99" in results["image-build"]["words"]
