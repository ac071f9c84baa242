"""django-compressor: pages that name compressed files, and files that are there."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from djscaffold.facts.compressor import COMPRESS

from .conftest import Site, write_site

COMPRESSOR = """
INSTALLED_APPS += ["compressor"]
STATICFILES_DIRS = [BASE_DIR / "assets"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
]
TEMPLATES[0]["DIRS"] = [BASE_DIR / "pages"]
# As many projects have it: what follows from a STATIC_ROOT that the environment replaces.
STATIC_ROOT = BASE_DIR / "collected"
COMPRESS_ROOT = STATIC_ROOT
COMPRESS_ENABLED = True
"""
OFFLINE = COMPRESSOR + "COMPRESS_OFFLINE = True\n"
PAGE = """{% load compress static %}{% compress css %}
<link rel="stylesheet" href="{% static 'site.css' %}">
{% endcompress %}"""
STYLE = "body { background: url(paper.png) }"
URLS = """
from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [path("", TemplateView.as_view(template_name="page.html"))]
"""
OPEN = """
import re
from django.test import Client

answer = Client().get("/", secure=True, HTTP_HOST="shop.example.org")
print(answer.status_code, re.search("href=\\"([^\\"]*)", answer.content.decode()).group(1))
"""
CLOUD = {"platform": "aws"}


def site_of(
    folder: Path,
    settings: str = OFFLINE,
    *,
    style: str = STYLE,
    answers: Mapping[str, Any] | None = None,
) -> Site:
    """Write a site with one compressed page; its static files are beside its folder."""
    files = {
        "shop/urls.py": URLS,
        "pages/page.html": PAGE,
        "assets/site.css": style,
        "assets/paper.png": "paper",
    }
    shared = str(folder.parent / "static")
    return write_site(folder, settings, answers=answers, files=files, STATIC_ROOT=shared)


def build(site: Site) -> None:
    """Run what a release runs."""
    for command in ("collectstatic --noinput", COMPRESS):
        done = site.manage(*command.split(), DEPLOYMENT_BUILD="1")
        assert done.returncode == 0, done.stderr


def style_of(site: Site) -> str:
    """Return the address of the style sheet that the page names; the page must answer."""
    done = site.run(OPEN)
    assert done.stdout.startswith("200 "), done.stderr
    return done.stdout.split()[1]


def served(site: Site, address: str) -> str:
    """Return what the web server has at an address of a static file."""
    path = Path(site.environment["STATIC_ROOT"]) / address.removeprefix("/static/")
    return path.read_text()


@pytest.mark.parametrize("answers", [{}, CLOUD])
def test_a_page_and_its_style_are_there_after_a_release(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    site = site_of(tmp_path / "1", answers=answers)
    build(site)

    address = style_of(site)

    assert re.fullmatch(r"/static/CACHE/css/output\.[0-9a-f]{12}\.css", address)
    assert "/static/paper." in served(site, address)
    assert not (site.root / "collected").exists()


def test_a_release_leaves_the_pages_of_the_one_before_as_they_are(tmp_path: Path) -> None:
    """Both have the same static files while one takes over, and after a rollback."""
    first = site_of(tmp_path / "1")
    build(first)
    before = style_of(first)

    second = site_of(tmp_path / "2", style=STYLE.replace("body", "main"))
    build(second)

    assert style_of(first) == before
    assert served(first, before).startswith("body")
    assert served(second, style_of(second)).startswith("main")


def test_every_machine_names_a_style_alike(tmp_path: Path) -> None:
    """A page of one may ask another one for its style: the age of files must not count."""
    one, other = site_of(tmp_path / "one" / "1"), site_of(tmp_path / "other" / "1")
    for path in (other.root / "assets").iterdir():
        os.utime(path, (1, 1))
    build(one)
    build(other)

    assert style_of(one) == style_of(other)


@pytest.mark.parametrize("answers", [{}, CLOUD])
def test_pages_that_would_be_compressed_when_they_are_asked_for_are_not(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    """A site may not write beside its static files: such a page would be an error."""
    site = site_of(tmp_path / "1", COMPRESSOR, answers=answers)
    site.manage("collectstatic", "--noinput", DEPLOYMENT_BUILD="1")

    address = style_of(site)

    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", address)
    assert not (tmp_path / "static/CACHE").exists()


def test_a_compressor_that_is_switched_off_stays_off(tmp_path: Path) -> None:
    site = site_of(tmp_path / "1", OFFLINE + "COMPRESS_ENABLED = False\n")

    assert site.setting("s.COMPRESS_ENABLED") == "False"
    assert "COMPRESS" not in write_site(tmp_path / "2").setting("dir(s)")


def test_an_image_holds_what_a_bucket_would(tmp_path: Path) -> None:
    """As for all static files: nothing is written to it while the image is built."""
    storage = 'COMPRESS_STORAGE = "storages.backends.s3.S3Storage"\n'
    in_image = site_of(tmp_path / "1", OFFLINE + storage, answers=CLOUD)
    on_server = site_of(tmp_path / "2", OFFLINE + storage)

    assert in_image.setting("s.COMPRESS_STORAGE") == "compressor.storage.CompressorFileStorage"
    assert on_server.setting("s.COMPRESS_STORAGE") == "storages.backends.s3.S3Storage"
