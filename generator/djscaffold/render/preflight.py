"""What must hold before files of a project are merged, and how conflicts are left to git."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from djscaffold.errors import (
    EditedButIgnored,
    GitFailed,
    NotInGit,
    UncommittedChanges,
    UntrackedInTheWay,
)
from djscaffold.render.direct import RenderedFile
from djscaffold.render.git import ignored_paths, run_git, top_of
from djscaffold.render.journal import STAGE
from djscaffold.render.write import same_text


def check_ready(root: Path, old: Sequence[RenderedFile], new: Sequence[RenderedFile]) -> None:
    """Raise unless git can give back every file that may change.

    Raises NotInGit, UncommittedChanges, UntrackedInTheWay, EditedButIgnored, GitMissing, GitFailed.
    """
    if top_of(root) is None:
        raise NotInGit(root)
    changed, untracked = changes_of(root)
    if changed:
        raise UncommittedChanges(changed)
    rendered = {file.path: file.content for file in (*new, *old)}
    ignored = set(ignored_paths(root, rendered)) - index_modes(root).keys()
    _check_ignored(root, old, ignored)
    in_the_way = sorted(path for path in untracked if path in rendered)
    if in_the_way:
        raise UntrackedInTheWay(in_the_way)


def changes_of(root: Path) -> tuple[list[str], list[str]]:
    """Return the changed and the untracked files below *root*, as seen from there."""
    listed = run_git(
        *("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"),
        *("--ignore-submodules=all", "--", "."),
        cwd=root,
    )
    prefix = run_git("rev-parse", "--show-prefix", cwd=root).removesuffix(b"\n")
    changed, untracked = [], []
    for entry in listed.split(b"\0"):
        path = os.fsdecode(entry[3:].removeprefix(prefix))
        if entry.startswith(b"??"):
            untracked.append(path)
        elif entry and not path.startswith(f"{STAGE}/"):
            changed.append(f"{entry[:2].decode()} {path}")
    return changed, untracked


def index_modes(root: Path) -> dict[str, bool]:
    """Return the tracked files below *root* and whether git holds them executable.

    The disk does not say so everywhere: core.fileMode is off on Windows and on some shares.
    """
    listed = run_git("ls-files", "--stage", "-z", "--", ".", cwd=root)
    modes = {}
    for line in listed.split(b"\0"):
        meta, tab, path = line.partition(b"\t")
        if tab:
            modes[os.fsdecode(path)] = meta.startswith(b"100755")
    return modes


def mark_conflicts(
    root: Path, files: Mapping[str, tuple[bytes | None, bytes | None, bytes | None]]
) -> None:
    """Record *files* as unmerged: base, mine, theirs, so that git and merge tools see them.

    The markers are in the files already; where git's index is locked by another program they
    are all that is left, and `check` finds them.
    """
    if not files:
        return
    modes = index_modes(root)
    prefix = run_git("rev-parse", "--show-prefix", cwd=root).removesuffix(b"\n")
    lines = []
    for path, stages in files.items():
        mode = "100755" if modes.get(path) else "100644"
        name = prefix + os.fsencode(path)
        lines.append(b"0 " + b"0" * 40 + b"\t" + name)
        for stage, content in enumerate(stages, start=1):
            if content is not None:
                blob = _blob(root, content)
                lines.append(f"{mode} {blob} {stage}\t".encode() + name)
    try:
        top = top_of(root) or root
        run_git("update-index", "--index-info", cwd=top, text_in=b"\n".join(lines) + b"\n")
    except GitFailed:
        return


def _blob(root: Path, content: bytes) -> str:
    text = content.replace(b"\r\n", b"\n")
    return run_git("hash-object", "-w", "--stdin", cwd=root, text_in=text).decode().strip()


def _check_ignored(root: Path, old: Iterable[RenderedFile], ignored: set[str]) -> None:
    """Raise EditedButIgnored for a file that differs from *old* and that git cannot give back."""
    edited = [
        file.path
        for file in old
        if file.path in ignored
        and (root / file.path).is_file()
        and not same_text((root / file.path).read_bytes(), file.content)
    ]
    if edited:
        raise EditedButIgnored(edited)
