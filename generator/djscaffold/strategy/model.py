"""What comes out of a recommendation: options with their reasons, costs and removals."""

from __future__ import annotations

from dataclasses import dataclass

from djscaffold.profile import Profile
from djscaffold.strategy.catalogue import Price, Topology
from djscaffold.strategy.regions import Region

# Below this relative distance between the first two, both fit and both are shown.
# The period that hostings are compared over.
MONTHS = 36
NEAR_TIE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A hard rule that took an option away, in one sentence."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one criterion gave: points from 0 to 10, times a weight; all weights make 100."""

    criterion: str
    weight: float
    points: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a bill: quantity x price, rounded to the cent as it is printed."""

    what: str
    quantity: float
    price: Price
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What an option costs; ``monthly_usd`` and ``upfront_usd`` are the sums of their lines."""

    lines: tuple[Line, ...]
    capex: tuple[Line, ...]
    capex_low_usd: float
    capex_high_usd: float
    labour: Line
    labour_rate: Price
    sla_percent: float | None

    @property
    def monthly_usd(self) -> float:
        """Return the monthly cash, without labour."""
        return round(sum(line.usd for line in self.lines), 2)

    @property
    def upfront_usd(self) -> float:
        """Return what is paid at month 0."""
        return round(sum(line.usd for line in self.capex), 2)

    @property
    def spread_usd(self) -> float:
        """Return the cash of an average month: what is paid up front is spread over the period."""
        return self.monthly_usd + self.upfront_usd / MONTHS

    @property
    def labour_hours(self) -> float:
        """Return the hours of care a month."""
        return self.labour.quantity

    @property
    def labour_usd(self) -> float:
        """Return the hours of care in money."""
        return self.labour.usd

    @property
    def digits(self) -> int:
        """Return how many significant digits a total of this bill deserves."""
        return 2 if any(price.confidence == "low" for price in self.prices) else 3

    @property
    def prices(self) -> tuple[Price, ...]:
        """Return every fact behind the bill, once."""
        prices = [line.price for line in (*self.lines, *self.capex, self.labour)]
        prices.append(self.labour_rate)
        return tuple({(price.id, price.region): price for price in prices}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One row of the ranking: a family at its best topology, with points or a removal."""

    topology: Topology
    modifiers: tuple[str, ...]
    region: Region | None
    bill: Bill
    contributions: tuple[Contribution, ...]
    removed_by: Removal | None = None

    @property
    def family(self) -> str:
        """Return own, rented, aws, aws-eusc, azure or gcp."""
        return self.topology.family

    @property
    def strategy(self) -> str:
        """Return the strategy as the contract spells it."""
        return self.topology.strategy

    @property
    def partition(self) -> str:
        """Return the sovereign, government or Chinese cloud it is in, or "" for the public one."""
        return self.topology.partition or (self.region.partition if self.region else "")

    @property
    def score(self) -> float:
        """Return the weighted sum, from 0 to 100."""
        return round(sum(each.weight * each.points for each in self.contributions) / 10, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One changed answer and the choice that it would lead to."""

    question: str
    answer: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """When one option has cost as much as another; months are None for never within 36 months."""

    option: str
    against: str
    cash: tuple[int | None, int | None, int | None]
    with_labour: tuple[int | None, int | None, int | None]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The answer: the chosen option or none, the ranking, and what to know before following it."""

    profile: Profile
    chosen: Option | None
    conflict: str | None
    ranking: tuple[Option, ...]
    margin: float
    flips: tuple[Flip, ...]
    must_know: tuple[str, ...]
    compared: tuple[Option, ...]
    break_even: tuple[BreakEven, ...]

    @property
    def region(self) -> Region | None:
        """Return where the choice runs; for own machines, where the best cloud left would.

        That region is what an exit plan or an off-site copy of own machines has to know.
        """
        if self.chosen is None or self.chosen.region is not None:
            return self.chosen.region if self.chosen else None
        left = (each for each in self.ranking if each.removed_by is None)
        return next((each.region for each in left if each.region is not None), None)

    @property
    def is_near_tie(self) -> bool:
        """Return whether the first two are so close that both fit."""
        return self.chosen is not None and self.margin < NEAR_TIE
