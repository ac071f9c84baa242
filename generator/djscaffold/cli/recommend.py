"""``djscaffold recommend``: from a short profile to a choice with reasons and costs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from djscaffold.profile.file import read_profile
from djscaffold.profile.model import make_profile
from djscaffold.report.recommendation import json_of
from djscaffold.strategy.recommend import recommend


@click.command("recommend")
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option(
    "--profile", "profile_file", type=click.Path(path_type=Path), help="Answers in a file."
)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One answer.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(
    project: Path | None, profile_file: Path | None, settings: tuple[str, ...], form: str
) -> int:
    """Say which hosting fits, why, and what it costs."""
    answers: dict[str, Any] = read_profile(profile_file) if profile_file else {}
    answers |= dict(each.partition("=")[::2] for each in settings)
    recommendation = recommend(make_profile(answers))
    click.echo(json.dumps(json_of(recommendation, date.today()), indent=2))
    return 3 if recommendation.conflict else 0
