"""The seven criteria: points on fixed scales, weights from the answers, a reason for each.

No function here sees more than one option, so ranks cannot reverse when an option comes or goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from math import log10
from typing import Any

from djscaffold.profile import Profile
from djscaffold.profile.questions import label_of
from djscaffold.strategy.catalogue import read_data, read_programmes
from djscaffold.strategy.filters import BUDGET_TOLERANCE, BUDGET_USD, CLOUD_NAMES
from djscaffold.strategy.model import MONTHS, Contribution, Option
from djscaffold.strategy.rounding import rounded
from djscaffold.strategy.sizing import care_of

Points = tuple[float, str]
# Where no upper end was named, the scale ends at this many US dollars a month.
OPEN_BUDGET_USD = 20000.0


@cache
def read_criteria() -> Mapping[str, Mapping[str, Any]]:
    """Return the criteria by id, in the order in which they are shown."""
    return {each["id"]: each for each in read_data("criteria")["criteria"]}


@cache
def weights_of(profile: Profile) -> dict[str, float]:
    """Return the weight of each criterion for these answers; they add up to 100."""
    raw = {key: each["weight"] * _times(key, profile) for key, each in read_criteria().items()}
    return {key: 100 * weight / sum(raw.values()) for key, weight in raw.items()}


def contributions_of(profile: Profile, option: Option) -> tuple[Contribution, ...]:
    """Return the points and the reason of every criterion for one option."""
    return tuple(
        _contribution(key, weight, POINTS[key](profile, option))
        for key, weight in weights_of(profile).items()
    )


def _contribution(key: str, weight: float, points: Points) -> Contribution:
    value, reason = points
    return Contribution(
        criterion=key, weight=round(weight, 4), points=round(value, 2), reason=reason
    )


def _times(criterion: str, profile: Profile) -> float:
    """Return what the answers multiply a weight by."""
    table = read_criteria()[criterion]
    times = 1.0
    for question, factors in table.get("times", {}).items():
        answer = "must" if question == "leave" and must_leave(profile) else None
        times *= factors.get(answer or getattr(profile, question), 1.0)
    if criterion == "ties" and profile.tied_to != "none":
        times *= table["times_if_tied"]
    if criterion == "ties" and owns_gpu(profile):
        times *= table["times_if_own_gpu"]
    return times


def must_leave(profile: Profile) -> bool:
    """Return whether leaving must be tested; DORA article 28 asks it of every EU bank."""
    return profile.leave == "must" or profile.has_rule("dora")


def owns_gpu(profile: Profile) -> bool:
    """Return whether a GPU is needed where a machine is there already."""
    return profile.needs_any("ml_gpu") and profile.hosting_now in ("spare_server", "server_room")


def _cost(profile: Profile, option: Option) -> Points:
    monthly = option.bill.spread_usd
    budget = min(BUDGET_USD[profile.budget], OPEN_BUDGET_USD)
    share = min(1.0, monthly / (budget * BUDGET_TOLERANCE))
    # Logarithmic: from nothing to a tenth of the budget is felt more than from 80 to 90 %.
    points = 10 * (1 - log10(1 + 9 * share))
    once = option.bill.upfront_usd
    upfront = f", {rounded(once)} USD up front spread over {MONTHS} months" if once else ""
    digits = option.bill.digits
    spent = f"about {rounded(monthly, digits=digits)} USD a month"
    if monthly < 1:
        spent = "nothing beyond what you have"
    return points, f"{spent}{upfront}: {100 * monthly / budget:.0f} % of the budget"


def _care(profile: Profile, option: Option) -> Points:
    table = read_criteria()["care"]
    kind, _ = care_of(option.topology, profile.size)
    points = table["points"][kind][profile.ops]
    if profile.downtime == "annoying" and profile.ops != "nobody":
        points += max(0.0, table["waits_to"] - points) * table["waits"]
    if option.topology.is_self_run and profile.ops == "part_time":
        points = max(0.0, points + table["busy_part_time"].get(profile.size, 0))
    who = {
        "nobody": "nobody",
        "part_time": "a developer now and then",
        "one_admin": "one administrator",
        "admin_team": "an administrators' team",
    }[profile.ops]
    return points, f"about {option.bill.labour_hours:g} hours of care a month for {who}"


_TAKES_TRAFFIC = {
    "cloud_run": "instances start in seconds and stop at zero",
    "container_apps": "replicas follow by rules, cold starts of half a minute",
    "fargate": "tasks follow within a minute, never to zero",
    "one_machine": "one size, changed by hand",
    "own_vm": "as much as the cluster has to spare, by hand",
    "own_pair": "two machines, changed by buying",
    "own_cluster": "a fixed cluster, bought for the peak",
}


_CUT_SHORT = {
    "live_updates": "open connections are cut and billed",
    "long_requests": "a request is ended after four minutes",
}


def _elasticity(profile: Profile, option: Option) -> Points:
    table = read_criteria()["elasticity"]
    kind = option.topology.elasticity
    points = table["points"][kind][profile.traffic]
    reason = f"{_TAKES_TRAFFIC[kind]}; your traffic: {profile.traffic.replace('_', ' ')}"
    for need, said in _CUT_SHORT.items():
        if profile.needs_any(need) and kind in table[need]:
            points += table[need][kind]
            reason += f"; {said}"
    return max(0.0, points), reason


def _reliability(profile: Profile, option: Option) -> Points:
    points = option.topology.reliability
    points += read_criteria()["reliability"]["young"].get(option.partition, 0)
    if "second_region" in option.modifiers:
        points = min(10.0, points + 1)
    sla = option.bill.sla_percent
    if option.topology.planning:
        planned = read_data("sla")["planning"][option.topology.planning]
        return points, f"no agreement; plan with {planned} %"
    if sla is None:
        return points, "one part has no agreement at all"
    return points, f"agreements multiply to {sla:g} %"


def _ties(profile: Profile, option: Option) -> Points:
    table = read_criteria()["ties"]
    if option.family == "own" and owns_gpu(profile):
        return table["own_gpu"], "the GPU is yours already"
    nothing_to_buy = not option.bill.upfront_usd
    if option.family == "own" and nothing_to_buy and profile.hosting_now in table["owned"]:
        return table["owned"][profile.hosting_now], "the machine is there and paid for"
    if option.family == "rented" and profile.hosting_now == "rented":
        return table["rented"], "you run rented servers already"
    if profile.tied_to == "none":
        if profile.needs_any("analytics") and option.strategy in table["warehouse"]:
            return table["warehouse"][option.strategy], "its warehouse is beside it"
        return table["neutral"], "no tie either way"
    reason = profile.tie_reason.replace("_", "-")
    if option.strategy == profile.tied_to:
        return table["tied"][profile.tie_reason], f"your {reason} is here"
    return table["untied"][profile.tie_reason], (
        f"your {reason} is at {CLOUD_NAMES[profile.tied_to]}"
    )


def _governance(profile: Profile, option: Option) -> Points:
    table = read_criteria()["governance"]
    place = option.partition or option.family
    points = table["base"][place]
    reasons = {"own": "everything in your hands", "rented": "your server, their building"}
    reason = reasons.get(option.family, "a contract and a region")
    if profile.is_at_least("data_rule", "region"):
        points += table["ruled_data"].get(place, 0.0)
    if option.region is not None:
        reason = f"a contract and {option.region.name} ({option.region.country})"
    proofs = []
    for rule in profile.rules:
        effect = read_programmes()[rule].get("effect", {}).get(option.strategy, 0)
        points += effect * table["effect_share"]
        if effect:
            proofs.append(label_of("rules", rule))
    if proofs:
        inherited = (
            "all the proof is yours" if option.topology.is_self_run else "platform proof inherited"
        )
        reason += f"; {', '.join(proofs)}: {inherited}"
    return min(10.0, max(0.0, points)), reason


def _portability(profile: Profile, option: Option) -> Points:
    if option.topology.is_self_run:
        return option.topology.portability, "copy the database and the files to the next machine"
    return option.topology.portability, (
        "container image and PostgreSQL travel, the infrastructure code does not"
    )


POINTS: dict[str, Callable[[Profile, Option], Points]] = {
    "cost": _cost,
    "care": _care,
    "elasticity": _elasticity,
    "reliability": _reliability,
    "ties": _ties,
    "governance": _governance,
    "portability": _portability,
}
