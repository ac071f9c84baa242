"""``djscaffold inspect``: what the project is, and what would break in production."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from djscaffold.cli.places import find_root, project_argument
from djscaffold.errors import NoDjangoProject
from djscaffold.facts.project import ProjectFacts
from djscaffold.facts.read import read_project
from djscaffold.findings import Finding, find_all


@click.command("inspect")
@project_argument
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for the code review (findings only).",
)
@click.option("--settings", metavar="MODULE", help="The settings module to read as production's.")
def command(project: Path, output_format: str, settings: str | None) -> None:
    """Read PROJECT: facts with file and line, and what would break in production.

    Nothing is written, and none of the project's code is imported or run.
    """
    started = time.monotonic()
    where = find_root(project)
    folder = where.hint if (where.named / "manage.py").is_file() else None
    facts = read_project(where.root, project_root=folder, settings=settings)
    if not facts.is_django:
        raise NoDjangoProject(str(where.named))
    findings = find_all(facts)
    if output_format == "text":
        _print_text(facts, findings, time.monotonic() - started)
        return
    click.echo(json.dumps(_document(output_format, facts, findings), indent=2, ensure_ascii=False))


def _document(name: str, facts: ProjectFacts, findings: tuple[Finding, ...]) -> object:
    if name == "sarif":
        from djscaffold.report.sarif import findings_as_sarif

        return findings_as_sarif(findings)
    from djscaffold.report.facts import inspection_as_json

    return inspection_as_json(facts, findings)


def _print_text(facts: ProjectFacts, findings: tuple[Finding, ...], seconds: float) -> None:
    from rich.console import Console

    from djscaffold.report.inspection import print_inspection

    print_inspection(Console(), facts, findings, seconds=seconds)
    for warning in facts.warnings:
        place = ", ".join(str(one) for one in warning.evidence)
        click.echo(f"{place}: {warning.message}", err=True)
