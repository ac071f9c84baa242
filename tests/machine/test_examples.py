"""The other example projects, each on a bare machine of its own: a beginner's, and a backend."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from rig.deployment import Deployment
from rig.visit import reboot, release_under_load, see_admin, see_health, see_page

pytestmark = pytest.mark.machine

PROJECTS = Path(__file__).parent.parent.parent / "examples/projects"


def bring_up(site: Deployment) -> None:
    site.play("site.yml").must_succeed()
    site.play("release.yml").must_succeed()


def see_nothing_to_do(site: Deployment) -> None:
    """What `deploy/bin/provision --check` says of a machine that is as it should be."""
    asked = site.play("site.yml", "--check", "--diff").must_succeed()
    assert (asked.changed, "failed=0" in asked.output) == (0, True), asked.output[-6000:]


def see_ssh(site: Deployment, port: int) -> None:
    """A visitor from outside, through the firewall."""
    with (
        site.lan.entered(),
        socket.create_connection((site.machine.address, port), timeout=10) as connection,
    ):
        assert connection.recv(4) == b"SSH-"


def names_of_certificate(site: Deployment) -> str:
    path = f"/etc/{site.slug}/tls/fullchain.pem"
    return site.machine.run(
        *("openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", path)
    ).stdout


def test_a_beginners_site_keeps_what_people_wrote(
    deploy: Callable[..., Deployment], tmp_path: Path
) -> None:
    """A secret in the code, SQLite, DEBUG, uploads beside the code: a release would lose it all."""
    site = deploy(PROJECTS / "notes", "notes")
    # The distribution's own addresses lead nowhere here, and SSH is on another port as well.
    site.variables["apt_mirror"] = "[trusted=yes] file:/opt/debs"
    site.variables["apt_security_mirror"] = "[trusted=yes] file:/opt/debs"
    site.machine.sh("echo 'deb http://nowhere.invalid/debian stable main' > /etc/apt/sources.list")
    site.machine.sh("printf 'Port 22\\nPort 2222\\n' > /etc/ssh/sshd_config.d/ports.conf")
    site.machine.sh("systemctl restart ssh")
    assert site.machine.sh("command -v sudo python3 || true") == ""
    bring_up(site)
    see_nothing_to_do(site)
    see_ssh(site, 2222)
    site.variables["domain_aliases"] = ["www.notes.test"]
    site.play("site.yml").must_succeed()
    assert "DNS:notes.test, DNS:www.notes.test" in names_of_certificate(site)
    see_health(site)
    see_admin(site)
    written_before = {"text": "from my laptop", "written": "2026-01-31T12:00:00Z"}
    row = {"model": "notes.note", "pk": 7, "fields": written_before}
    assert "1 object" in site.manage("loaddata", "--format=json", "-", stdin=json.dumps([row]))
    picture = tmp_path / "dot.gif"
    picture.write_bytes(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    with site.lan.entered():
        assert site.browser().post("/", {"text": "remember"}, picture=picture).status == 302

    fates = release_under_load(site, ["/", "/healthz/ready"])
    reboot(site)

    assert (fates.lost, fates.answered > 100) == (0, True), fates
    with site.lan.entered():
        visitor = site.browser()
        assert "remember" in visitor.get("/").text
        assert "from my laptop" in visitor.get("/").text
        assert visitor.get("/media/pictures/dot.gif").body == picture.read_bytes()
        assert "DEBUG = True" not in visitor.get("/no-such-page").text


def test_a_backend_in_a_folder_runs_from_its_lock_file(deploy: Callable[..., Deployment]) -> None:
    """Not at the top of the repository, settings of its own names, dependencies by poetry.lock."""
    site = deploy(PROJECTS / "backend-in-a-folder", "library")
    bring_up(site)

    see_health(site)
    see_admin(site)
    assert see_page(site, "/api/books/") == 200
    assert site.play("site.yml").must_succeed().changed == 0
    fates = release_under_load(site, ["/api/books/", "/healthz/ready"])
    assert (fates.lost, fates.answered > 100) == (0, True), fates
    assert [*site.scratch.glob("*.release")] == []
