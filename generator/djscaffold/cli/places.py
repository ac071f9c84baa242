"""From the PROJECT argument to the folder that files are written to and the project inside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

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
    """Return where *project* lies.

    The top is the nearest folder with a ``.git`` (a file in worktrees and submodules), so that
    no git is needed to look at a project, nor its consent about who owns it.
    """
    named = project.resolve()
    tops = [folder for folder in (named, *named.parents) if (folder / ".git").exists()]
    return Where(root=tops[0] if tops else named, named=named)
