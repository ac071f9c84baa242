"""``djscaffold keep``: a file becomes the person's."""

from __future__ import annotations

from pathlib import Path

import click

from djscaffold.render.keep import keep_files
from djscaffold.render.recorded import find_recorded


@click.command("keep")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The project (default: here). FILES are as seen from its top.",
)
def command(files: tuple[str, ...], project: Path) -> None:
    """Keep FILES as yours: `check` and every later update, copier's own too, leave them alone.

    Only the recorded answers change; the files stay as they are. A file that you deleted and keep
    stays away.
    """
    keep_files(find_recorded(project), files)
    for file in files:
        click.echo(f"{file} is yours now; undo: djscaffold adopt {file}")
