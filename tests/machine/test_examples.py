"""The other example projects, each on a bare machine of its own: a beginner's, and a backend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rig.deployment import Deployment
from rig.visit import reboot, release_under_load, see_admin, see_health, see_page

pytestmark = pytest.mark.machine

PROJECTS = Path(__file__).parent.parent.parent / "examples/projects"


@pytest.mark.parametrize(("name", "page"), [("notes", "/"), ("backend-in-a-folder", "/api/books/")])
def test_an_example_runs_from_the_rendered_files_alone(
    deploy: Callable[..., Deployment], name: str, page: str
) -> None:
    """A secret in the code, SQLite and DEBUG; or a lock file two folders down: both are served."""
    site = deploy(PROJECTS / name, name)
    site.play("site.yml").must_succeed()
    site.play("release.yml").must_succeed()

    see_health(site)
    assert see_page(site, page) == 200
    see_admin(site)
    assert site.play("site.yml").must_succeed().changed == 0
    fates = release_under_load(site, [page, "/healthz/ready"])
    assert (fates.lost, fates.answered > 100) == (0, True), fates
    reboot(site)
    assert see_page(site, page) == 200


def test_the_beginners_uploads_and_notes_outlive_a_release(
    deploy: Callable[..., Deployment], tmp_path: Path
) -> None:
    """What SQLite and the project's own media folder would have lost."""
    site = deploy(PROJECTS / "notes", "notebook")
    site.play("site.yml").must_succeed()
    site.play("release.yml").must_succeed()
    picture = tmp_path / "dot.gif"
    picture.write_bytes(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    with site.lan.entered():
        sent = site.browser().post("/", {"text": "remember"}, picture=picture)
        assert sent.status == 302

    site.play("release.yml").must_succeed()

    with site.lan.entered():
        page = site.browser().get("/").text
        assert "remember" in page
        assert site.browser().get("/media/pictures/dot.gif").body == picture.read_bytes()
        assert "DEBUG = True" not in site.browser().get("/no-such-page").text
