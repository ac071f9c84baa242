"""``djscaffold check``: compare the project with what its answers render to."""

from __future__ import annotations

import os
from pathlib import Path

import click

from djscaffold.render.drift import Drift, find_drift, rendered_files
from djscaffold.render.recorded import Recorded, find_recorded
from djscaffold.render.top import find_top
from djscaffold.report.drift import drift_as_annotations, drift_as_json, drift_as_text


@click.command("check")
@click.argument(
    "project", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="How to print the result. On GitHub Actions annotations are the default.",
)
@click.option("--allow-edited", is_flag=True, help="Report edited files, but do not fail on them.")
def command(project: Path, form: str | None, *, allow_edited: bool) -> int:
    """Compare the project with its recorded answers: edited and missing files, conflicts.

    Writes nothing. Exit code 3 when something differs: the gate for CI.
    """
    recorded = find_recorded(project)
    files = rendered_files(recorded)
    drifted, count = find_drift(recorded, files), len(files)
    on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    if form == "json":
        click.echo(drift_as_json(drifted, recorded.version, count))
    else:
        click.echo(drift_as_text(drifted, recorded.version, count))
        if drifted and (form == "github" or (form is None and on_github)):
            click.echo(drift_as_annotations(drifted, _prefix(recorded)))
    harmless = {Drift.EDITED, Drift.MODE} if allow_edited else set()
    return 3 if any(item.drift not in harmless for item in drifted) else 0


def _prefix(recorded: Recorded) -> str:
    """Return the project's folder as seen from the top of the repository, with a slash."""
    top = find_top(recorded.root)
    if top is None or top == recorded.root:
        return ""
    return f"{recorded.root.relative_to(top).as_posix()}/"
