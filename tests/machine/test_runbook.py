"""Nothing but the rendered runbook: its own commands are copied out of it and run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rig.deployment import WHEELHOUSE, Deployment, commit
from rig.runbook import blocks
from rig.visit import reboot, see_admin, see_health, serving, status_of, wait_for

pytestmark = pytest.mark.machine

PROJECTS = Path(__file__).parent.parent.parent / "examples/projects"
# Where a server without a way to the internet finds the repository and the packages.
REPOSITORY = "/opt/repository"
OFFLINE = f"export PIP_NO_INDEX=1 PIP_FIND_LINKS={WHEELHOUSE}\n"


def at_server(site: Deployment, commands: str) -> None:
    """Type *commands* on the server; they hold the repository's real address."""
    site.machine.run("sh", "-ec", OFFLINE + commands.replace("YOUR-REPOSITORY", REPOSITORY))


def bring_up(site: Deployment, repository: Path) -> str:
    """Follow section 14 on a bare machine; return the lines for each further release."""
    once, release, web, certificate = blocks(site.project / "deploy/README.md", "14.")
    assert once.on_server
    # Nobody can be asked for a certificate from here: there is no internet.
    assert "certbot certonly" in certificate.text
    shutil.copytree(site.project, repository, dirs_exist_ok=True)
    for block in (once, release, web):
        at_server(site, block.text)
    with site.lan.entered():
        visitor = site.browser()
        visitor.scheme = "http"
        # A reload returns before the last visitor of the configuration before it has gone.
        wait_for(lambda: {status_of(visitor, "/") for _ in range(5)} == {301}, 30, "nginx is new")
    return release.text


def test_without_ansible(deploy: Callable[..., Deployment], tmp_path: Path) -> None:
    """A bare machine becomes site, worker and beat; then a second release by the same lines."""
    site = deploy(PROJECTS / "shop", "byhand", shared={tmp_path: REPOSITORY})
    release = bring_up(site, tmp_path)

    see_health(site)
    see_admin(site)
    (first,) = serving(site)
    with site.lan.entered():
        visitor = site.browser()
        site.manage(
            "shell",
            "-c",
            "from orders.models import Product; Product(name='x', price_cents=1).save()",
        )
        (product,) = re.findall(r'<option value="(\d+)"', visitor.get("/").text)[:1]
        sent = visitor.post("/", {"product": product, "customer": "bob@example.org"})
        job = sent.headers["location"]
        wait_for(lambda: visitor.get(job).json()["receipt_sent"], 30, "receipt sent")
        wait_for(lambda: visitor.get("/counts.json").json()["pulse"], 30, "a beat")

    (site.project / "orders/version.py").write_text("VERSION = 2\n")
    commit(site.project, "Another version")
    shutil.copytree(site.project, tmp_path, dirs_exist_ok=True)
    at_server(site, release)

    assert serving(site) != [first]
    assert len(serving(site)) == 1
    with site.lan.entered():
        wait_for(lambda: status_of(site.browser(), "/healthz/ready") == 200, 30, "ready")
    assert site.machine.sh("systemctl list-units --failed --no-legend --plain 'byhand-*'") == ""
    assert "byhand-backup.timer" in site.machine.sh("systemctl list-timers --no-legend")


def test_sqlite_is_kept_where_a_person_wants_it(
    deploy: Callable[..., Deployment], tmp_path: Path
) -> None:
    """No database server at all: what people wrote outlives a release and a reboot."""
    answers = {"database_engine": "sqlite"}
    site = deploy(PROJECTS / "notes", "jotter", shared={tmp_path: REPOSITORY}, **answers)
    release = bring_up(site, tmp_path)
    see_admin(site)
    with site.lan.entered():
        assert site.browser().post("/", {"text": "remember"}).status == 302

    at_server(site, release)
    reboot(site)

    assert site.machine.sh("command -v psql mariadb || true") == ""
    assert site.machine.sh("ls /srv/jotter/shared/data").split()[0] == "db.sqlite3"
    with site.lan.entered():
        assert "remember" in site.browser().get("/").text
