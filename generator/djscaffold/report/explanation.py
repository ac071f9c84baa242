"""Everything that can be asked about by name, with its numbers and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from djscaffold.profile.questions import COUNT, read_questions
from djscaffold.report.file_text import answer_names, answer_text, file_names, file_text
from djscaffold.report.finding_text import finding_names, finding_text
from djscaffold.strategy.catalogue import (
    Price,
    read_agreements,
    read_data,
    read_prices,
    read_programmes,
)
from djscaffold.strategy.criteria import read_criteria
from djscaffold.strategy.filters import RULES
from djscaffold.strategy.regions import find_region, read_regions


def names_of(kind: str) -> Mapping[str, str]:
    """Return every name of a kind with one line on it."""
    return KINDS[kind][0]()


def explain(kind: str, name: str) -> str | None:
    """Return the text on one name, or None where there is none of that name."""
    return KINDS[kind][1](name)


def _criteria() -> dict[str, str]:
    return {key: each["plain"] for key, each in read_criteria().items()}


def _criterion(name: str) -> str | None:
    criterion = read_criteria().get(name)
    if criterion is None:
        return None
    lines = [
        f"{name}: {criterion['plain']}",
        "",
        f"Counts: {criterion['counts']}",
        f"Weight: {criterion['weight']} of 100, before the answers change it.",
    ]
    for question, factors in criterion.get("times", {}).items():
        told = ", ".join(f"{answer} x {factor:g}" for answer, factor in factors.items())
        lines.append(f"  by {question}: {told}")
    if "times_if_tied" in criterion:
        lines.append(f"  if you are tied to a cloud: x {criterion['times_if_tied']}")
    lines += ["", "The scale is fixed, and never looks at the other options:"]
    lines += [f"  {points:>2}  {meaning}" for points, meaning in criterion["scale"].items()]
    if "points" in criterion:
        lines += ["", "Points:", *_points(criterion["points"])]
    return "\n".join(lines)


def _points(table: Mapping[str, Mapping[str, float]]) -> list[str]:
    width = max(map(len, table))
    return [
        f"  {kind:<{width}}  " + "  ".join(f"{answer} {value:g}" for answer, value in row.items())
        for kind, row in table.items()
    ]


def _rules() -> dict[str, str]:
    filters = {name: _first_line(rule) for name, rule in RULES}
    programmes = {key: each["plain"] for key, each in read_programmes().items() if key != "none"}
    return {**filters, **programmes}


def _rule(name: str) -> str | None:
    found = dict(RULES).get(name)
    if found is not None:
        return (
            f"{name}: {_first_line(found)}\n\n"
            "A hard filter: what it removes is not scored, and no price buys it back. "
            f"The filters are asked in this order: {', '.join(each for each, _ in RULES)}."
        )
    programme = read_programmes().get(name)
    return None if programme is None or name == "none" else _programme(name, programme)


def _programme(name: str, programme: Mapping[str, Any]) -> str:
    lines = [
        f"{name}: {programme['plain']}",
        "",
        f"Kind: {programme['kind']} ({programme['jurisdiction']})",
    ]
    for place in ("aws", "azure", "gcp", "onprem"):
        each = programme[place]
        told = each.get("how") or each.get("means") or ""
        source = f" [{each['source']}, {each['as_of']}]" if "source" in each else ""
        lines.append(f"  {place:<7} {each['status']}: {told}{source}".rstrip(": "))
    for key in ("hard_rule", "note"):
        if programme.get(key):
            lines += ["", str(programme[key])]
    lines += [f"  - {each}" for each in programme.get("obligations", ())]
    lines += ["", "Not legal advice; check the provider's services-in-scope page."]
    return "\n".join(lines)


def _first_line(rule: Callable[..., object]) -> str:
    return (rule.__doc__ or "").partition("\n")[0]


def _prices() -> dict[str, str]:
    book = read_prices()
    return {name: next(book.all_of(name)).unit for name in book.ids()}


def _price(name: str) -> str | None:
    found = list(read_prices().all_of(name))
    if not found:
        return None
    return "\n\n".join([name, *(_one_price(price) for price in found)])


def _one_price(price: Price) -> str:
    lines = [
        f"  {price.region}: {price.value:g} {price.unit}",
        f"    source: {price.source_title}",
        f"    as of {price.as_of}, confidence {price.confidence}",
    ]
    if price.note:
        lines.append(f"    {price.note}")
    return "\n".join(lines)


def _questions() -> dict[str, str]:
    return {key: each.ask for key, each in read_questions().items()}


def _question(name: str) -> str | None:
    question = read_questions().get(name)
    if question is None:
        return None
    default = question.default
    shown = ", ".join(default) if isinstance(default, tuple) else default
    lines = [
        f"{name} (question {question.number} of {COUNT}): {question.ask}",
        "",
        question.why,
        "",
    ]
    width = max((len(choice.value) for choice in question.choices), default=0)
    lines += [
        f"  {choice.value:<{width}}  {choice.label}: {choice.leads_to}"
        for choice in question.choices
    ]
    several = "Several may be ticked. " if question.is_several else ""
    lines += ["", f"{several}Not answered: {shown or 'none'}."]
    return "\n".join(lines)


def _regions() -> dict[str, str]:
    return {region.id: f"{region.name} ({region.country})" for region in read_regions()}


def _region(name: str) -> str | None:
    region = find_region(name)
    if region is None:
        return None
    table = read_data("regions")
    listed = table[region.provider]
    zones = "not counted" if region.zones is None else str(region.zones)
    borrowed = "" if region.is_priced else f", borrowed from {region.price_region}"
    lines = [
        f"{region.id}: {region.name}",
        "",
        f"  country     {region.country}",
        f"  partition   {region.partition or 'public'}",
        f"  zones       {zones}",
        f"  prices      {region.price_region if region.is_priced else 'none'}{borrowed}",
        f"  missing     {', '.join(region.gaps) or 'nothing that a Django site needs'}",
        f"  unverified  {', '.join(region.unverified) or 'nothing'}",
        f"  restricted  {region.restricted or 'no'}",
        "",
        f"As of {listed['as_of']}, from:",
    ]
    lines += [f"  {table['sources'][source]['title']}" for source in listed["source"]]
    return "\n".join(lines)


def _agreements() -> dict[str, str]:
    return {
        key: f"{each['percent']:g} %" if each["percent"] else "no agreement"
        for key, each in read_agreements().items()
    }


def _agreement(name: str) -> str | None:
    agreement = read_agreements().get(name)
    if agreement is None:
        return None
    source = read_data("sla")["sources"][agreement["source"]]["title"]
    return (
        f"{name}: {_agreements()[name]} of uptime a month\n\n"
        f"  source: {source}\n"
        f"  as of {agreement['as_of']}, confidence {agreement['confidence']}\n\n"
        "A breach pays credits, and only on request."
    )


Names = Callable[[], Mapping[str, str]]
Text = Callable[[str], str | None]
KINDS: dict[str, tuple[Names, Text]] = {
    "criterion": (_criteria, _criterion),
    "rule": (_rules, _rule),
    "price": (_prices, _price),
    "question": (_questions, _question),
    "region": (_regions, _region),
    "agreement": (_agreements, _agreement),
    "finding": (finding_names, finding_text),
    "answer": (answer_names, answer_text),
    "file": (file_names, file_text),
}
