"""A recommendation as one HTML file that needs no network: for the meeting that decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from djscaffold.profile.prefill import Hint
from djscaffold.profile.questions import label_of, read_questions
from djscaffold.report.chart import svg_of
from djscaffold.report.recommendation import (
    flips_in_words,
    money,
    name_of,
    runner_up,
    strongest,
)
from djscaffold.report.recommendation_json import facts_of, prices_of
from djscaffold.strategy.catalogue import Price
from djscaffold.strategy.costs import cash_series, labour_series, topology_agreements
from djscaffold.strategy.criteria import read_criteria
from djscaffold.strategy.generated import GENERATED, INSTEAD
from djscaffold.strategy.model import MONTHS, Line, Option, Recommendation

_TEMPLATE = Path(__file__).with_name("recommendation.html.jinja")


def html_of(recommendation: Recommendation, today: date, hints: Sequence[Hint] = ()) -> str:
    """Return the page; *today* stands at its head and dates its warnings."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        **_choice(recommendation, today),
        **_ranking(recommendation),
        **_costs(recommendation),
        **_sources(recommendation, today),
        must_know=recommendation.must_know,
        flips=flips_in_words(recommendation),
        answers=_answers(recommendation, hints),
    )


def _choice(recommendation: Recommendation, today: date) -> dict[str, Any]:
    chosen, second = recommendation.chosen, runner_up(recommendation)
    return {
        "title": f"Hosting: {name_of(chosen)}" if chosen else "Hosting: nothing fits",
        "today": today.isoformat(),
        "conflict": recommendation.conflict,
        "chosen": _figures(chosen) if chosen else None,
        "second": name_of(second) if second else "",
        "near_tie": recommendation.is_near_tie and second is not None,
        "margin": f"{100 * recommendation.margin:.1f}",
        "reasons": strongest(chosen, second) if chosen else [],
        "generated": bool(chosen and GENERATED[chosen.topology.id]),
        "instead": INSTEAD.get(chosen.topology.id, "") if chosen else "",
    }


def _ranking(recommendation: Recommendation) -> dict[str, Any]:
    left = [option for option in recommendation.ranking if option.removed_by is None]
    rows = []
    for index, (key, criterion) in enumerate(read_criteria().items()):
        cells = [option.contributions[index] for option in left]
        rows.append(
            {
                "plain": criterion["plain"],
                "key": key,
                "weight": f"{cells[0].weight:.0f}" if cells else "",
                "cells": [
                    {"points": f"{cell.points:.1f}", "reason": cell.reason} for cell in cells
                ],
            }
        )
    return {
        "left": [_figures(option) for option in left],
        "removed": [
            {"name": name_of(option), "reason": option.removed_by.reason}
            for option in recommendation.ranking
            if option.removed_by is not None
        ],
        "criteria": rows,
    }


def _costs(recommendation: Recommendation) -> dict[str, Any]:
    compared = recommendation.compared
    rate = compared[0].bill.labour_rate.value if compared else 0
    return {
        "months": MONTHS,
        "compared": [_figures(option) for option in compared],
        "break_even": [each.words for each in recommendation.break_even],
        "rate": f"{rate:g}",
        "wide": svg_of(compared, width=960, height=460, name="wide") if compared else "",
        "narrow": svg_of(compared, width=400, height=520, name="narrow") if compared else "",
    }


def _sources(recommendation: Recommendation, today: date) -> dict[str, Any]:
    facts = facts_of(recommendation, today)
    return {
        "oldest": facts["as_of"],
        "newest": facts["newest"],
        "stale": facts["stale"],
        "prices": [_price(price, today) for price in prices_of(recommendation.compared)],
    }


def _figures(option: Option) -> dict[str, Any]:
    """Return an option as the page shows it."""
    bill = option.bill
    place = option.region
    return {
        "name": name_of(option),
        "short": option.topology.name,
        "what": option.topology.what,
        "place": f"{place.id} ({place.name}, {place.country})" if place else "",
        "score": f"{option.score:.1f}",
        "monthly": money(bill.monthly_usd, bill),
        "upfront": money(bill.upfront_usd, bill),
        "labour": money(bill.labour_usd, bill),
        "hours": f"{bill.labour_hours:g}",
        "sla": f"{bill.sla_percent:g} %" if bill.sla_percent else "none",
        "agreements": [_agreement(each) for each in topology_agreements(option.topology)],
        "cash": money(cash_series(bill)[-1], bill),
        "with_labour": money(labour_series(bill)[-1], bill),
        "exact": f"{bill.monthly_usd:,.2f}",
        "exact_upfront": f"{bill.upfront_usd:,.2f}",
        "has_capex": bool(bill.capex),
        "is_removed": option.removed_by is not None,
        "lines": [
            *(_line(line, " (once)") for line in bill.capex),
            *(_line(line) for line in bill.lines),
        ],
    }


def _agreement(agreement: Mapping[str, Any]) -> str:
    percent = f"{agreement['percent']:g} %" if agreement["percent"] else "none"
    return f"{agreement['id']} {percent} (as of {agreement['as_of']}, {agreement['confidence']})"


def _line(line: Line, suffix: str = "") -> dict[str, str]:
    return {
        "what": line.what + suffix,
        "quantity": f"{line.quantity:,.10g}",
        "price": f"{line.price.value:g}",
        "usd": f"{line.usd:,.2f}",
        "fact": line.price.id,
        "anchor": _anchor(line.price),
    }


def _price(price: Price, today: date) -> dict[str, Any]:
    borrowed = f"taken from {price.borrowed}. " if price.borrowed else ""
    return {
        "anchor": _anchor(price),
        "name": f"{price.id} ({price.region})",
        "value": f"{price.value:g}",
        "unit": price.unit,
        "source": price.source_title,
        "note": borrowed + price.note,
        "as_of": price.as_of,
        "is_stale": price.is_stale(today),
        "confidence": price.confidence,
    }


def _anchor(price: Price) -> str:
    return f"{price.id}-{price.region}"


def _answers(recommendation: Recommendation, hints: Sequence[Hint]) -> list[dict[str, Any]]:
    profile = recommendation.profile
    rows = []
    for key, question in read_questions().items():
        value = getattr(profile, key)
        if key == "tie_reason" and not value:
            continue
        values = value if isinstance(value, tuple) else (value,)
        rows.append(
            {
                "ask": question.ask,
                "said": ", ".join(label_of(key, each) for each in values if each) or "none",
                "assumed": key in profile.assumed,
                "hints": [str(hint) for hint in hints if hint.key == key],
            }
        )
    return rows
