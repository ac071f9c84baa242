"""A recommendation for the terminal: choice, ranking, costs, a small chart, what to know."""

from __future__ import annotations

from datetime import date
from math import floor, log10

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from djscaffold.profile.questions import label_of
from djscaffold.report.recommendation_json import facts_of
from djscaffold.strategy.costs import cash_series, labour_series
from djscaffold.strategy.criteria import read_criteria
from djscaffold.strategy.filters import CLOUD_NAMES
from djscaffold.strategy.generated import GENERATED, INSTEAD
from djscaffold.strategy.model import MONTHS, Bill, Line, Option, Recommendation
from djscaffold.strategy.rounding import rounded

BAR = 24
# The chart's two lines per option share a colour; these read on light and dark terminals.
COLOURS = ("green", "blue", "magenta", "yellow")


def print_recommendation(
    console: Console, recommendation: Recommendation, today: date, hints: tuple[object, ...] = ()
) -> None:
    """Write the whole report to *console*."""
    for part in _parts(recommendation, today, hints):
        console.print(part)
        console.print()


def _parts(
    recommendation: Recommendation, today: date, hints: tuple[object, ...]
) -> list[RenderableType]:
    parts: list[RenderableType | None] = [_headline(recommendation), _ranking(recommendation)]
    if recommendation.chosen is not None:
        parts += [_bill(recommendation.chosen), _comparison(recommendation), chart(recommendation)]
    parts += [
        _list("Good to know before you start", recommendation.must_know),
        _list("What would change the choice", flips_in_words(recommendation)),
        _list("Read from the project", [str(hint) for hint in hints]),
        _assumed(recommendation),
        _facts(recommendation, today),
    ]
    return [part for part in parts if part is not None]


def name_of(option: Option) -> str:
    """Return what a person calls an option: ``Google Cloud, gcp-cloudrun-small``."""
    names = {"own": "Own servers", "rented": "Rented servers", **CLOUD_NAMES}
    return (
        f"{names.get(option.family, CLOUD_NAMES.get(option.strategy, ''))}, {option.topology.name}"
    )


def money(usd: float, bill: Bill) -> str:
    """Return an amount of a bill with the digits that it deserves."""
    return rounded(usd, digits=bill.digits)


def agreement(bill: Bill) -> str:
    """Return the composite agreement in words."""
    return f"agreements of {bill.sla_percent:g} %" if bill.sla_percent else "no agreement"


def in_one_line(option: Option) -> str:
    """Return the costs of an option in one line."""
    bill = option.bill
    return (
        f"about {money(bill.monthly_usd, bill)} USD a month · "
        f"{money(bill.upfront_usd, bill)} up front · "
        f"{bill.labour_hours:g} hours of care a month · {agreement(bill)}"
    )


def strongest(option: Option, other: Option | None) -> list[str]:
    """Return the reasons for an option, those that set it apart from *other* first."""

    def lead(index: int) -> float:
        mine = option.contributions[index]
        theirs = other.contributions[index].points if other else 5.0
        return mine.weight * (mine.points - theirs)

    order = sorted(range(len(option.contributions)), key=lead, reverse=True)
    return [
        f"{read_criteria()[each.criterion]['plain']}: {each.reason}"
        for each in (option.contributions[index] for index in order if lead(index) > 0)
    ][:3]


def runner_up(recommendation: Recommendation) -> Option | None:
    """Return the second of the options that are left."""
    left = [option for option in recommendation.ranking if option.removed_by is None]
    return left[1] if len(left) > 1 else None


def flips_in_words(recommendation: Recommendation) -> list[str]:
    """Return one line per answer whose change would lead elsewhere."""
    lines = []
    for flip in recommendation.flips:
        name = flip.answer.removeprefix("with ").removeprefix("without ")
        prefix = flip.answer.removesuffix(name)
        label = label_of(flip.question, name)
        becomes = "nothing fits any more" if flip.becomes == "none" else flip.becomes
        lines.append(f"{flip.question}: {prefix}{label}  ->  {becomes}")
    if not lines:
        lines.append("no single answer: the choice is the same whichever one you change")
    return lines


def chart(recommendation: Recommendation) -> RenderableType:
    """Return the 36 months as lines of braille dots, cash and with labour."""
    from plotille import Figure

    figure = Figure()
    figure.width, figure.height, figure.origin = 60, 10, False
    figure.color_mode = "names"
    figure.set_x_limits(0, MONTHS)
    figure.x_ticks_fkt = lambda value, _: f"{value:.0f}"
    figure.y_ticks_fkt = lambda value, _: f"{value:,.0f}"
    figure.x_label, figure.y_label = "m", "USD"
    months = list(range(MONTHS + 1))
    legend = Text()
    top = 1.0
    for colour, option in zip(COLOURS, recommendation.compared, strict=False):
        cash, labour = cash_series(option.bill), labour_series(option.bill)
        top = max(top, labour[-1])
        figure.plot(months, cash, lc=colour)
        figure.plot(months, labour, lc=colour)
        legend.append("  ━ ", style=colour)
        removed = "" if option.removed_by is None else " (not open to you, for comparison)"
        legend.append(f"{option.topology.name}: {_at_the_end(option)}{removed}\n")
    figure.set_y_limits(0, figure.height * _round_step(top / figure.height))
    words = Text("\n".join(f"  {each.words}" for each in recommendation.break_even))
    title = Text(f"{MONTHS} months: the lower line of a colour is cash, the upper with labour")
    title.stylize("bold")
    return Group(title, Text.from_ansi(figure.show()), legend, words)


def _round_step(least: float) -> float:
    """Return the smallest 1, 2, 2.5 or 5 times a power of ten that is not under *least*."""
    power = 10.0 ** floor(log10(least))
    return next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= least)


def _at_the_end(option: Option) -> str:
    cash, labour = cash_series(option.bill)[-1], labour_series(option.bill)[-1]
    bill = option.bill
    return f"{money(cash, bill)} USD cash, {money(labour, bill)} with labour"


def _headline(recommendation: Recommendation) -> RenderableType:
    chosen = recommendation.chosen
    lines: list[RenderableType] = []
    if recommendation.conflict:
        lines.append(
            Text(f"These answers exclude each other. {recommendation.conflict}\n", "bold red")
        )
    if chosen is None:
        return Group(*lines)
    lines.append(Text.from_markup(f"[bold green]->[/] [bold]{escape(name_of(chosen))}[/]"))
    second = runner_up(recommendation)
    if second is not None and recommendation.is_near_tie:
        lines.append(
            Text.from_markup(
                f"   or [bold]{escape(name_of(second))}[/]: both fit, the first by "
                f"{100 * recommendation.margin:.1f} % only"
            )
        )
    lines.append(Text(f"   {chosen.topology.what}"))
    if chosen.region is not None:
        lines.append(
            Text(f"   in {chosen.region.id}: {chosen.region.name} ({chosen.region.country})")
        )
    lines.append(Text(f"   {in_one_line(chosen)}"))
    lines += [Text(f"   + {reason}") for reason in strongest(chosen, second)]
    if not GENERATED[chosen.topology.id]:
        lines.append(Text("   djscaffold init cannot write this topology yet.", "yellow"))
        lines.append(Text(f"   {INSTEAD[chosen.topology.id]}", "yellow"))
    return Group(*lines)


def _ranking(recommendation: Recommendation) -> RenderableType:
    table = Table(box=None, padding=(0, 1), title="Ranking", title_justify="left")
    table.title_style = "bold"
    for heading in ("", "option", "points of 100", ""):
        table.add_column(heading, overflow="fold")
    table.add_column("USD/month", justify="right")
    table.add_column("care", justify="right")
    left = [option for option in recommendation.ranking if option.removed_by is None]
    for place, option in enumerate(left, start=1):
        filled = round(option.score / 100 * BAR)
        bar = Text("█" * filled, "green" if place == 1 else "blue") + Text(
            "░" * (BAR - filled), "dim"
        )
        usd = money(option.bill.monthly_usd, option.bill)
        hours = f"{option.bill.labour_hours:g} h"
        table.add_row(str(place), option.topology.name, bar, f"{option.score:.1f}", usd, hours)
    lines = [
        Text.from_markup(
            f"  [dim]-  {escape(option.topology.name)}: {escape(option.removed_by.reason)}[/]"
        )
        for option in recommendation.ranking
        if option.removed_by is not None
    ]
    return Group(table, *lines) if left else Group(Text("Ranking", "bold"), *lines)


def _bill(chosen: Option) -> RenderableType:
    table = Table(box=None, padding=(0, 1), title=f"The bill of {chosen.topology.name}, USD")
    table.title_style, table.title_justify = "bold", "left"
    table.add_column("what", ratio=2)
    table.add_column("quantity x price", justify="right")
    table.add_column("USD", justify="right")
    table.add_column("fact", style="dim", overflow="ellipsis", no_wrap=True, ratio=1)
    bill = chosen.bill
    for line in bill.capex:
        _bill_row(table, line, " (once)")
    if bill.capex:
        table.add_row("[bold]up front", "", f"[bold]{bill.upfront_usd:,.2f}", "")
    for line in bill.lines:
        _bill_row(table, line)
    table.add_row("[bold]each month", "", f"[bold]{bill.monthly_usd:,.2f}", "")
    rate = f"{bill.labour.quantity:g} h x {bill.labour_rate.value:g}"
    table.add_row("labour, on top", rate, f"{bill.labour.usd:,.2f}", bill.labour.price.id)
    return table


def _bill_row(table: Table, line: Line, suffix: str = "") -> None:
    product = f"{line.quantity:,.10g} x {line.price.value:g}"
    table.add_row(escape(line.what) + suffix, product, f"{line.usd:,.2f}", line.price.id)


def _comparison(recommendation: Recommendation) -> RenderableType:
    table = Table(box=None, padding=(0, 1), title="Side by side, USD", title_justify="left")
    table.title_style = "bold"
    table.add_column("option")
    for heading in (
        "month",
        "up front",
        "labour/month",
        f"{MONTHS} m cash",
        f"{MONTHS} m + labour",
    ):
        table.add_column(heading, justify="right")
    table.add_column("SLA", justify="right")
    for option in recommendation.compared:
        bill = option.bill
        amounts = (
            bill.monthly_usd,
            bill.upfront_usd,
            bill.labour_usd,
            cash_series(bill)[-1],
            labour_series(bill)[-1],
        )
        sla = f"{bill.sla_percent:g} %" if bill.sla_percent else "none"
        table.add_row(option.topology.name, *(money(each, bill) for each in amounts), sla)
    return table


def _list(title: str, sentences: list[str] | tuple[str, ...]) -> RenderableType | None:
    if not sentences:
        return None
    rows = Table.grid(padding=(0, 1))
    for sentence in sentences:
        rows.add_row("  -", Text(sentence))
    return Group(Text(title, "bold"), rows)


def _assumed(recommendation: Recommendation) -> RenderableType | None:
    assumed = recommendation.profile.assumed
    if not assumed:
        return None
    answers = recommendation.profile.answers()
    told = ", ".join(f"{key}={_plain(answers[key])}" for key in assumed)
    return Padding(Text(f"Nobody answered, so the default was taken: {told}", "yellow"), (0, 0))


def _plain(value: object) -> str:
    return ",".join(map(str, value)) or "none" if isinstance(value, list) else str(value or "none")


def _facts(recommendation: Recommendation, today: date) -> RenderableType | None:
    if not recommendation.compared:
        return None
    facts = facts_of(recommendation, today)
    lines = [
        f"List prices, dated {facts['as_of']} to {facts['newest']}, before tax, "
        "without credits or commitments."
    ]
    if facts["stale"]:
        lines.append(
            f"Warning: {len(facts['stale'])} of them are undated or older than 12 months: "
            + ", ".join(facts["stale"])
        )
    if facts["low_confidence"]:
        lines.append("Low confidence: " + ", ".join(facts["low_confidence"]))
    lines.append("Every figure: djscaffold explain price ID")
    return Text("\n".join(lines), "dim")
