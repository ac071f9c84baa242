"""Ask git, in a way that no variable of a hook and no person's configuration can change."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from pathspec import GitIgnoreSpec

from djscaffold.errors import GitFailed, GitMissing

# What git sets for its hooks, and what would make it read another repository than the one asked.
_LOCAL_VARIABLES = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
}


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what ties git to another repository."""
    return {key: value for key, value in os.environ.items() if key not in _LOCAL_VARIABLES}


def isolated_environment() -> dict[str, str]:
    """Return an environment in which git knows no configuration but ours.

    For repositories that we make ourselves. `apply.whitespace=error` in a person's configuration,
    for one, makes copier drop every edit in silence.
    """
    settings = {
        "apply.whitespace": "nowarn",
        "core.autocrlf": "false",
        "core.excludesFile": os.devnull,
        "core.hooksPath": os.devnull,
        "init.defaultBranch": "main",
        # Nothing goes on in the background when the folder is removed.
        "maintenance.auto": "false",
        "protocol.file.allow": "always",
        # The template may belong to root, or to whoever cloned it.
        "safe.directory": "*",
    }
    numbered = enumerate(settings.items())
    pairs = {
        f"GIT_CONFIG_{part}_{number}": text
        for number, (key, value) in numbered
        for part, text in (("KEY", key), ("VALUE", value))
    }
    kept = {k: v for k, v in clean_environment().items() if not k.startswith("GIT_")}
    return {
        **kept,
        **pairs,
        "GIT_CONFIG_COUNT": str(len(settings)),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


def run_git(
    *arguments: str | Path,
    cwd: Path,
    text_in: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    allowed: Iterable[int] = (0,),
) -> bytes:
    """Return what ``git ARGUMENTS`` prints. Raises GitMissing, and GitFailed with git's words."""
    command = ["git", "-c", "core.quotePath=false", "-c", "color.ui=false", *map(str, arguments)]
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            input=text_in,
            capture_output=True,
            check=False,
            env=clean_environment() if environment is None else dict(environment),
        )
    except FileNotFoundError as error:
        raise GitMissing from error
    if done.returncode not in allowed:
        raise GitFailed(arguments[0], done.stderr.decode(errors="replace").strip())
    return done.stdout


def top_of(folder: Path) -> Path | None:
    """Return the top of the work tree that holds *folder*; None where there is none.

    Raises GitFailed when there is one that git refuses to read (another owner, damaged).
    """
    try:
        found = run_git("rev-parse", "--show-toplevel", cwd=folder)
    except GitFailed as error:
        if "not a git repository" in error.words or "must be run in a work tree" in error.words:
            return None
        raise
    return Path(os.fsdecode(found.removesuffix(b"\n")))


def ignored_paths(root: Path, paths: Iterable[str]) -> list[str]:
    """Return those of *paths* that git would not commit.

    Where there is no repository yet, the folder's own .gitignore tells.
    Such a file reaches no colleague and no server, and no update can protect edits in it.
    """
    given = [path for path in paths if not Path(path).is_absolute()]
    try:
        if not given:
            return []
        if top_of(root) is None:
            return _ignored_before_git(root, given)
        found = run_git(
            *("check-ignore", "--no-index", "-z", "--stdin"),
            cwd=root,
            text_in=b"\0".join(os.fsencode(path) for path in given),
            allowed=(0, 1),
        )
    except GitMissing:
        return []
    names = {os.fsdecode(name) for name in found.split(b"\0") if name}
    return [path for path in given if path in names]


def _ignored_before_git(root: Path, paths: list[str]) -> list[str]:
    try:
        lines = (root / ".gitignore").read_text(errors="replace").splitlines()
    except OSError:
        return []
    spec = GitIgnoreSpec.from_lines(lines)
    return [path for path in paths if spec.match_file(path)]


def restorable(root: Path, path: str) -> bool:
    """Return whether git can give the file back as it is now: committed and unchanged."""
    try:
        if top_of(root) is None:
            return False
        tracked = run_git("ls-files", "-z", "--", f":(literal){path}", cwd=root)
        changed = run_git("status", "--porcelain", "-z", "--", f":(literal){path}", cwd=root)
    except (GitMissing, GitFailed):
        return False
    return bool(tracked) and not changed
