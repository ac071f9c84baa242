"""Compare rendered files with a folder, and write them: all of them, or none.

Nothing is written that ``compare`` did not list. Files that stand in the way are never replaced
unless the caller says so, file by file.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path

from djscaffold.errors import FilesInTheWay
from djscaffold.render.direct import RenderedFile
from djscaffold.render.journal import Change, apply_changes


class State(StrEnum):
    """What writing a file would mean."""

    CREATE = "create"
    IDENTICAL = "identical"
    CONFLICT = "conflict"  # another file stands there
    BLOCKED = "blocked"  # a folder, a link or a file in the way of its folder


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A rendered file and what stands in its place."""

    file: RenderedFile
    state: State
    reason: str = ""  # for BLOCKED: what is in the way
    existing: bytes | None = None
    existing_executable: bool = False

    @property
    def path(self) -> str:
        """Return the file's path from the root, with /."""
        return self.file.path

    def diff(self) -> str:
        """Return the unified diff from what stands there to what would be written."""
        return unified(self.path, self.existing or b"", self.file.content)


def compare(files: Iterable[RenderedFile], root: Path) -> tuple[PlannedFile, ...]:
    """Return what writing *files* into *root* would mean for each, in their order; write nothing.

    A file that is written once only, and is there, counts as identical: it is the person's.
    """
    folders: dict[str, str] = {}
    return tuple(_planned(file, root, folders) for file in files)


def write(
    planned: Sequence[PlannedFile], root: Path, *, overwrite: Collection[str] = ()
) -> list[str]:
    """Write what is to be created, and the conflicts named in *overwrite*; return the paths.

    All or nothing: on a failure the folder is as it was, and after a kill the next command
    (``finish_interrupted``) makes it so. Raises FilesInTheWay, before anything is written, if a
    path is blocked or a conflict is not named.
    """
    in_the_way = [
        item
        for item in planned
        if item.state is State.BLOCKED
        or (item.state is State.CONFLICT and item.path not in overwrite)
    ]
    if in_the_way:
        raise FilesInTheWay([(item.path, item.reason or item.state) for item in in_the_way])
    changed = [item.file for item in planned if item.state is not State.IDENTICAL]
    apply_changes(
        [Change(file.path, file.content, executable=file.executable) for file in changed], root
    )
    return [file.path for file in changed]


def unified(path: str, before: bytes, after: bytes) -> str:
    """Return a unified diff as git words it; one line where a side is not text."""
    try:
        old, new = before.decode(), after.decode()
    except UnicodeDecodeError:
        return f"Binary files a/{path} and b/{path} differ\n"
    lines = unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}", n=3)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Return the lines of *text*, split at newlines only (not at form feeds and the like)."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def same_text(one: bytes, other: bytes) -> bool:
    """Return whether two files differ in nothing but line endings, which git may convert."""
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _planned(file: RenderedFile, root: Path, folders: dict[str, str]) -> PlannedFile:
    """Return what writing *file* would mean; *folders* holds those that were looked at already."""
    folder = file.path[: file.path.rfind("/") + 1]
    if folder not in folders:
        folders[folder] = _blocked_folder(file.path, root)
    if reason := folders[folder] or _blocked_file(root / file.path):
        return PlannedFile(file=file, state=State.BLOCKED, reason=reason)
    target = root / file.path
    if not target.exists():
        return PlannedFile(file=file, state=State.CREATE)
    existing = target.read_bytes()
    executable = bool(target.stat().st_mode & stat.S_IXUSR)
    same = same_text(existing, file.content) and executable == file.executable
    return PlannedFile(
        file=file,
        state=State.IDENTICAL if same or file.once else State.CONFLICT,
        existing=existing,
        existing_executable=executable,
    )


def _blocked_folder(path: str, root: Path) -> str:
    """Return what keeps the folder of *path* from being one inside *root*; empty if nothing."""
    *folders, _ = Path(path).parts
    if Path(path).is_absolute() or ".." in folders:
        return "outside the project"
    place = root
    for folder in folders:
        place = place / folder
        if place.is_symlink():
            return f"{place.relative_to(root)} is a symbolic link"
        if place.exists() and not place.is_dir():
            return f"{place.relative_to(root)} is a file, not a folder"
    return ""


def _blocked_file(target: Path) -> str:
    """Return what keeps *target* from being a plain file; empty if nothing does."""
    if target.is_symlink():
        return "a symbolic link stands there"
    if target.is_dir():
        return "a folder stands there"
    return "" if not target.exists() or target.is_file() else "it is no plain file"
