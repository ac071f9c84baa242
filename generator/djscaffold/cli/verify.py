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
@click.option("--build", is_flag=True, help="Build the image and prove it, by the engine here.")
@click.option(
    "--build-option",
    multiple=True,
    metavar="OPTION",
    help="Passed to docker build, such as --secret=id=netrc,src=$HOME/.netrc; repeatable.",
)
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
    build: bool,
    build_option: tuple[str, ...],
    list_checks: bool,
    python: Path | None,
    env_file: Path | None,
    form: str,
) -> int:
    """Check the deployment files of PROJECT (default: here) with the tools that will read them.

    A tool that is not installed makes a check skipped, never passed. Nothing is written to the
    project, and none of its code runs on this machine unless --python names an environment for it.
    --build (or --only image) builds the image from a copy, starts it without a network, and
    removes it again. Exits 3 if a check failed.
    """
    from djscaffold.report.results import results_json, results_text
    from djscaffold.verify.checks import CHECKS, checks_named, run_checks
    from djscaffold.verify.image import proof
    from djscaffold.verify.tree import read_tree

    if list_checks:
        rows = [*((check.name, check.about) for check in CHECKS), (proof.NAME, proof.ABOUT)]
        click.echo("\n".join(f"{name:<18}{about}" for name, about in rows))
        return 0
    build = build or proof.NAME in only
    if build_option and not build:
        raise click.UsageError("--build-option is for --build.")
    named = tuple(name for name in only if name != proof.NAME)
    checks = checks_named(named) if named or not only else ()
    tree = read_tree(project, python=python, env_file=env_file)
    results = run_checks(tree, checks, on_start=_say)
    if build:
        results += proof.run_proof(tree, options=build_option, on_progress=_say_always)
    if form == "json":
        import json

        click.echo(json.dumps(results_json(results), indent=2, ensure_ascii=False))
    else:
        click.echo(results_text(results))
    return 3 if any(result.status == "failed" for result in results) else 0


def _say_always(step: str) -> None:
    """Show a step of the build: it takes minutes, and a log of CI should say which."""
    click.echo(f"... image: {step}", err=True)


def _say(name: str) -> None:
    """Show what is running now, where somebody watches."""
    if sys.stderr.isatty():
        click.echo(f"... {name}", err=True)
