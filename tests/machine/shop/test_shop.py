"""From a bare Debian to a site with everything: pages, jobs, uploads, releases, trouble.

The tests share one machine and tell one story, in the order in which they stand here.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from rig.browser import Browser
from rig.deployment import WHEELHOUSE, Deployment, commit
from rig.load import under_load
from rig.shop import (
    BROKEN_MIGRATION,
    STOCK,
    change,
    counts,
    order,
    python,
    runbook,
    spoil_the_worker,
    upload,
    visit_too_early,
    watching,
)
from rig.terminal import converse
from rig.visit import PASSWORD, open_ports, serving, wait_for

pytestmark = pytest.mark.machine

# The least number of requests that a release has to survive.
REQUESTS = 20_000
LOCK = "/run/shop-release.lock"
UNITS = "systemctl list-units --all --plain --no-legend 'shop-*.service' | cut -d' ' -f1"


# --- from nothing -------------------------------------------------------------------------------


def test_a_bare_machine_becomes_a_site_by_the_runbook_alone(shop: Deployment) -> None:
    """The commands of "First deploy", copied from the rendered README, and nothing else."""
    # There is no internet: a choice of section 12, made in the file that step 3 has people read.
    shop.choose(wheelhouse=WHEELHOUSE)
    add, provision, secrets, release, administrator = runbook(shop, "2.")

    assert [block.on_server for block in (add, provision, secrets, release, administrator)] == [
        *(False, False, True, False, True)
    ]
    for block in (add, provision):
        shop.here(block.text).must_succeed()
    visit_too_early(shop)
    shop.here(release.text).must_succeed()
    # The shop has no secrets of its own, and the administrator is asked for at a terminal.
    assert secrets.text == "sudo editor /etc/shop/env\n"
    shown = converse(
        shop.machine.inside("sh", "-c", administrator.text),
        [
            ("Username", "eve"),
            ("Email address", "eve@example.org"),
            ("Password:", PASSWORD),
            ("Password (again):", PASSWORD),
        ],
    )
    assert "Superuser created" in shown
    with shop.lan.entered():
        assert shop.browser().log_in("eve", PASSWORD).status == 302

    with shop.lan.entered():
        answer = shop.browser().get("/")
    assert (answer.status, answer.http_version) == (200, "2")
    assert "Order desk" in answer.text


def test_a_second_run_changes_nothing(shop: Deployment) -> None:
    run = shop.play("site.yml").must_succeed()

    assert run.changed == 0, re.findall(r"TASK.*\n(?:changed:.*\n)+", run.output)


def test_a_changed_environment_takes_effect_without_a_release(
    shop: Deployment, visitor: Browser
) -> None:
    shop.play("site.yml", env={"HSTS_SECONDS": 86400}).must_succeed()

    assert "max-age=86400" in visitor.get("/").headers["strict-transport-security"]


def test_the_site_cannot_change_its_code(shop: Deployment) -> None:
    """Root runs and installs files of a release: a site taken over must not write them."""
    mine = "runuser -u shop -- find /srv/shop/releases /usr/local/lib/shop ! -type l -writable"

    assert shop.machine.sh(mine) == ""


def test_the_log_is_read_from_ones_own_computer(shop: Deployment) -> None:
    (block,) = runbook(shop, "6.")

    shown = shop.here(block.text).must_succeed().output

    assert "shop-web@" in shown or "gunicorn" in shown


# --- what visitors see --------------------------------------------------------------------------


def test_plain_http_leads_to_https(shop: Deployment, visitor: Browser) -> None:
    visitor.scheme = "http"

    answer = visitor.get("/report/0/?a=b")

    assert (answer.status, answer.headers["location"]) == (301, "https://shop.test/report/0/?a=b")


def test_other_host_names_get_no_answer(visitor: Browser) -> None:
    visitor.scheme = "http"

    with pytest.raises(ConnectionError):
        visitor.get("/", host="scanner.example")


def test_health_answers_whatever_the_host_name(visitor: Browser) -> None:
    visitor.scheme = "http"

    answers = [visitor.get(f"/healthz/{kind}", host="10.0.3.7:8000") for kind in ("live", "ready")]

    assert [answer.status for answer in answers] == [200, 200]


def test_the_visitor_is_known_and_cannot_pretend(shop: Deployment, visitor: Browser) -> None:
    forged = ("-H", "X-Forwarded-For: 192.0.2.1", "-H", "X-Forwarded-Proto: http")

    seen = visitor.get("/who.json", *forged).json()

    assert seen["client"] == "10.77.0.1"
    assert seen["secure"] is True
    assert seen["host"] == "shop.test"


def test_only_three_ports_are_open(shop: Deployment) -> None:
    assert open_ports(shop, [22, 80, 443, 5432, 6379, 8000, 9100]) == [22, 80, 443]


def test_static_files_are_cached_for_good_and_compressed(
    shop: Deployment, visitor: Browser
) -> None:
    (path,) = re.findall(r'href="(/static/[^"]+)"', visitor.get("/").text)
    (big, *_) = re.findall(r'href="(/static/[^"]+)"', visitor.get("/admin/login/").text)

    plain = visitor.get(path)
    packed = visitor.get(big, "-H", "Accept-Encoding: gzip")

    assert re.search(r"desk\.[0-9a-f]{12}\.css", path)
    assert plain.status == 200
    assert "max-age=31536000, immutable" in plain.headers["cache-control"]
    assert packed.headers["content-encoding"] == "gzip"
    assert visitor.get("/static/nothing.css").status == 404
    assert visitor.get(f"/static/staticfiles-{serving(shop)[0]}.json").status == 404


def test_pages_carry_the_headers_that_protect_them(visitor: Browser) -> None:
    headers = visitor.get("/").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "max-age=" in headers["strict-transport-security"]
    assert "server" not in headers or "/" not in headers["server"]


def test_the_admin_lets_in_by_its_form(shop: Deployment, visitor: Browser) -> None:
    python(shop, STOCK)

    wrong = visitor.log_in("ann", "wrong")
    right = visitor.log_in("ann", PASSWORD)

    assert wrong.status == 200
    assert (right.status, right.headers["location"]) == (302, "/admin/")
    assert "Site administration" in visitor.get("/admin/").text


def test_an_upload_comes_back_and_is_never_run_as_a_page(
    shop: Deployment, visitor: Browser, tmp_path: Path
) -> None:
    picture, page = tmp_path / "sheet.bin", tmp_path / "sheet.html"
    picture.write_bytes(bytes(range(256)) * 8000)
    page.write_text("<script>alert(1)</script>")

    visitor.log_in("ann", PASSWORD)
    for file in (picture, page):
        upload(shop, visitor, file)
    binary = visitor.get("/media/data-sheets/sheet.bin")
    html = visitor.get("/media/data-sheets/sheet.html")

    assert binary.body == picture.read_bytes()
    assert binary.headers["x-content-type-options"] == "nosniff"
    assert html.headers["content-disposition"].startswith("attachment")


def test_a_job_is_done(visitor: Browser) -> None:
    order(visitor)


def test_the_schedule_beats_once(shop: Deployment, visitor: Browser) -> None:
    """Every 10 seconds: three more take 20 at least, and of two schedules 15 at most."""
    before = counts(visitor)["pulse"]
    began = time.monotonic()
    wait_for(lambda: counts(visitor)["pulse"] >= before + 3, 60, "three beats")

    assert time.monotonic() - began > 17


# --- releases -----------------------------------------------------------------------------------


def test_a_release_loses_no_request(shop: Deployment) -> None:
    """New code, then back to the old one, then new again, until enough visitors have seen it."""
    old = serving(shop)
    paths = ["/", "/products.json", "/counts.json", "/healthz/ready"] * 15 + ["/report/1/"]
    asked = 0
    swaps = 0
    while asked < REQUESTS:
        swaps += 1
        change(shop, "orders/version.py", f"VERSION = {swaps}\n")
        with shop.lan.entered():
            load = under_load(shop.machine.address, shop.domain, paths, connections=24)
            with load as fates:
                shop.play("release.yml").must_succeed()
        asked += fates.answered
        assert fates.lost == 0, fates
        assert fates.longest_silence_s < 1.5, fates

    assert serving(shop) != old
    assert len(serving(shop)) == 1
    print(f"{asked} requests answered over {swaps} releases, none lost; last: {fates}")


def test_a_failing_migration_leaves_the_old_release_serving(
    shop: Deployment, visitor: Browser
) -> None:
    before = serving(shop)
    path = "orders/migrations/0002_broken.py"
    change(shop, path, BROKEN_MIGRATION)

    run = shop.play("release.yml")
    (shop.project / path).unlink()
    commit(shop.project, "Take the migration back")

    assert run.code != 0
    assert "the shelf is locked" in run.output
    assert serving(shop) == before
    assert visitor.get("/").status == 200


def test_a_release_that_does_not_start_leaves_the_old_one_serving(
    shop: Deployment, visitor: Browser
) -> None:
    before = serving(shop)
    path = shop.project / "orders/views.py"
    good = path.read_text()
    change(shop, "orders/views.py", "import a_module_that_nobody_installed\n" + good)

    run = shop.play("release.yml")
    path.write_text(good)
    commit(shop.project, "Take the import back")

    assert run.code != 0
    assert "a_module_that_nobody_installed" in run.output
    assert serving(shop) == before
    assert visitor.get("/").status == 200
    assert counts(visitor)["product"] == 40


def test_units_go_back_with_the_release(shop: Deployment, visitor: Browser) -> None:
    before = serving(shop)
    releases = shop.machine.sh("ls /srv/shop/releases")

    run = spoil_the_worker(shop, 0.3)

    assert run.code != 0
    assert "does not stay up" in run.output
    assert "not_celery" in run.output
    assert "Going back did not succeed" not in run.output
    assert serving(shop) == before
    assert shop.machine.sh("ls /srv/shop/releases") == releases
    assert "not_" not in shop.machine.sh("cat /etc/systemd/system/shop-worker@.service")
    assert shop.play("site.yml", env={"HSTS_SECONDS": 86400}).must_succeed().changed == 0
    assert visitor.get("/").status == 200


def test_the_jobs_still_work_after_failed_releases(shop: Deployment, visitor: Browser) -> None:
    order(visitor)
    assert watching(shop) == serving(shop)


def test_rollback_brings_the_release_before(shop: Deployment, visitor: Browser) -> None:
    change(shop, "orders/version.py", "VERSION = 'next'\n")
    before = serving(shop)
    # What a release that failed, and could not go back whole, leaves behind.
    shop.machine.sh(f"mkdir /srv/shop/releases/{before[0]}-failed")
    shop.play("release.yml").must_succeed()
    assert serving(shop) != before

    shop.play("rollback.yml").must_succeed()

    assert serving(shop) == before
    assert visitor.get("/").status == 200


def test_a_rollback_to_nowhere_changes_nothing(shop: Deployment, visitor: Browser) -> None:
    before = serving(shop)

    run = shop.play("rollback.yml", release="20250101T000000-0123456789")

    assert run.code != 0
    assert "Have served:" in run.output
    assert before[0] in run.output
    assert serving(shop) == before
    assert shop.machine.sh(f"ls {LOCK} 2> /dev/null; true") == ""
    assert visitor.get("/").status == 200


def test_a_release_and_a_rollback_wait_for_each_other(shop: Deployment) -> None:
    shop.machine.sh(f"echo release 20260131T120000-0123456789 by bob > {LOCK}")

    runs = [shop.play(playbook) for playbook in ("release.yml", "rollback.yml")]
    left = shop.machine.sh(f"cat {LOCK}; rm {LOCK}")

    for run in runs:
        assert run.code != 0
        assert "release 20260131T120000-0123456789 by bob" in run.output
    assert "by bob" in left


def test_a_first_release_that_fails_late_stops_no_later_one(
    shop: Deployment, visitor: Browser
) -> None:
    """As on a machine without a release; one before this left `current` pointing to nothing."""
    (before,) = serving(shop)
    shop.machine.sh(f"systemctl disable --now shop-web@{before}.service")
    shop.machine.sh("ln -sfn releases/gone /srv/shop/current")

    run = spoil_the_worker(shop, 6)

    assert "does not stay up" in run.output
    left = shop.machine.sh(
        f"ls -d /srv/shop/current {LOCK} 2> /dev/null;"
        "ls /etc/systemd/system/*.wants | grep -E 'shop-(web@|worker|beat|backup)'; true"
    )
    assert left == ""
    shop.play("release.yml").must_succeed()
    assert visitor.get("/").status == 200
    test_a_job_is_done(visitor)


# --- what must hold all the time ----------------------------------------------------------------


def test_every_unit_is_locked_up(shop: Deployment) -> None:
    """Measured by the machine's own systemd: 1.5 or less of 10."""
    exposures = {
        unit: float(re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)[0])
        for unit in shop.machine.sh(UNITS).split()
        if (said := shop.machine.sh(f"systemd-analyze security --no-pager {unit}", check=False))
    }

    assert len(exposures) >= 3
    assert {unit: level for unit, level in exposures.items() if level > 1.5} == {}


def test_no_secret_is_where_others_can_read_it(shop: Deployment) -> None:
    """Not in the repository, the process list, a log, or a file that anybody may read."""
    environment = shop.machine.sh("cat /etc/shop/env")
    secrets = re.findall(r"^(?:\w*SECRET\w*|\w*PASSWORD\w*)=(\S+)$", environment, re.MULTILINE)
    assert secrets
    patterns = "\n".join(secret.strip("'\"") for secret in secrets)
    shop.machine.run("tee", "/root/canaries", stdin=patterns + "\n")

    places = {
        "process list": "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'",
        "journal": "journalctl --no-pager --output=export",
        "log files": "cat $(find /var/log -type f -not -path '*/journal/*')",
        "readable files": "find /etc /srv /var/lib /run -xdev -type f -perm -004 -exec cat {} +",
    }
    found = {
        place: shop.machine.sh(
            f"{command} 2> /dev/null | grep -aFf /root/canaries | head -3 || true"
        )
        for place, command in places.items()
    }
    repository = [
        str(path)
        for path in shop.project.rglob("*")
        if path.is_file() and any(secret.encode() in path.read_bytes() for secret in secrets)
    ]

    assert (found, repository) == (dict.fromkeys(places, ""), [])
    assert shop.machine.sh("stat -c '%a %U %G' /etc/shop/env").strip() == "640 root shop"
