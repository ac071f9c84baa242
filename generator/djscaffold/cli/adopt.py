"""``djscaffold adopt``: a kept file is managed again."""

from __future__ import annotations

from pathlib import Path

import click

from djscaffold.render.keep import adopt_files
from djscaffold.render.recorded import find_recorded


@click.command("adopt")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The project (default: here). FILES are as seen from its top.",
)
def command(files: tuple[str, ...], project: Path) -> None:
    """Let djscaffold manage kept FILES again; what you changed in them is merged by updates.

    Only the recorded answers change; the files stay as they are. `djscaffold diff` shows how they
    differ from what would be rendered.
    """
    adopt_files(find_recorded(project), files)
    for file in files:
        click.echo(f"{file} is managed again; see: djscaffold diff")
