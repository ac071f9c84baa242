"""What a choice obliges the team to know or do: the rows of ``data/must_know.yaml`` that apply.

A row names what is true of a platform, a rule or a need; none knows a particular team.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from djscaffold.profile import Profile
from djscaffold.profile.countries import EEA_MEMBERS, shares_law
from djscaffold.strategy.catalogue import read_data
from djscaffold.strategy.criteria import must_leave
from djscaffold.strategy.filters import BUDGET_USD
from djscaffold.strategy.model import Option
from djscaffold.strategy.regions import Region, area_for, read_regions
from djscaffold.strategy.rounding import rounded

# Points for care, of ten, that say: the people named cannot do it beside their work.
HARDLY_CARED_FOR = 2
_CLOUDS = ("aws", "azure", "gcp")
_DATABASE_WORDS = ("PostgreSQL", "Cloud SQL", "database")


@dataclass(frozen=True, slots=True)
class Case:
    """A profile and the option that was chosen for it."""

    profile: Profile
    option: Option


def must_know(profile: Profile, chosen: Option | None) -> tuple[str, ...]:
    """Return the sentences that apply to a choice, in the order of the table."""
    if chosen is None:
        return ()
    case = Case(profile, chosen)
    words = _words(case)
    return tuple(
        row["text"].format(**words)
        for row in read_data("must_know")["sentences"]
        if all(_holds(case, key, wanted) for key, wanted in row["when"].items())
    )


def _holds(case: Case, key: str, wanted: Any) -> bool:
    """Return whether one condition of a row is true."""
    if key == "check":
        return CHECKS[wanted](case)
    if key == "at_least":
        return all(case.profile.is_at_least(*each) for each in wanted.items())
    if key == "machines":
        return case.option.topology.is_self_run and case.option.topology.machines == wanted
    if key == "modifiers" and not wanted:
        return not case.option.modifiers
    if key.startswith("not_"):
        return not _holds(case, key.removeprefix("not_"), wanted)
    values = _values(case, key)
    return not values.isdisjoint(wanted if isinstance(wanted, list) else [wanted])


def _values(case: Case, key: str) -> set[Any]:
    """Return what is true of the case under *key*: of the option, else of the profile."""
    option = case.option
    facts: Mapping[str, set[Any]] = {
        "strategy": {option.strategy},
        "family": {option.family},
        "topology": {option.topology.id},
        "class": {option.topology.size_class},
        "partition": {option.partition},
        "modifiers": set(option.modifiers),
        "air_gapped": {option.topology.air_gapped},
    }
    if key in facts:
        return facts[key]
    answer = getattr(case.profile, key)
    return set(answer) if isinstance(answer, tuple) else {answer}


def _words(case: Case) -> dict[str, str]:
    """Return what stands for the words in braces."""
    bill, region = case.option.bill, case.option.region
    in_eea = case.profile.country in EEA_MEMBERS or not case.profile.country
    return {
        "monthly": f"{bill.monthly_usd:,.0f}",
        "spread": rounded(bill.spread_usd),
        "hours": f"{bill.labour_hours:g}",
        "database": f"{_database_usd(case):,.0f}",
        "region": region.id if region else "",
        "price_region": region.price_region if region else "",
        "unverified": ", ".join(region.unverified).replace("_", " ") if region else "",
        "country": case.profile.country,
        "scheduler_gap": scheduler_gap(case),
        "scheduler_near": "europe-west1" if in_eea else "a neighbouring region",
    }


def scheduler_gap(case: Case) -> str:
    """Return the region chosen, or the country's own, that lacks Cloud Scheduler; else nothing."""
    here = case.option.region
    if here is not None and "scheduler" in here.gaps:
        return here.id
    own = (region for region in read_regions() if _is_at_home(case, region))
    return next((region.id for region in own if "scheduler" in region.gaps), "")


def _is_at_home(case: Case, region: Region) -> bool:
    public = region.provider == "gcp" and not region.partition
    return public and region.country == case.profile.country


def _has_residual_law(case: Case) -> bool:
    ruled = case.profile.has_rule("gdpr", "c5", "ens", "hds", "dora", "nis2")
    ruled = ruled or case.profile.is_at_least("data_rule", "region")
    abroad = case.profile.country not in ("US", "CN")
    return ruled and abroad and case.option.strategy in _CLOUDS and case.option.partition != "s3ns"


def _has_sovereign_alternative(case: Case) -> bool:
    ruled = case.profile.is_at_least("data_rule", "region")
    in_cloud = case.option.strategy in _CLOUDS and case.option.partition not in ("aws-eusc", "s3ns")
    return ruled and in_cloud and case.profile.country in EEA_MEMBERS


def _has_contract_here(case: Case) -> bool:
    return case.profile.tie_reason == "contract" and case.option.strategy == case.profile.tied_to


def _has_borrowed_prices(case: Case) -> bool:
    region = case.option.region
    return region is not None and not region.is_priced and not case.option.topology.partition


def _has_unverified_services(case: Case) -> bool:
    return case.option.region is not None and bool(case.option.region.unverified)


def _needs_local_host(case: Case) -> bool:
    ruled = case.profile.is_at_least("data_rule", "region")
    return ruled and bool(case.profile.country) and not shares_law(case.profile.country, "DE")


def _is_far_from_europe(case: Case) -> bool:
    return area_for(case.profile) not in ("eu", "uk", "ch", "us")


def _is_over_the_band(case: Case) -> bool:
    return case.option.bill.spread_usd > BUDGET_USD[case.profile.budget]


def _is_care_beyond_people(case: Case) -> bool:
    points = {each.criterion: each.points for each in case.option.contributions}
    return case.profile.ops != "nobody" and points["care"] <= HARDLY_CARED_FOR


def _lacks_memorystore(case: Case) -> bool:
    needed = case.profile.needs_any("background_jobs", "live_updates")
    return needed and case.option.region is not None and "memorystore" in case.option.region.gaps


def _database_usd(case: Case) -> float:
    """Return what the database's lines cost a month, disks included."""
    return sum(line.usd for line in case.option.bill.lines if _is_database(line.what))


def _is_database(what: str) -> bool:
    return any(word in what for word in _DATABASE_WORDS)


def _database_leads(case: Case) -> bool:
    option = case.option
    if option.topology.is_self_run or option.topology.size_class not in ("M", "L"):
        return False
    others = (line.usd for line in option.bill.lines if not _is_database(line.what))
    return _database_usd(case) > max(others)


CHECKS: dict[str, Callable[[Case], bool]] = {
    "needs_local_host": _needs_local_host,
    "database_leads": _database_leads,
    "is_care_beyond_people": _is_care_beyond_people,
    "is_far_from_europe": _is_far_from_europe,
    "is_over_the_band": _is_over_the_band,
    "lacks_memorystore": _lacks_memorystore,
    "has_upfront": lambda case: case.option.bill.upfront_usd > 0,
    "lacks_scheduler": lambda case: bool(scheduler_gap(case)),
    "has_warehouse": lambda case: (
        case.profile.needs_any("analytics") or case.profile.tie_reason == "data"
    ),
    "has_contract_here": _has_contract_here,
    "has_residual_law": _has_residual_law,
    "has_sovereign_alternative": _has_sovereign_alternative,
    "has_to_leave": lambda case: must_leave(case.profile),
    "is_in_the_eea": lambda case: case.profile.country in EEA_MEMBERS,
    "has_unverified_services": _has_unverified_services,
    "has_borrowed_prices": _has_borrowed_prices,
}
