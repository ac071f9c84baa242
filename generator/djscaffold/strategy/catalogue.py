"""The dated facts: prices, agreements, topologies, programmes, as package data.

Each is read once, by the C reader of YAML where PyYAML has it: fifteen times faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from djscaffold.yaml_text import load_yaml

DATA = Path(__file__).parent / "data"
UNKNOWN_DATE = "unknown"
STALE_AFTER_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One dated figure. ``borrowed`` names the region it was taken from for want of its own."""

    id: str
    region: str
    value: float
    unit: str
    source: str
    source_title: str
    as_of: str
    confidence: str
    note: str = ""
    borrowed: str = ""

    def is_stale(self, today: date) -> bool:
        """Return whether the figure is undated or older than twelve months."""
        return is_stale(self.as_of, today)


def is_stale(as_of: str, today: date) -> bool:
    """Return whether a fact of that date may no longer be shown without a warning."""
    if as_of == UNKNOWN_DATE:
        return True
    return (today - date.fromisoformat(as_of)).days > STALE_AFTER_DAYS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Topology:
    """One way to run a site. What the keys mean: the head of ``data/topologies.yaml``."""

    id: str
    strategy: str
    family: str
    size_class: str
    what: str
    reference_size: str
    reference_traffic: str
    carries: str
    outage: str
    care: str
    elasticity: str
    reliability: float
    portability: float
    labour: str
    sla: tuple[str, ...]
    planning: str
    bom: tuple[Mapping[str, Any], ...]
    capex: tuple[Mapping[str, Any], ...]
    modifiers: tuple[str, ...]
    partition: str
    factor: str
    requires: str
    machines: int
    web_vcpu: Mapping[str, float]
    db_minimum: float
    scales_to_zero: bool
    air_gapped: bool
    outside_the_building: bool
    priced: bool

    @property
    def name(self) -> str:
        """Return the id with its modifiers, as text for people: ``rented-vps, pair``."""
        return ", ".join((self.id, *self.modifiers))

    @property
    def is_self_run(self) -> bool:
        """Return whether the team runs the machines, its own or rented."""
        return self.strategy == "onprem"


@dataclass(frozen=True, slots=True, eq=False)
class PriceBook:
    """All prices, with the user's own over them. ``get`` is the only way to a figure."""

    facts: Mapping[tuple[str, str], Price]
    overrides: Mapping[str, float] = field(default_factory=dict)
    overridden_on: str = UNKNOWN_DATE

    def get(self, fact: str, region: str = "global") -> Price:
        """Return the price of *fact* in *region*, else world-wide, else the first one listed."""
        found = self.facts.get((fact, region)) or self.facts.get((fact, "global"))
        if found is None:
            first = next(price for price in self.all_of(fact))
            found = _with(first, borrowed=first.region)
        if fact in self.overrides:
            return _with(
                found,
                value=self.overrides[fact],
                source="yours",
                source_title="your own price file",
                as_of=self.overridden_on,
                confidence="high",
                borrowed="",
            )
        return found

    def all_of(self, fact: str) -> Iterator[Price]:
        """Return every region's price of *fact*, in the order of the file."""
        return (price for (name, _), price in self.facts.items() if name == fact)

    def ids(self) -> tuple[str, ...]:
        """Return the names of all facts."""
        return tuple(dict.fromkeys(name for name, _ in self.facts))


def _with(price: Price, **changes: Any) -> Price:
    known = {name: getattr(price, name) for name in Price.__slots__}
    return Price(**{**known, **changes})


@cache
def read_data(name: str) -> Any:
    """Return the package data file *name*, such as ``prices``."""
    return load_yaml((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def read_prices() -> PriceBook:
    """Return the price list that the package carries."""
    raw = read_data("prices")
    titles = {key: source["title"] for key, source in raw["sources"].items()}
    prices = (
        Price(
            id=fact["id"],
            region=fact["region"],
            value=float(fact["value"]),
            unit=fact["unit"],
            source=fact["source"],
            source_title=titles[fact["source"]],
            as_of=str(fact["as_of"]),
            confidence=fact["confidence"],
            note=fact.get("note", ""),
        )
        for fact in raw["facts"]
    )
    return PriceBook({(price.id, price.region): price for price in prices})


@cache
def read_topologies() -> tuple[Topology, ...]:
    """Return every topology, in the order of the file."""
    return tuple(_topology(raw) for raw in read_data("topologies")["topologies"])


def topologies_of(family: str) -> tuple[Topology, ...]:
    """Return the topologies of one family, smallest class first."""
    return tuple(each for each in read_topologies() if each.family == family)


@cache
def read_programmes() -> Mapping[str, Mapping[str, Any]]:
    """Return the compliance programmes by id; ``iso27001`` is told as ``soc2``."""
    programmes = {each["id"]: each for each in read_data("compliance")["programmes"]}
    return {key: programmes[each.get("same_as", key)] for key, each in programmes.items()}


@cache
def read_agreements() -> Mapping[str, Mapping[str, Any]]:
    """Return the service level agreements by service."""
    return {each["id"]: each for each in read_data("sla")["services"]}


def _topology(raw: Mapping[str, Any]) -> Topology:
    return Topology(
        id=raw["id"],
        strategy=raw["strategy"],
        family=raw["family"],
        size_class=raw["class"],
        what=raw["what"],
        reference_size=raw["reference"]["size"],
        reference_traffic=raw["reference"]["traffic"],
        carries=raw["carries"],
        outage=raw["outage"],
        care=raw["care"],
        elasticity=raw["elasticity"],
        reliability=float(raw["reliability"]),
        portability=float(raw["portability"]),
        labour=raw["labour"],
        sla=tuple(raw["sla"]),
        planning=raw.get("planning", ""),
        bom=tuple(raw["bom"]),
        capex=tuple(raw.get("capex", ())),
        modifiers=tuple(raw.get("modifiers", ())),
        partition=raw.get("partition", ""),
        factor=raw.get("factor", ""),
        requires=raw.get("requires", ""),
        machines=raw.get("machines", 1),
        web_vcpu=raw.get("web_vcpu", {}),
        db_minimum=float(raw.get("db_minimum", 1)),
        scales_to_zero=raw.get("scales_to_zero", False),
        air_gapped=raw.get("air_gapped", False),
        outside_the_building=raw.get("outside_the_building", False),
        priced=raw.get("priced", True),
    )
