"""What git says about the project's repository: its top, what is uncommitted, ignored, restorable.

Everything here only asks; nothing is staged, committed or stashed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

# A hook's environment points git at another repository than the folder it runs in.
_OF_HOOKS = (
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
)


def top_of(folder: Path) -> Path | None:
    """Return the top folder of the repository around *folder*; None outside of one.

    Found by looking for ``.git`` (a folder, or a file in worktrees and submodules), so that it
    works without git and in a repository that belongs to somebody else.
    """
    here = folder.resolve()
    return next((place for place in (here, *here.parents) if (place / ".git").exists()), None)


def has_git(root: Path) -> bool:
    """Return whether *root* is inside a work tree that git can read."""
    return _git(root, "rev-parse", "--is-inside-work-tree") == "true\n"


def modified_files(root: Path) -> list[str]:
    """Return git's status lines for tracked files with uncommitted changes below *root*."""
    answer = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return (answer or "").splitlines()


def restorable(root: Path, paths: Collection[str]) -> set[str]:
    """Return those *paths* that ``git checkout`` brings back as they are: tracked and unchanged."""
    if not paths:
        return set()
    tracked = set((_git(root, "ls-files", "-z", "--", *paths) or "").split("\0")) & set(paths)
    changed = {line[3:] for line in _status(root, paths)}
    return tracked - changed


def ignored(root: Path, paths: Collection[str]) -> list[str]:
    """Return those *paths* that git ignores: nobody else would ever see them."""
    text = "\0".join(paths)
    answer = _git(root, "check-ignore", "-z", "--stdin", "--no-index", text=text) or ""
    return sorted(path for path in answer.split("\0") if path)


def _status(root: Path, paths: Collection[str]) -> list[str]:
    answer = _git(root, "status", "--porcelain", "-z", "--", *paths) or ""
    return [entry for entry in answer.split("\0") if entry]


def _git(root: Path, *arguments: str, text: str | None = None) -> str | None:
    """Return what git printed; None if it is not installed or refused."""
    environment = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            input=text,
            check=False,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        )
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
