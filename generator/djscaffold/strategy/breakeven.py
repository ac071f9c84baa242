"""When money up front pays back: which options are compared, and where their lines cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from djscaffold.profile import Profile
from djscaffold.strategy.catalogue import PriceBook, topologies_of
from djscaffold.strategy.costs import bill_of, price_place
from djscaffold.strategy.ladder import class_of, modifiers_of
from djscaffold.strategy.model import MONTHS, Bill, BreakEven, Option
from djscaffold.strategy.sizing import load_of

_SHOWN = 3
# Rules that no money can buy off: what they removed is not drawn for comparison either.
_LEGAL = ("no_internet", "own_building", "foreign_law", "programmes", "no_region", "china")


def compared_options(
    profile: Profile, ranking: Sequence[Option], book: PriceBook
) -> tuple[Option, ...]:
    """Return the options whose costs are drawn: the best, one of own hardware, one of a cloud."""
    shown = [option for option in ranking if option.removed_by is None][:_SHOWN]
    if shown and not any(option.family == "own" for option in shown):
        shown += _own_hardware(profile, ranking, book)
    if shown and all(option.topology.is_self_run for option in shown):
        shown += _nearest_cloud(ranking)
    return tuple(shown)


def break_evens(compared: Sequence[Option], book: PriceBook) -> tuple[BreakEven, ...]:
    """Return when the first option meets each of the others."""
    return tuple(_break_even(compared[0], other) for other in compared[1:])


def crossing(dear: tuple[float, float], cheap: tuple[float, float]) -> int | None:
    """Return the first month in which *dear* (up front, monthly) has cost no more than *cheap*."""
    for month in range(MONTHS + 1):
        if dear[0] + month * dear[1] <= cheap[0] + month * cheap[1]:
            return month
    return None


def _own_hardware(profile: Profile, ranking: Sequence[Option], book: PriceBook) -> list[Option]:
    """Return bought machines of the class asked for, if no law forbids them."""
    ranked = next((option for option in ranking if option.family == "own"), None)
    if ranked is None or (ranked.removed_by and ranked.removed_by.rule in _LEGAL):
        return []
    if ranked.removed_by is None:
        return [ranked]
    name = {"M": "onprem-pair", "L": "onprem-colo-cluster"}.get(class_of(profile), "onprem-single")
    topology = next(each for each in topologies_of("own") if each.id == name)
    modifiers = modifiers_of(profile, topology, "")
    bill = bill_of(topology, load_of(profile), price_place(profile, None), modifiers, book)
    return [replace(ranked, topology=topology, modifiers=modifiers, bill=bill)]


def _nearest_cloud(ranking: Sequence[Option]) -> list[Option]:
    clouds = [option for option in ranking if not option.topology.is_self_run]
    fit = [each for each in clouds if each.removed_by is None or each.removed_by.rule not in _LEGAL]
    return sorted(fit, key=lambda each: each.bill.monthly_usd)[:1]


def _break_even(option: Option, against: Option) -> BreakEven:
    invested, other = option, against
    if against.bill.upfront_usd > option.bill.upfront_usd:
        invested, other = against, option
    cash = _range(invested.bill, other.bill, with_labour=False)
    labour = _range(invested.bill, other.bill, with_labour=True)
    return BreakEven(
        option=invested.topology.name,
        against=other.topology.name,
        cash=cash,
        with_labour=labour,
        words=_words(invested, other, cash, labour),
    )


def _range(
    invested: Bill, other: Bill, *, with_labour: bool
) -> tuple[int | None, int | None, int | None]:
    """Return the month of break-even if hardware costs the low, the typical or the high figure."""

    def monthly(bill: Bill) -> float:
        return bill.monthly_usd + (bill.labour_usd if with_labour else 0)

    low, typical, high = (
        crossing((upfront, monthly(invested)), (other.upfront_usd, monthly(other)))
        for upfront in (invested.capex_low_usd, invested.upfront_usd, invested.capex_high_usd)
    )
    return low, typical, high


def _words(
    invested: Option,
    other: Option,
    cash: tuple[int | None, ...],
    labour: tuple[int | None, ...],
) -> str:
    first, second = invested.topology.name, other.topology.name
    if invested.bill.upfront_usd == other.bill.upfront_usd:
        cheap, dear = sorted((invested, other), key=lambda each: each.bill.monthly_usd)
        if cheap.bill.monthly_usd == dear.bill.monthly_usd:
            return f"{first} and {second} cost the same cash."
        less = (
            f"{cheap.topology.name} costs less cash than {dear.topology.name} from the first month"
        )
        return f"{less}; {_with_labour(cheap, dear)}."
    return (
        f"{first} has paid back what it costs more up front than {second}: "
        f"in cash {in_words(cash)}; with labour {in_words(labour)}."
    )


def _with_labour(cheap: Option, dear: Option) -> str:
    total = cheap.bill.monthly_usd + cheap.bill.labour_usd
    other = dear.bill.monthly_usd + dear.bill.labour_usd
    return "with labour too" if total <= other else "with labour it costs more"


def in_words(months: tuple[int | None, ...]) -> str:
    """Return a range of months as a person says it."""
    low, _, high = months
    if low is None:
        return f"never within {MONTHS} months"
    if high is None:
        return f"from month {low} if hardware is cheap, else never within {MONTHS} months"
    return f"in month {low}" if low == high else f"between month {low} and {high}"
