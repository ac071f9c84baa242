"""A recommendation as the JSON of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from djscaffold.profile.prefill import Hint
from djscaffold.strategy.catalogue import UNKNOWN_DATE, Price
from djscaffold.strategy.costs import cash_series, labour_series, topology_agreements
from djscaffold.strategy.generated import GENERATED
from djscaffold.strategy.model import MONTHS, BreakEven, Option, Recommendation

SCHEMA = 1


def json_of(
    recommendation: Recommendation, today: date, hints: Sequence[Hint] = ()
) -> dict[str, Any]:
    """Return the document that ``recommend --format json`` prints; *today* dates its warnings."""
    chosen = recommendation.chosen
    return {
        "schema": SCHEMA,
        "strategy": chosen.strategy if chosen else None,
        "topology": chosen.topology.id if chosen else None,
        "modifiers": list(chosen.modifiers) if chosen else [],
        "region": recommendation.region.id if recommendation.region else None,
        "conflict": recommendation.conflict,
        "ranking": [_option(option) for option in recommendation.ranking],
        "margin": recommendation.margin,
        "near_tie": recommendation.is_near_tie,
        "flips": [
            {"question": flip.question, "answer": flip.answer, "becomes": flip.becomes}
            for flip in recommendation.flips
        ],
        "must_know": list(recommendation.must_know),
        "costs": {
            "currency": "USD",
            "months": list(range(MONTHS + 1)),
            "series": [_series(option) for option in recommendation.compared],
            "break_even": [_break_even(each) for each in recommendation.break_even],
        },
        "facts": facts_of(recommendation, today),
        "profile": recommendation.profile.answers(),
        "from_project": [
            {
                "question": hint.key,
                "answer": hint.value,
                "because": hint.because,
                "evidence": [str(place) for place in hint.evidence],
            }
            for hint in hints
        ],
        "assumed": list(recommendation.profile.assumed),
        "generated": bool(chosen and GENERATED[chosen.topology.id]),
    }


def facts_of(recommendation: Recommendation, today: date) -> dict[str, Any]:
    """Return the dates of the facts behind the compared options; the stale and weak ones."""
    prices = prices_of(recommendation.compared)
    dates = [price.as_of for price in prices if price.as_of != UNKNOWN_DATE]
    return {
        "as_of": min(dates, default=None),
        "newest": max(dates, default=None),
        "stale": sorted({_name(price) for price in prices if price.is_stale(today)}),
        "low_confidence": sorted({_name(price) for price in prices if price.confidence == "low"}),
    }


def prices_of(options: Iterable[Option]) -> tuple[Price, ...]:
    """Return every price that the bills of *options* use, once, by name."""
    found = {_name(price): price for option in options for price in option.bill.prices}
    return tuple(found[name] for name in sorted(found))


def _name(price: Price) -> str:
    return f"{price.id} ({price.region})"


def _option(option: Option) -> dict[str, Any]:
    bill, removal = option.bill, option.removed_by
    return {
        "strategy": option.strategy,
        "topology": option.topology.id,
        "modifiers": list(option.modifiers),
        "region": option.region.id if option.region else None,
        "score": None if removal else option.score,
        "monthly_usd": bill.monthly_usd,
        "upfront_usd": bill.upfront_usd,
        "labour_hours": bill.labour_hours,
        "labour_usd": bill.labour_usd,
        "sla_percent": bill.sla_percent,
        "agreements": [
            {"service": each["id"], "percent": each["percent"], "as_of": str(each["as_of"])}
            for each in topology_agreements(option.topology)
        ],
        "contributions": [
            {
                "criterion": each.criterion,
                "weight": each.weight,
                "points": each.points,
                "reason": each.reason,
            }
            for each in option.contributions
        ],
        "lines": [
            {
                "what": line.what,
                "quantity": round(line.quantity, 2),
                "price": line.price.id,
                "region": line.price.region,
                "usd": line.usd,
            }
            for line in bill.lines
        ],
        "upfront_lines": [
            {"what": line.what, "price": line.price.id, "usd": line.usd} for line in bill.capex
        ],
        "removed_by": {"rule": removal.rule, "reason": removal.reason} if removal else None,
    }


def _series(option: Option) -> dict[str, Any]:
    return {
        "strategy": option.strategy,
        "topology": option.topology.id,
        "cash": cash_series(option.bill),
        "with_labour": labour_series(option.bill),
    }


def _break_even(each: BreakEven) -> dict[str, Any]:
    def months(values: tuple[int | None, int | None, int | None]) -> dict[str, int | None]:
        return dict(zip(("low", "typical", "high"), values, strict=True))

    return {
        "option": each.option,
        "against": each.against,
        "cash": months(each.cash),
        "with_labour": months(each.with_labour),
        "words": each.words,
    }
