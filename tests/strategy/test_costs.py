"""Bills are quantity x dated price; at their reference load they cost what was worked out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from djscaffold.profile.model import make_profile
from djscaffold.strategy.catalogue import Topology, read_prices, read_topologies
from djscaffold.strategy.costs import bill_of
from djscaffold.strategy.sizing import load_of

# Worked out from the unit prices by a second program, in US dollars a month.
REFERENCE_USD = {
    ("aws-vm-single", "eu-west-1"): 20.44,
    ("aws-vm-single", "us-east-1"): 19.27,
    ("aws-fargate-small", "eu-central-1"): 112.33 + 0.10,
    ("aws-fargate-small", "us-east-1"): 98.57 + 0.10,
    # The firewall's rule for logins was not in the reference.
    ("aws-fargate-ha", "eu-central-1"): 467.08 + 0.70 + 1.00,
    ("aws-fargate-ha", "us-east-1"): 407.08 + 0.70 + 1.00,
    # Nor were the encryption key, alarms above the free ten and a worker.
    ("aws-fargate-large", "eu-central-1"): 3869.26 + 1.00 + 0.70 + 41.45 + 1.00,
    ("aws-fargate-large", "us-east-1"): 3591.76 + 1.00 + 0.70 + 36.04 + 1.00,
    ("azure-aca-small", "northeurope"): 84.74,
    ("azure-aca-small", "eastus2"): 82.11,
    ("azure-aca-ha", "northeurope"): 749.17,
    ("azure-aca-ha", "eastus2"): 712.65,
    ("gcp-cloudrun-hobby", "europe-west1"): 10.16,
    ("gcp-cloudrun-small", "europe-west1"): 86.21,
    ("gcp-cloudrun-ha", "us-central1"): 554.24 + 8.00,  # the attack filter was not in the reference
    ("rented-vps", "EU"): 12.41,
    ("onprem-single", "EU"): 132.56,
    ("onprem-single", "US"): 114.34,
    ("onprem-pair", "EU"): 185.12,
    ("onprem-vmware", "EU"): 2.80,
    ("onprem-colo-cluster", "global"): 542.00,
}


def topology_called(name: str) -> Topology:
    return next(each for each in read_topologies() if each.id == name and not each.modifiers)


@pytest.mark.parametrize(("name", "region"), REFERENCE_USD, ids=str)
def test_a_bill_at_its_reference_load_is_the_one_worked_out_by_hand(name: str, region: str) -> None:
    """Rounding each line to the cent may move the total by a cent or two."""
    topology = topology_called(name)
    profile = make_profile(
        {
            "size": topology.reference_size,
            "traffic": topology.reference_traffic,
            "needs": [] if name == "gcp-cloudrun-hobby" else ["background_jobs"],
        }
    )

    bill = bill_of(topology, load_of(profile), region, (), read_prices())

    assert bill.monthly_usd == pytest.approx(REFERENCE_USD[name, region], abs=0.03)


# One more container that never sleeps, in US dollars a month: 0.25 vCPU and 0.5 GB; on Google Cloud
# a whole vCPU; in a public subnet of AWS with an address. It only looks at the clock, which is
# below what Azure counts as active (0.01 vCPU).
BEAT_USD = {
    ("aws-fargate-small", "us-east-1"): 182.5 * 0.04048 + 365 * 0.004445 + 730 * 0.005,
    ("aws-fargate-ha", "us-east-1"): 182.5 * 0.04048 + 365 * 0.004445,
    ("aws-fargate-large", "us-east-1"): 182.5 * 0.04048 + 365 * 0.004445,
    ("azure-aca-small", "northeurope"): 657_000 * 0.000003 + 1_314_000 * 0.000003,
    ("azure-aca-ha", "northeurope"): 657_000 * 0.000003 + 1_314_000 * 0.000003,
    ("gcp-cloudrun-small", "us-central1"): 2_628_000 * 0.000011244 + 1_314_000 * 0.000001235,
    ("gcp-cloudrun-ha", "us-central1"): 2_628_000 * 0.000011244 + 2_628_000 * 0.000001235,
    ("onprem-single", "EU"): 0,
}


@pytest.mark.parametrize(("name", "region"), BEAT_USD, ids=str)
def test_jobs_by_schedule_pay_for_the_clock_that_starts_them(name: str, region: str) -> None:
    """The same on rest and under load; own servers have room for it."""
    topology = topology_called(name)
    site = {"size": topology.reference_size, "traffic": topology.reference_traffic}
    jobs, both = (
        bill_of(
            topology, load_of(make_profile({**site, "needs": needs})), region, (), read_prices()
        ).monthly_usd
        for needs in (["background_jobs"], ["background_jobs", "scheduled_jobs"])
    )

    assert both - jobs == pytest.approx(BEAT_USD[name, region], abs=0.03)


def test_commands_by_schedule_alone_need_no_clock_of_their_own() -> None:
    """The platform's scheduler starts them."""
    load = load_of(make_profile({"needs": ["scheduled_jobs"]}))

    assert not load.has_beat
    for topology in read_topologies():
        bill = bill_of(topology, load, "us-east-1", (), read_prices())
        assert [line.what for line in bill.lines if "beat" in line.what] == []


@pytest.mark.parametrize(
    ("name", "capex"),
    [("onprem-single", 11100), ("onprem-pair", 19700), ("onprem-colo-cluster", 30800)],
)
def test_money_up_front_is_servers_and_what_stands_around_them(name: str, capex: float) -> None:
    load = load_of(make_profile({}))

    bill = bill_of(topology_called(name), load, "EU", (), read_prices())

    assert bill.upfront_usd == capex
    assert bill.capex_low_usd < capex < bill.capex_high_usd


def test_what_is_owned_is_not_paid_again() -> None:
    """A spare server in a room: no capex, no power, no line; the off-site copy remains."""
    load = load_of(make_profile({"hosting_now": "spare_server"}))

    bill = bill_of(topology_called("onprem-single"), load, "EU", (), read_prices())

    assert bill.upfront_usd == 0
    assert [line.price.id for line in bill.lines] == ["onprem.offsite_backup.tb_month"]


def test_a_free_amount_never_pays_back_more_than_was_used() -> None:
    load = load_of(make_profile({"size": "tiny", "traffic": "mostly_idle"}))

    for topology in read_topologies():
        bill = bill_of(topology, load, "us-east-1", (), read_prices())
        used = {line.price.id: 0.0 for line in bill.lines}
        for line in bill.lines:
            used[line.price.id] += line.quantity
        assert min(used.values()) >= 0


def test_an_own_price_replaces_the_listed_one_and_says_so() -> None:
    book = replace(read_prices(), overrides={"labour.rate_hour": 30.0}, overridden_on="2026-01-01")
    load = load_of(make_profile({}))

    bill = bill_of(topology_called("onprem-single"), load, "EU", (), book)

    assert bill.labour_usd == 300
    assert bill.labour_rate.source == "yours"
