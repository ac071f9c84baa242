"""The 36-month picture as SVG for the HTML report: cash solid, with labour dashed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pygal
from pygal.style import Style

from djscaffold.strategy.costs import cash_series, labour_series
from djscaffold.strategy.model import MONTHS, Option

_UNWANTED = re.compile("<!--.*?-->|<script.*?</script>|<script[^>]*/>", re.DOTALL)
# Colours come from the page's variables, so that the chart follows light and dark.
COLOURS = tuple(f"var(--line-{number})" for number in range(1, 6))


def svg_of(options: Sequence[Option], *, width: int, height: int, name: str) -> str:
    """Return one SVG element; *name* keeps the style rules of two charts on a page apart.

    The page has the legend: text there wraps, and an SVG's does not.
    """
    figure = pygal.XY(
        width=width,
        height=height,
        style=_style(len(options)),
        show_dots=False,
        show_legend=False,
        x_title="months",
        y_title="US dollars paid so far",
        xrange=(0, MONTHS),
        x_labels=list(range(0, MONTHS + 1, 6)),
        range=(0, None),
        value_formatter=lambda value: f"{value:,.0f}",
        x_value_formatter=lambda value: f"{value:.0f}",
        disable_xml_declaration=True,
        explicit_size=False,
        no_data_text="nothing to draw",
        js=(),
        margin=4,
        stroke_style={"width": 2.2},
    )
    # pygal draws a random id otherwise, and the report would differ from run to run.
    figure.uuid = name
    for option in options:
        cash, labour = cash_series(option.bill), labour_series(option.bill)
        label = option.topology.name
        figure.add(f"{label}, cash", list(enumerate(cash)), stroke_style={"width": 2.2})
        figure.add(
            f"{label}, with labour",
            list(enumerate(labour)),
            stroke_style={"width": 2.2, "dasharray": "6, 4"},
        )
    # Its comments hold the day of rendering and an address, its script only hover effects.
    return _UNWANTED.sub("", str(figure.render(is_unicode=True)))


def _style(options: int) -> Style:
    pairs = tuple(colour for colour in COLOURS[:options] for _ in range(2))
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--text)",
        foreground_strong="var(--text)",
        foreground_subtle="var(--dim)",
        guide_stroke_color="var(--rule)",
        major_guide_stroke_color="var(--rule)",
        colors=pairs,
        value_colors=("var(--text)",) * len(pairs),
        font_family="system-ui, sans-serif",
        label_font_size=13,
        major_label_font_size=13,
        title_font_size=14,
        opacity="1",
        stroke_opacity="1",
        transition="0s",
    )
