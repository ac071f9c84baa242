"""Where a repository begins."""

from __future__ import annotations

from pathlib import Path


def find_top(folder: Path) -> Path | None:
    """Return the nearest folder at or above *folder* that is a repository's top; None outside.

    A ``.git`` is looked for (a file in worktrees and submodules), so that no git is needed to
    look at a project, nor its consent about who owns it.
    """
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), None)
