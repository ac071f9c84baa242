"""Answers that exclude each other: named, with the cheapest honest way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from djscaffold.profile import Profile
from djscaffold.profile.questions import label_of
from djscaffold.strategy.model import Option
from djscaffold.strategy.rounding import rounded

Rerank = Callable[[Profile], tuple[Option, ...]]

# Each question that can exclude options, and the answer that excludes none.
_RELAXED: dict[str, Any] = {
    "budget": "over_5000",
    "downtime": "annoying",
    "buy_hardware": "yes",
    "data_rule": "none",
    "size": "tiny",
    "rules": (),
    "needs": (),
}
# What makes hosting dear, told beside a budget that is too small.
_COSTLY = ("downtime", "size", "data_rule", "rules")
_TOLD = {
    "budget": "a budget of {} USD a month",
    "downtime": "an outage that is {}",
    "buy_hardware": "no hardware bought",
    "data_rule": "the data rule {}",
    "size": "a site that is {}",
    "rules": "the rules {}",
    "needs": "the needs {}",
}
_GIVING_WAY = {
    "downtime": "an outage may be annoying",
    "buy_hardware": "hardware may be bought",
    "data_rule": "the data rule falls",
    "size": "the site is smaller",
    "rules": "the rules fall",
    "needs": "the needs fall",
    "budget": "the budget is larger",
}


def find_conflict(profile: Profile, ranking: Sequence[Option], rerank: Rerank) -> str | None:
    """Return one sentence on answers that exclude each other and what to change, or None."""
    left = [option for option in ranking if option.removed_by is None]
    if not left:
        return _nothing_left(profile, rerank)
    if left[0].topology.is_self_run and profile.ops == "nobody":
        return (
            "Nobody looks after servers (ops), yet what is left is a server that you run "
            f"yourselves ({left[0].topology.name}): someone must operate it. Buy managed service "
            "hours from its provider or a contractor, name an administrator, or loosen the answer "
            "that removed the clouds."
        )
    outside = [place for place in profile.users if place != "own_site"]
    if profile.data_rule == "no_internet" and outside:
        return (
            "There is no internet at all (data_rule), yet there are users outside your own site "
            f"(users: {', '.join(outside)}): they could not reach it. Change one of the two."
        )
    return None


def _nothing_left(profile: Profile, rerank: Rerank) -> str:
    """Name the fewest answers that must give way, and what becomes possible then."""
    asked = [key for key, free in _RELAXED.items() if getattr(profile, key) != free]
    for count in range(1, len(asked) + 1):
        ways = [
            (changed, option)
            for changed in combinations(asked, count)
            if (option := _cheapest(rerank(_relax(profile, changed)))) is not None
        ]
        if ways:
            return _sentence(profile, ways)
    return (
        "No hosting fits these answers, and no single list of them can be loosened to change that: "
        "the place that the rules demand is not among the regions known."
    )


def _relax(profile: Profile, keys: Sequence[str]) -> Profile:
    return replace(profile, **{key: _RELAXED[key] for key in keys})


def _cheapest(ranking: Sequence[Option]) -> Option | None:
    left = [option for option in ranking if option.removed_by is None]
    return min(left, key=lambda option: option.bill.monthly_usd, default=None)


def _sentence(profile: Profile, ways: Sequence[tuple[tuple[str, ...], Option]]) -> str:
    """Return what stands against what, then up to three ways out."""
    keys = list(dict.fromkeys(key for changed, _ in ways for key in changed))
    if keys == ["budget"]:
        keys += [key for key in _COSTLY if getattr(profile, key) != _RELAXED[key]]
    told = " and ".join(_told(profile, key) for key in keys)
    exits = "; ".join(_way_out(changed, option) for changed, option in ways[:3])
    return f"No hosting can be all of this: {told}. {exits[:1].upper()}{exits[1:]}."


def _told(profile: Profile, key: str) -> str:
    answer = getattr(profile, key)
    if isinstance(answer, tuple):
        return _TOLD[key].format(" and ".join(answer))
    return _TOLD[key].format(label_of(key, answer))


def _way_out(changed: Sequence[str], option: Option) -> str:
    name, usd = option.topology.name, rounded(option.bill.monthly_usd)
    if tuple(changed) == ("budget",):
        return (
            f"the minimum realistic budget for everything else is about {usd} USD a month ({name})"
        )
    given_up = " and ".join(_GIVING_WAY[key] for key in changed)
    return f"if {given_up}, {name} at about {usd} USD a month fits"
