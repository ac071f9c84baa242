"""``djscaffold recommend``: from a short profile to a choice with reasons and costs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from djscaffold.cli.places import find_root
from djscaffold.profile.file import PROFILE_NAME, profile_text, read_profile
from djscaffold.profile.model import LISTS, NOT_SURE, Profile, ProfileError, make_profile
from djscaffold.profile.prefill import Hint, answers_of, hints_of
from djscaffold.report.recommendation_json import json_of
from djscaffold.strategy.catalogue import PriceBook, read_prices
from djscaffold.strategy.model import Recommendation
from djscaffold.strategy.overrides import overrides_of, read_overrides
from djscaffold.strategy.recommend import recommend

NEEDS_A_PERSON = 3


@click.command("recommend")
@click.argument(
    "project", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--profile",
    "profile_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"Answers in YAML or JSON. Without it {PROFILE_NAME} of the project is read.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="One answer, over those of the file; lists with commas. Repeatable.",
)
@click.option(
    "--defaults", is_flag=True, help="Ask nothing: what is not answered takes its default."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to stdout.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="Also write the report as one HTML file that needs no network.",
)
@click.option(
    "--save-profile",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write the answers as a file to edit.",
)
@click.option(
    "--prices",
    "prices_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own prices, rate or hours: `fact id: value` lines, over the listed ones.",
)
@click.option(
    "--price",
    "own_prices",
    multiple=True,
    metavar="ID=VALUE",
    help="One price of your own. Repeatable. Ids: djscaffold explain price",
)
@click.option(
    "--labour-rate",
    type=click.FloatRange(min=0),
    metavar="USD",
    help="What an hour of care costs; the same as --price labour.rate_hour=USD.",
)
@click.pass_context
def command(
    context: click.Context,
    project: Path | None,
    profile_file: Path | None,
    settings: tuple[str, ...],
    defaults: bool,
    form: str,
    output: Path | None,
    save_profile: Path | None,
    prices_file: Path | None,
    own_prices: tuple[str, ...],
    labour_rate: float | None,
) -> None:
    """Say which hosting fits, why, and what it costs.

    Reads what the PROJECT tells, asks the rest in twelve short questions, and writes nothing but
    the files you name. Exit code 3: the answers exclude each other.
    """
    today = date.today()
    hints = _hints(project, profile_file)
    profile = _profile(project, profile_file, settings, hints, ask=not defaults and form == "text")
    if labour_rate is not None:
        own_prices = (*own_prices, f"labour.rate_hour={labour_rate}")
    result = recommend(profile, prices=_prices(prices_file, own_prices, today))
    _print(result, form, today, hints)
    if save_profile is not None:
        _write(save_profile, profile_text(profile))
    if output is not None:
        from djscaffold.report.html import html_of

        _write(output, html_of(result, today, hints))
    if result.conflict:
        context.exit(NEEDS_A_PERSON)


def _profile(
    project: Path | None,
    profile_file: Path | None,
    settings: tuple[str, ...],
    hints: tuple[Hint, ...],
    *,
    ask: bool,
) -> Profile:
    """Return the profile from file, options and project; ask only who gave none of them."""
    saved = find_root(project or Path()).root / PROFILE_NAME
    if profile_file is None and saved.is_file():
        profile_file = saved
        click.echo(f"Answers from {saved}", err=True)
    answers = read_profile(profile_file) if profile_file else {}
    try:
        answers |= _settings(settings)
    except ProfileError as error:
        raise click.BadParameter(str(error), param_hint="--set") from error
    if ask and not answers and sys.stdin.isatty():
        from djscaffold.cli.ask_profile import ask_profile

        return make_profile(ask_profile({}, hints))
    return make_profile(_prefilled(answers, hints))


def _settings(settings: Sequence[str]) -> dict[str, Any]:
    """Return the answers of ``--set``; a later one wins."""
    answers: dict[str, Any] = {}
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(
                f"{text!r} is not KEY=VALUE, such as size=small", param_hint="--set"
            )
        answers[key.strip()] = value.strip() or (() if key.strip() in LISTS else NOT_SURE)
    make_profile(answers)
    return answers


def _prefilled(answers: dict[str, Any], hints: tuple[Hint, ...]) -> dict[str, Any]:
    """Return *answers* with what the project states for every key that they leave open."""
    return {
        **answers_of(hints),
        **{key: value for key, value in answers.items() if value is not None},
    }


def _prices(path: Path | None, own: Sequence[str], today: date) -> PriceBook:
    overrides = {**(read_overrides(path) if path else {}), **overrides_of(own)}
    return replace(read_prices(), overrides=overrides, overridden_on=today.isoformat())


def _print(result: Recommendation, form: str, today: date, hints: tuple[Hint, ...]) -> None:
    if form == "json":
        click.echo(json.dumps(json_of(result, today, hints), indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    from djscaffold.report.recommendation import print_recommendation

    print_recommendation(Console(highlight=False, emoji=False), result, today, hints)


def _hints(project: Path | None, profile_file: Path | None) -> tuple[Hint, ...]:
    """Return what the project answers, if there is one; a profile file alone stands for itself."""
    if project is None and profile_file is not None:
        return ()
    # Imported here: reading projects costs a quarter of the time that an answer may take.
    from djscaffold.facts.model import Found
    from djscaffold.facts.read import read_project

    where = find_root(project or Path())
    inner = where.hint if (where.named / "manage.py").is_file() else None
    facts = read_project(where.root, project_root=inner)
    return hints_of(facts) if isinstance(facts.project_root, Found) else ()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    click.echo(f"Written: {path}", err=True)
