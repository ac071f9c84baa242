"""From the PROJECT argument to the folder that files are written to and the project inside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from djscaffold.render.top import find_top

project_argument = click.argument(
    "project",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The repository's top (or PROJECT where there is no git), and the folder that was named."""

    root: Path
    named: Path

    @property
    def hint(self) -> str | None:
        """Return the named folder seen from the top; None if it is the top."""
        inside = self.named.relative_to(self.root).as_posix()
        return None if inside == "." else inside


def find_root(project: Path) -> Where:
    """Return where *project* lies."""
    named = project.resolve()
    return Where(root=find_top(named) or named, named=named)
