"""Answers that exclude each other: named, with the cheapest honest way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, groupby
from typing import Any

from djscaffold.profile import Profile
from djscaffold.profile.questions import label_of
from djscaffold.strategy.model import Option
from djscaffold.strategy.rounding import rounded

Rerank = Callable[[Profile], tuple[Option, ...]]
# Questions with the answers that they would have instead, and what would fit then.
Changes = tuple[tuple[str, Any], ...]
Way = tuple[Changes, Option]

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
            "Nobody looks after servers (ops), yet all that is left is a server that you run "
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
    single = [way for key in asked for way in _less_of(profile, key)]
    several = [
        tuple((key, _RELAXED[key]) for key in keys)
        for count in range(2, len(asked) + 1)
        for keys in combinations(asked, count)
    ]
    for count, group in groupby((*single, *several), key=len):
        ways = [
            (changed, option)
            for changed in group
            if (option := _cheapest(rerank(replace(profile, **dict(changed))))) is not None
        ]
        if ways:
            return _sentence(profile, _fewest(ways) if count == 1 else ways)
    return (
        "No hosting fits these answers, and no single list of them can be loosened to change that: "
        "the place that the rules demand is not among the regions known."
    )


def _less_of(profile: Profile, key: str) -> Iterator[Changes]:
    """Return the ways to ask for less in one question: each tick by itself, then all of it."""
    answer = getattr(profile, key)
    if isinstance(answer, tuple) and len(answer) > 1:
        for tick in answer:
            yield ((key, tuple(each for each in answer if each != tick)),)
    yield ((key, _RELAXED[key]),)


def _fewest(ways: Sequence[Way]) -> list[Way]:
    """Return *ways* without those that give up a whole list where a single tick of it is enough."""
    ticked = {changed[0][0] for changed, _ in ways if changed[0][1]}
    return [way for way in ways if way[0][0][1] or way[0][0][0] not in ticked]


def _cheapest(ranking: Sequence[Option]) -> Option | None:
    left = [option for option in ranking if option.removed_by is None]
    return min(left, key=lambda option: option.bill.spread_usd, default=None)


def _sentence(profile: Profile, ways: Sequence[Way]) -> str:
    """Return what stands against what, then up to three ways out."""
    given_up = list(dict.fromkeys(change for changed, _ in ways for change in changed))
    keys = list(dict.fromkeys(key for key, _ in given_up))
    if keys == ["budget"]:
        given_up += [(key, _RELAXED[key]) for key in _COSTLY if _asks(profile, key)]
    told = " and ".join(dict.fromkeys(_told(profile, *change) for change in given_up))
    exits = "; ".join(_way_out(profile, changed, option) for changed, option in ways[:3])
    return f"No hosting can be all of this: {told}. {exits[:1].upper()}{exits[1:]}."


def _asks(profile: Profile, key: str) -> bool:
    return bool(getattr(profile, key) != _RELAXED[key])


def _told(profile: Profile, key: str, left: Any) -> str:
    """Return what is asked for in a question, as far as *left* would no longer ask for it."""
    answer = getattr(profile, key)
    if isinstance(answer, tuple):
        dropped = [label_of(key, each) for each in answer if each not in left]
        return _TOLD[key].format(" and ".join(dropped))
    return _TOLD[key].format(label_of(key, answer))


def _way_out(profile: Profile, changed: Changes, option: Option) -> str:
    name, usd = option.topology.name, f"{rounded(option.bill.monthly_usd)} USD a month"
    if option.bill.upfront_usd:
        usd += f" and {rounded(option.bill.upfront_usd)} USD up front"
    if [key for key, _ in changed] == ["budget"]:
        return f"the minimum realistic budget for everything else is about {usd} ({name})"
    given_up = " and ".join(_giving_way(profile, *change) for change in changed)
    return f"if {given_up}, {name} at about {usd} fits"


def _giving_way(profile: Profile, key: str, left: Any) -> str:
    if not left or not isinstance(left, tuple):
        return _GIVING_WAY[key]
    dropped = [label_of(key, each) for each in getattr(profile, key) if each not in left]
    return f"it can do without {' and '.join(dropped)}"
