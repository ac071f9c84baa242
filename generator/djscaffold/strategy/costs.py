"""What a topology costs for a profile: a bill whose every line is quantity x dated price.

Cash and labour are never mixed: labour is a line of its own, and no part of the score.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from djscaffold.profile import Profile
from djscaffold.strategy.catalogue import PriceBook, Topology, read_agreements
from djscaffold.strategy.model import MONTHS, Bill, Line
from djscaffold.strategy.regions import Region, area_for
from djscaffold.strategy.sizing import Load, care_of, scales_of

_OWN_PRICES = {"eu": "EU", "uk": "EU", "ch": "EU"}


@lru_cache(maxsize=4096)
def bill_of(
    topology: Topology, load: Load, where: str, modifiers: tuple[str, ...], book: PriceBook
) -> Bill:
    """Return the bill of *topology* at the prices of *where*, in US dollars."""
    lines = _priced(topology, load, where, book)
    lines += _surcharges(topology, load, lines, modifiers, book)
    capex = [
        _line(raw, float(raw["qty"]), where, book)
        for raw in topology.capex
        if not _is_owned(raw, load)
    ]
    if topology.is_self_run and "second_region" in modifiers:
        capex.append(_second_site(topology, where, book))
    servers = sum(line.quantity for line in capex if _is_server(line))
    _, labour = care_of(topology, load.size)
    hours, rate = book.get(labour), book.get("labour.rate_hour")
    return Bill(
        lines=tuple(lines),
        capex=tuple(capex),
        capex_low_usd=_with_servers_at("low", capex, servers, book),
        capex_high_usd=_with_servers_at("high", capex, servers, book),
        labour=Line(
            what="hours of care",
            quantity=hours.value,
            price=hours,
            usd=round(hours.value * rate.value, 2),
        ),
        labour_rate=rate,
        sla_percent=_composite_sla(topology),
    )


def price_place(profile: Profile, region: Region | None) -> str:
    """Return where prices are read for: a region's price list, or the continent of own machines."""
    if region is not None:
        return region.price_region
    return _OWN_PRICES.get(area_for(profile), "US")


def cash_series(bill: Bill) -> list[float]:
    """Return what has been paid after each month from 0 to 36."""
    return [round(bill.upfront_usd + month * bill.monthly_usd, 2) for month in range(MONTHS + 1)]


def labour_series(bill: Bill) -> list[float]:
    """Return the same with the hours of care at their rate."""
    monthly = bill.monthly_usd + bill.labour_usd
    return [round(bill.upfront_usd + month * monthly, 2) for month in range(MONTHS + 1)]


def _priced(topology: Topology, load: Load, where: str, book: PriceBook) -> list[Line]:
    """Return the lines of the bill proper; free amounts never exceed what they are taken off."""
    scales = scales_of(topology, load)
    lines: list[Line] = []
    used: defaultdict[str, float] = defaultdict(float)
    for raw in topology.bom:
        if not _applies(raw, load) or _is_owned(raw, load):
            continue
        quantity = raw["qty"] * scales[raw.get("scale", "fixed")] * _machines(topology, raw)
        if quantity < 0:
            quantity = -min(-raw["qty"], used[raw["fact"]])
        used[raw["fact"]] += quantity
        if quantity:
            lines.append(_line(raw, quantity, where, book))
    return lines


def _machines(topology: Topology, raw: Mapping[str, Any]) -> int:
    """Return how many rented servers a line is for; own machines have a line each."""
    return topology.machines if raw["fact"].startswith("rented.") else 1


def _line(raw: Mapping[str, Any], quantity: float, where: str, book: PriceBook) -> Line:
    price = book.get(raw["fact"], where)
    return Line(
        what=raw["for"], quantity=quantity, price=price, usd=round(quantity * price.value, 2)
    )


def _applies(raw: Mapping[str, Any], load: Load) -> bool:
    if load.size not in raw.get("sizes", (load.size,)):
        return False
    needed = {"jobs": load.has_jobs, "beat": load.has_beat, "broker": load.has_broker}
    return needed.get(raw.get("only", ""), True)


def _is_owned(raw: Mapping[str, Any], load: Load) -> bool:
    """Return whether the team has already paid for what a line buys."""
    match raw.get("unless"):
        case "server" | "room":
            return load.hosting_now in ("spare_server", "server_room")
        case "server_room":
            return load.hosting_now == "server_room"
        case _:
            return False


def _surcharges(
    topology: Topology,
    load: Load,
    lines: list[Line],
    modifiers: tuple[str, ...],
    book: PriceBook,
) -> list[Line]:
    """Return the lines that are a share of the others, and the GPU."""
    extra: list[Line] = []
    if load.gpu_hours and not topology.is_self_run:
        raw = {"fact": "cloud.gpu.hour", "for": "GPU"}
        extra.append(_line(raw, load.gpu_hours, "global", book))
    base = sum(line.usd for line in (*lines, *extra))
    if topology.factor:
        price = book.get(topology.factor)
        extra.append(
            Line(
                what=f"dearer prices of {topology.partition}, x {price.value:g}",
                quantity=1,
                price=price,
                usd=round(base * (price.value - 1), 2),
            )
        )
        base *= price.value
    if "second_region" in modifiers and not topology.is_self_run:
        price = book.get("cloud.second_region.factor")
        usd = round(base * price.value, 2)
        extra.append(Line(what="second region, warm standby", quantity=1, price=price, usd=usd))
    return extra


def _second_site(topology: Topology, where: str, book: PriceBook) -> Line:
    raw = {"fact": "onprem.server.capex.typical", "for": "servers for the second site"}
    return _line(raw, float(topology.machines), where, book)


def _is_server(line: Line) -> bool:
    return line.price.id == "onprem.server.capex.typical"


def _with_servers_at(level: str, capex: list[Line], servers: float, book: PriceBook) -> float:
    """Return the money up front if servers cost what *level* says: low or high."""
    others = sum(line.usd for line in capex if not _is_server(line))
    return round(others + servers * book.get(f"onprem.server.capex.{level}").value, 2)


def _composite_sla(topology: Topology) -> float | None:
    """Return the product of the agreements in a request's way, or None if one is missing."""
    composite = 1.0
    for agreement in topology_agreements(topology):
        if agreement["percent"] is None:
            return None
        composite *= agreement["percent"] / 100
    return round(composite * 100, 2)


def topology_agreements(topology: Topology) -> list[Mapping[str, Any]]:
    """Return the agreement of every service that a request passes."""
    return [read_agreements()[service] for service in topology.sla]
