"""``djscaffold verify``: the real tools on the files that were written."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("verify", short_help="run the real tools on the files that were written")
@click.argument(
    "project",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--only", multiple=True, metavar="NAME", help="One check; repeatable. See --list.")
@click.option("--list", "list_checks", is_flag=True, help="Name the checks and stop.")
@click.option(
    "--python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An interpreter that has the project's dependencies: its settings are loaded with it.",
)
@click.option(
    "--env-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Variables for those settings, one NAME=value a line; else stand-ins where possible.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(
    project: Path,
    *,
    only: tuple[str, ...],
    list_checks: bool,
    python: Path | None,
    env_file: Path | None,
    form: str,
) -> int:
    """Check the deployment files of PROJECT (default: here) with the tools that will read them.

    A tool that is not installed makes a check skipped, never passed. Nothing is written to the
    project, and none of its code runs unless --python names an environment for it.
    Exits 3 if a check failed.
    """
    from djscaffold.report.results import results_json, results_text
    from djscaffold.verify.checks import CHECKS, checks_named, run_checks
    from djscaffold.verify.tree import read_tree

    if list_checks:
        click.echo("\n".join(f"{check.name:<18}{check.about}" for check in CHECKS))
        return 0
    checks = checks_named(only)
    tree = read_tree(project, python=python, env_file=env_file)
    results = run_checks(tree, checks, on_start=_say)
    if form == "json":
        import json

        click.echo(json.dumps(results_json(results), indent=2, ensure_ascii=False))
    else:
        click.echo(results_text(results))
    return 3 if any(result.status == "failed" for result in results) else 0


def _say(name: str) -> None:
    """Show what is running now, where somebody watches."""
    if sys.stderr.isatty():
        click.echo(f"... {name}", err=True)
