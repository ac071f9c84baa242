"""Apply the method: options, filters, points, the choice, what would change it. Holds no rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from djscaffold.profile import Profile
from djscaffold.strategy.breakeven import break_evens, compared_options
from djscaffold.strategy.catalogue import PriceBook, Topology, read_prices
from djscaffold.strategy.conflicts import find_conflict
from djscaffold.strategy.costs import bill_of, price_place
from djscaffold.strategy.criteria import contributions_of
from djscaffold.strategy.filters import ORDER, find_removal
from djscaffold.strategy.flips import find_flips
from djscaffold.strategy.ladder import FAMILIES, modifiers_of, partition_for, rungs
from djscaffold.strategy.model import Option, Recommendation, Removal
from djscaffold.strategy.must_know import must_know
from djscaffold.strategy.regions import find_place
from djscaffold.strategy.sizing import load_of


def recommend(
    profile: Profile,
    *,
    prices: PriceBook | None = None,
    families: Sequence[str] = FAMILIES,
) -> Recommendation:
    """Return the recommendation for *profile*: a choice or a named conflict, never neither."""
    book = prices or read_prices()
    ranking = rank(profile, book, families)
    left = [option for option in ranking if option.removed_by is None]
    chosen = left[0] if left else None
    # One that nobody would look after is no rival of one that is run for the team.
    rivals = [
        each for each in left if _is_unattended(profile, each) == _is_unattended(profile, left[0])
    ]
    compared = compared_options(profile, ranking, book)
    return Recommendation(
        profile=profile,
        chosen=chosen,
        conflict=find_conflict(profile, ranking, lambda changed: rank(changed, book, families)),
        ranking=ranking,
        margin=margin_of(rivals),
        flips=find_flips(profile, chosen, lambda changed: rank(changed, book, families)),
        must_know=must_know(profile, chosen),
        compared=compared,
        break_even=break_evens(compared, book),
    )


def rank(
    profile: Profile, book: PriceBook, families: Sequence[str] = FAMILIES
) -> tuple[Option, ...]:
    """Return one option per family: those left by their points, then those removed.

    Where nobody looks after servers, one that the team runs itself comes after all that are run
    for it: no price makes up for nobody being there.
    """
    options = [best_of(profile, family, book) for family in families]

    def order(option: Option) -> tuple[bool, bool, float]:
        return (option.removed_by is not None, _is_unattended(profile, option), -option.score)

    return tuple(sorted(options, key=order))


def _is_unattended(profile: Profile, option: Option) -> bool:
    """Return whether the team would run machines that nobody looks after."""
    return profile.ops == "nobody" and option.topology.is_self_run


def best_of(profile: Profile, family: str, book: PriceBook) -> Option:
    """Return a family at the first rung that no rule removes, else where it came furthest."""
    removed: list[tuple[Option, Removal]] = []
    for topology in rungs(profile, family):
        option = option_of(profile, topology, book)
        if option.removed_by is not None and option.removed_by.rule == "budget":
            option = option_of(profile, topology, book, cheapest=True)
        if option.removed_by is None:
            return option
        removed.append((option, option.removed_by))
    return max(removed, key=lambda each: ORDER[each[1].rule])[0]


def option_of(
    profile: Profile, topology: Topology, book: PriceBook, *, cheapest: bool = False
) -> Option:
    """Return one topology, priced, judged and scored, in the best or the *cheapest* region."""
    partition = partition_for(profile, topology.family)
    modifiers = modifiers_of(profile, topology, partition)
    place = None
    if not topology.is_self_run:
        place = find_place(profile, topology.strategy, partition, cheapest=cheapest)
    option = Option(
        topology=topology,
        modifiers=modifiers,
        region=place,
        bill=bill_of(topology, load_of(profile), price_place(profile, place), modifiers, book),
        contributions=(),
    )
    removal = find_removal(profile, option)
    if removal is not None:
        return replace(option, removed_by=removal)
    return replace(option, contributions=contributions_of(profile, option))


def margin_of(left: Sequence[Option]) -> float:
    """Return how far the first stands before the second, as a share of its points."""
    if not left:
        return 0.0
    if len(left) == 1:
        return 1.0
    return round((left[0].score - left[1].score) / left[0].score, 4)
