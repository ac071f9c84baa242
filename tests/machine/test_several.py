"""Several machines by the runbook's inventory: a balancer, two that serve, one with the data."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rig.deployment import WHEELHOUSE, Deployment, commit
from rig.load import under_load
from rig.machine import BootMachine, Machine
from rig.visit import see_admin, see_health, serving, status_of, wait_for

pytestmark = pytest.mark.machine

SHOP = Path(__file__).parent.parent.parent / "examples/projects/shop"
NAMES = ("lb1", "app1", "app2", "db1")
Cluster = tuple[Deployment, dict[str, Machine]]


def write_inventory(site: Deployment, machines: dict[str, Machine]) -> None:
    """Put the runbook's own inventory in place, with the addresses of these machines."""
    (text,) = re.findall(
        r"```yaml\n(.*?)```", (site.project / "deploy/README.md").read_text(), re.S
    )
    for name, machine in machines.items():
        address = f"{{ansible_host: {machine.address}, private_address: {machine.address}}}"
        text, count = re.subn(rf"(?m)^(    {name}: +)\{{.*\}}$", rf"\g<1>{address}", text)
        assert count == 1, name
    (site.project / "deploy/ansible/inventory.yml").write_text(text)


@pytest.fixture(scope="module")
def cluster(deploy: Callable[..., Deployment], boot_machine: BootMachine) -> Cluster:
    """Boot four machines and deploy to them by the runbook's two commands."""
    site = deploy(SHOP, "lb1", domain="shop.test")
    shared = {site.wheels: WHEELHOUSE}
    machines = {name: boot_machine(name, shared) for name in NAMES[1:]} | {"lb1": site.machine}
    for machine in machines.values():
        site.authorize(machine)
    write_inventory(site, machines)
    site.choose(wheelhouse=WHEELHOUSE, exporters=True, exporters_from=["10.77.0.1"])
    commit(site.project, "Four machines")
    site.here("deploy/bin/provision").must_succeed()
    site.here("deploy/bin/release").must_succeed()
    return site, machines


def test_the_site_answers_through_the_balancer(cluster: Cluster) -> None:
    site, machines = cluster

    see_health(site)
    see_admin(site, on=machines["app1"])
    with site.lan.entered():
        visitor = site.browser()
        page = visitor.get("/")
        seen = visitor.get("/who.json").json()
        assert subprocess.run(["curl", "-sm", "2", machines["app1"].address]).returncode != 0
    keys = {machines[name].sh("grep ^DJANGO_SECRET_KEY= /etc/*/env") for name in ("app1", "app2")}

    assert (page.status, "Order desk" in page.text) == (200, True)
    assert (seen["client"], seen["secure"], seen["host"]) == ("10.77.0.1", True, "shop.test")
    assert len(keys) == 1


def test_a_job_crosses_three_machines(cluster: Cluster) -> None:
    site, machines = cluster
    code = (
        "from orders.models import Product;"
        "print(Product.objects.create(name='x', price_cents=1).pk)"
    )
    product = site.manage("shell", "--verbosity", "0", "-c", code, on=machines["app1"]).strip()

    with site.lan.entered():
        visitor = site.browser()
        sent = visitor.post("/", {"product": product, "customer": "bob@example.org"})
        job = sent.headers["location"]
        wait_for(lambda: visitor.get(job).json()["receipt_sent"], 30, "receipt sent")


def test_figures_of_machine_and_database_are_exported(cluster: Cluster) -> None:
    site, machines = cluster
    data = machines["db1"].address

    with site.lan.entered():
        machine, database = (
            subprocess.run(
                ["curl", "-sm", "9", f"http://{data}:{port}/metrics"], capture_output=True
            )
            for port in (9100, 9187)
        )

    assert b"node_load1 " in machine.stdout
    assert b"pg_up 1" in database.stdout
    assert b'pg_stat_database_numbackends{datid="' in database.stdout


def test_a_release_over_both_drops_nothing(cluster: Cluster) -> None:
    site, machines = cluster
    (site.project / "orders/version.py").write_text("VERSION = 2\n")
    commit(site.project, "Another version")

    with site.lan.entered(), under_load(site.machine.address, site.domain, ["/"]) as fates:
        site.here("deploy/bin/release").must_succeed()

    assert (fates.lost, fates.answered > 500) == (0, True), fates
    assert [len(serving(site, on=machines[name])) for name in ("app1", "app2")] == [1, 1]


def test_a_release_that_one_machine_cannot_build_is_made_on_none(cluster: Cluster) -> None:
    site, machines = cluster
    both = [machines["app1"], machines["app2"]]
    before = [serving(site, on=machine) for machine in both]
    interpreter = f"/usr/local/lib/{site.slug}/python-path"

    machines["app2"].sh(f"mv {interpreter} /root/python-path")
    refused = site.here("deploy/bin/release")
    machines["app2"].sh(f"mv /root/python-path {interpreter}")

    assert refused.code != 0
    assert "interpreter" in refused.output
    assert [serving(site, on=machine) for machine in both] == before
    assert [machine.sh(f"ls /run/{site.slug}-release.lock; true") for machine in both] == ["", ""]


def test_a_rollback_is_for_both_or_for_none(cluster: Cluster) -> None:
    site, machines = cluster
    both = [machines["app1"], machines["app2"]]
    before = [serving(site, on=machine) for machine in both]
    releases = f"/srv/{site.slug}/releases"
    old = machines["app2"].sh(f"ls {releases} | head -1").strip()
    marker = f"{releases}/{old}/.served"

    machines["app2"].sh(f"mv {marker} /root/marker")
    refused = site.here("deploy/bin/rollback")
    unchanged = [serving(site, on=machine) for machine in both]
    machines["app2"].sh(f"mv /root/marker {marker}")
    site.here("deploy/bin/rollback").must_succeed()

    assert refused.code != 0
    assert unchanged == before
    assert [serving(site, on=machine) for machine in both] == [[old], [old]]


def test_the_site_goes_on_without_one_machine(cluster: Cluster) -> None:
    site, machines = cluster
    machines["app2"].down()

    with site.lan.entered():
        visitor = site.browser()
        statuses = [status_of(visitor, "/counts.json") for _ in range(20)]

    assert statuses == [200] * 20
