"""A site on MariaDB, which knows it by its system user first, and by a password afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rig.deployment import Deployment
from rig.visit import see_admin, see_health, see_page, status_of, wait_for

pytestmark = pytest.mark.machine

NOTES = Path(__file__).parent.parent.parent / "examples/projects/notes"
COUNT = (
    "from django.apps import apps;"
    "print({m._meta.label: m.objects.count() for m in apps.get_models()"
    " if m._meta.label != 'sessions.Session'})"
)


@pytest.fixture(scope="module")
def site(deploy: Callable[..., Deployment]) -> Deployment:
    site = deploy(NOTES, "notes", database_engine="mariadb")
    site.play("site.yml").must_succeed()
    site.play("release.yml").must_succeed()
    return site


def rows(site: Deployment) -> str:
    return site.manage("shell", "--verbosity", "0", "-c", COUNT)


def test_it_serves_through_the_local_socket(site: Deployment) -> None:
    see_health(site)
    see_admin(site)
    note = {"text": "kept", "written": "2026-01-31T12:00:00Z"}
    row = {"model": "notes.note", "pk": 7, "fields": note}
    assert "1 object" in site.manage("loaddata", "--format=json", "-", stdin=json.dumps([row]))
    assert site.play("site.yml").must_succeed().changed == 0


def test_a_lost_database_comes_back(site: Deployment) -> None:
    before = rows(site)
    site.play("backup.yml").must_succeed()
    site.machine.sh("mariadb --execute 'DROP DATABASE notes'")
    with site.lan.entered():
        assert status_of(site.browser(), "/") == 500

    site.play("restore.yml", confirm="yes").must_succeed()

    with site.lan.entered():
        visitor = site.browser()
        wait_for(lambda: status_of(visitor, "/healthz/ready") == 200, 30, "ready")
    assert "'notes.Note': 1" in before
    assert rows(site) == before


def test_it_serves_by_a_password_as_well(site: Deployment) -> None:
    """As a project has to that knows host and port only."""
    site.choose(database_login="password")
    site.play("site.yml").must_succeed()
    site.play("release.yml").must_succeed()

    assert "@127.0.0.1:3306/notes" in site.machine.sh("grep _URL= /etc/notes/env")
    assert see_page(site) == 200
    assert site.play("site.yml").must_succeed().changed == 0
    site.play("backup.yml").must_succeed()
