"""``djscaffold diff``: the differences that ``check`` reports, as a unified diff."""

from __future__ import annotations

from pathlib import Path

import click

from djscaffold.render.drift import find_drift, rendered_files
from djscaffold.render.recorded import find_recorded


@click.command("diff")
@click.argument(
    "project", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)
@click.option("--update", is_flag=True, help="Show what an update to the installed version brings.")
def command(project: Path, *, update: bool) -> int:
    """Show what was changed by hand since djscaffold rendered the files, as a unified diff.

    Writes nothing. Exit code 3 when there is a difference, 0 when there is none.
    """
    recorded = find_recorded(project)
    if update:
        # copier is imported for this only: without it `diff` answers in a fifth of the time.
        from djscaffold.render.update import plan_update

        text = plan_update(recorded).diff()
    else:
        drifted = find_drift(recorded, rendered_files(recorded))
        text = "".join(item.diff or f"{item.path}: {item.message}\n" for item in drifted)
    click.echo(text, nl=False)
    return 3 if text else 0
