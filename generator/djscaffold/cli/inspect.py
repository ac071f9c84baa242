"""``djscaffold inspect``: what the project is, and what would break in production."""

from __future__ import annotations

import json
from pathlib import Path

import click

from djscaffold.facts.read import read_project
from djscaffold.report.facts import facts_as_json


@click.command("inspect")
@click.argument(
    "project", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print the answer.",
)
def command(project: Path, output_format: str) -> None:
    """Read PROJECT: facts with evidence, and what would break in production."""
    facts = read_project(project)
    click.echo(
        json.dumps(
            {"schema": 1, "root": ".", "facts": facts_as_json(facts), "findings": []}, indent=2
        )
    )
