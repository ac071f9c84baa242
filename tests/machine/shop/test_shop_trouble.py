"""Trouble: a reboot, a database that goes, a full disk, a lost database, another machine.

It goes on with the machine of test_shop.py, and deploys to it first where that did not run.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rig.browser import Browser
from rig.deployment import WHEELHOUSE, Deployment, commit
from rig.machine import BootMachine, Machine
from rig.runbook import blocks
from rig.shop import STOCK, counts, data_sheet, order, python, upload, visit_too_early, watching
from rig.visit import PASSWORD, serving, status_of, wait_for

pytestmark = pytest.mark.machine

ROWS = (
    "from django.apps import apps;"
    "print({m._meta.label: m.objects.count() for m in apps.get_models()"
    " if m._meta.label not in ('orders.Pulse', 'sessions.Session')})"
)
WATCHED = "journalctl --boot --unit shop-daemon@watch-orders --output cat"
BACKUPS = "/var/backups/shop"


@pytest.fixture(scope="module", autouse=True)
def stocked(shop: Deployment, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bring the shop to the state in which test_shop.py leaves it."""
    if (shop.machine.root / "srv/shop/current").is_symlink():
        return
    shop.choose(wheelhouse=WHEELHOUSE)
    commit(shop.project, "Deployment files")
    shop.here("deploy/bin/provision").must_succeed()
    visit_too_early(shop)
    shop.here("deploy/bin/release").must_succeed()
    python(shop, STOCK)
    sheet = tmp_path_factory.mktemp("uploads") / "sheet.bin"
    sheet.write_bytes(bytes(range(256)) * 8000)
    with shop.lan.entered():
        visitor = shop.browser()
        visitor.log_in("ann", PASSWORD)
        upload(shop, visitor, sheet)


@pytest.fixture(scope="module")
def spare(shop: Deployment, boot_machine: BootMachine) -> Machine:
    """Another machine, whose numbers of users are others."""
    machine = boot_machine("spare", {shop.wheels: WHEELHOUSE})
    machine.sh("for name in one two three; do useradd --system $name; done")
    machine.sh("apt-get -q update && apt-get -q -y install rsync")
    shop.authorize(machine)
    return machine


def newest(shop: Deployment) -> str:
    return shop.machine.sh(f"ls {BACKUPS} | grep ^20 | tail -1").strip()


def ordered_and_seen(shop: Deployment, visitor: Browser) -> bool:
    """Return whether the command that runs for ever has seen an order: it looks at what comes."""
    order(visitor)
    return ": Thing" in shop.machine.sh(WATCHED)


def told(shop: Deployment) -> str:
    """Return what the log says of failures."""
    shop.machine.sh("journalctl --sync")
    return shop.machine.sh("journalctl --priority err --unit 'shop-failed@*' --output cat")


def test_everything_comes_back_after_a_reboot(shop: Deployment) -> None:
    before = serving(shop)
    shop.machine.reboot()

    with shop.lan.entered():
        visitor = shop.browser()
        wait_for(lambda: status_of(visitor, "/healthz/ready") == 200, 60, "ready")
        assert counts(visitor)["product"] == 40
        wait_for(lambda: ordered_and_seen(shop, visitor), 60, "the order was seen")
    assert serving(shop) == watching(shop) == before
    assert shop.machine.sh("systemctl list-units --failed --no-legend --plain 'shop-*'") == ""


def test_a_database_that_goes_and_comes_back_needs_nobody(
    shop: Deployment, visitor: Browser
) -> None:
    shop.machine.sh("systemctl stop 'postgresql@*' postgresql")
    wait_for(lambda: status_of(visitor, "/healthz/ready") == 503, 30, "not ready")
    assert status_of(visitor, "/healthz/live") == 200
    assert status_of(visitor, "/counts.json") == 500
    shop.machine.sh("systemctl start postgresql")

    wait_for(lambda: status_of(visitor, "/healthz/ready") == 200, 30, "ready again")
    assert counts(visitor)["product"] == 40
    order(visitor)


def test_a_full_disk_refuses_uploads_and_nothing_else(
    shop: Deployment, visitor: Browser, tmp_path: Path
) -> None:
    visitor.log_in("ann", PASSWORD)
    big = tmp_path / "big.bin"
    big.write_bytes(b"x" * 4_000_000)
    form = data_sheet(shop)
    media = "/srv/shop/shared/media"
    shop.machine.sh(f"mount -t tmpfs -o size=256k,mode=2775 tmpfs {media}; chown shop:shop {media}")
    try:
        refused = visitor.post(form, {}, data_sheet=big)
        assert refused.status >= 500
        assert visitor.get("/").status == 200
        assert counts(visitor)["product"] == 40
    finally:
        shop.machine.sh(f"umount -l {media}")
    assert visitor.post(form, {}, data_sheet=big).status == 302


def test_a_backup_on_a_full_disk_fails_is_told_and_leaves_no_half_of_one(shop: Deployment) -> None:
    shop.machine.sh(f"mount -t tmpfs -o size=16k,mode=0750 tmpfs {BACKUPS}")
    shop.machine.sh(f"chown --reference=/srv/shop/shared/data {BACKUPS}")
    try:
        run = shop.play("backup.yml")
        left = shop.machine.sh(f"ls {BACKUPS}")
    finally:
        shop.machine.sh(f"umount -l {BACKUPS}; systemctl reset-failed")

    assert run.code != 0
    assert "Not enough room for a backup" in run.output
    wait_for(lambda: "shop-backup.service failed on shop" in told(shop), 30, "the failure is told")
    assert left == ""


def test_a_damaged_backup_is_refused_while_the_site_serves(shop: Deployment) -> None:
    shop.play("backup.yml").must_succeed()
    before = serving(shop)
    shop.machine.sh(f"cp -r {BACKUPS}/{newest(shop)} {BACKUPS}/damaged")
    shop.machine.sh(f"echo >> {BACKUPS}/damaged/media.tar.gz")

    run = shop.play("restore.yml", confirm="yes", backup="damaged")

    assert run.code != 0
    assert "damaged is damaged; nothing was stopped or restored. media.tar.gz: FAILED" in run.output
    assert serving(shop) == before
    shop.machine.sh(f"rm -r {BACKUPS}/damaged")


def test_a_lost_database_comes_back_from_a_backup_that_was_copied_here(
    shop: Deployment, visitor: Browser
) -> None:
    """With everything that ran: the unit that a request starts, and a command's timer."""
    shop.machine.sh(
        "systemctl start shop-web.service; echo COMMAND=check > /etc/shop/command-x.env"
    )
    shop.machine.sh("systemctl enable --now shop-command@x.timer")
    before = python(shop, ROWS)
    picture = visitor.get("/media/data-sheets/sheet.bin").body
    shop.play("backup.yml").must_succeed()
    shop.machine.sh(f"umask 077; cp -r {BACKUPS}/{newest(shop)} {BACKUPS}/elsewhere")
    shop.machine.sh("su postgres -c 'dropdb --force shop'; rm -rf /srv/shop/shared/media/*")
    assert status_of(visitor, "/counts.json") == 500

    shop.play("restore.yml", confirm="yes", backup="elsewhere").must_succeed()

    wait_for(lambda: status_of(visitor, "/healthz/ready") == 200, 30, "ready")
    assert python(shop, ROWS) == before
    assert visitor.get("/media/data-sheets/sheet.bin").body == picture
    order(visitor)
    timers = shop.machine.sh("systemctl is-active shop-command@x.timer shop-backup.timer").split()
    assert timers == ["active", "active"]
    shop.machine.sh("systemctl disable --now shop-command@x.timer; rm /etc/shop/command-x.env")
    shop.machine.sh("systemctl reset-failed")


def test_a_copy_goes_to_another_place_and_a_failure_is_told(
    shop: Deployment, spare: Machine
) -> None:
    """The commands of "Backup", with the two scripts that it has people write."""
    _, script, keys, _ = blocks(shop.project / "deploy/README.md", "8.")
    place = f"root@{spare.address}"
    ansible = shop.project / "deploy/ansible"
    (ansible / "offsite.sh").write_text(script.text.replace("backup@other.example.org", place))
    (ansible / "alert.sh").write_text('#!/bin/sh\necho "$1" > /var/lib/shop/told\n')
    shop.choose(backup_offsite_script="offsite.sh", alert_script="alert.sh")
    shop.here("deploy/bin/provision").must_succeed()
    make_key = keys.text.splitlines()[0]
    shop.machine.sh(make_key)

    refused = shop.here("deploy/bin/backup")
    public = shop.machine.sh("cat /var/lib/shop/.ssh/id_ed25519.pub")
    spare.run("tee", "-a", "/root/.ssh/authorized_keys", stdin=public)
    greet = "ssh -o StrictHostKeyChecking=accept-new"
    shop.machine.sh(f"sudo -u shop {greet} {place} true")
    shop.here("deploy/bin/backup").must_succeed()

    assert refused.code != 0
    assert "could not copy it away" in refused.output
    assert shop.machine.sh("cat /var/lib/shop/told") == "shop-backup.service\n"
    assert newest(shop) in spare.sh("ls /root/shop")


def test_another_machine_takes_over_by_the_runbook_alone(shop: Deployment, spare: Machine) -> None:
    """The commands of "Another machine", copied as they are."""
    (block,) = blocks(shop.project / "deploy/UPGRADING.md", "Another machine")
    text = block.text.replace("203.0.113.20", spare.address)
    # Typed at a question otherwise.
    text = text.replace("--extra-vars backup=$backup", '--extra-vars "backup=$backup confirm=yes"')
    config = shop.project.parent / f"{shop.project.name}-ssh-config"
    ssh = f'ssh() {{ command ssh -F {config} -i {shop.key} "$@"; }}\n'
    before = python(shop, ROWS)

    done = shop.here(ssh + text).must_succeed()

    assert re.search(r"\bok\b\s*$", done.output), done.output[-500:]
    shell = ("shell", "--verbosity", "0", "-c", ROWS)
    assert shop.manage(*shell, on=spare) == before
    numbers = {machine.sh("id -u shop") for machine in (shop.machine, spare)}
    secrets = {
        machine.sh("grep ^DJANGO_SECRET_KEY= /etc/shop/env") for machine in (shop.machine, spare)
    }
    assert (len(numbers), len(secrets)) == (2, 1)
    assert spare.sh("systemctl list-units --failed --no-legend --plain 'shop-*'") == ""
