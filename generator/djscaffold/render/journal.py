"""Change several files of a folder as one: all of them, or none, also when killed half-way.

Everything is first written into a folder of its own below the root, with copies of what will be
replaced. Then a journal is written, then files are renamed into place, then the journal goes.
A journal that is still there belongs to a run that was killed: ``finish_interrupted`` puts the
old files back.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from djscaffold.errors import AnotherRunWrites, NotWritten

STAGE = ".djscaffold-unfinished"
_JOURNAL = "journal.json"
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Change:
    """A file to write, or to remove where there is no content."""

    path: str
    content: bytes | None
    executable: bool = False


def is_interrupted(root: Path) -> bool:
    """Return whether a run was killed while it changed files below *root*."""
    return (root / STAGE / _JOURNAL).is_file()


def finish_interrupted(root: Path) -> bool:
    """Undo what a killed run left half-done below *root*; return whether there was anything.

    Raises AnotherRunWrites if that run is still alive.
    """
    stage = root / STAGE
    if not stage.is_dir():
        return False
    with _locked(root):
        undone = is_interrupted(root)
        _undo(root)
    return undone


def apply_changes(changes: Sequence[Change], root: Path) -> None:
    """Make all *changes* below *root*, or none. Raises NotWritten, AnotherRunWrites."""
    if not changes:
        return
    with _locked(root):
        try:
            _undo(root, keep_stage=True)
            entries = _stage(changes, root)
            _apply(entries, root)
        except OSError as error:
            _undo(root)
            raise NotWritten(error.strerror or str(error), error.filename) from error
        except BaseException:
            _undo(root)
            raise
        # From here on the work counts as done, whatever happens to the rest of the stage.
        (root / STAGE / _JOURNAL).unlink()
        shutil.rmtree(root / STAGE, ignore_errors=True)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold the stage for this process; the lock ends with the process, however it ends."""
    stage = root / STAGE
    try:
        stage.mkdir(parents=True, exist_ok=True)
        # git status stays clean, whatever happens.
        (stage / ".gitignore").write_text("*\n", encoding="utf-8")
        lock = (stage / _LOCK).open("w")
    except OSError as error:
        raise NotWritten(error.strerror or str(error), error.filename) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherRunWrites(root) from error
        yield


def _stage(changes: Sequence[Change], root: Path) -> list[dict[str, Any]]:
    """Write new contents and copies of the old ones into the stage, then the journal."""
    stage = root / STAGE
    entries = []
    for number, change in enumerate(changes):
        target = root / change.path
        if change.content is not None:
            new = stage / f"{number}.new"
            new.write_bytes(change.content)
            new.chmod(0o755 if change.executable else 0o644)
        if target.exists():
            shutil.copy2(target, stage / f"{number}.old")
        entries.append(
            {
                "path": change.path,
                "write": change.content is not None,
                "existed": target.exists(),
                "folders": _missing_folders(target.parent, root),
            }
        )
    draft = stage / f"{_JOURNAL}.draft"
    draft.write_text(json.dumps(entries), encoding="utf-8")
    _sync(draft)
    draft.replace(stage / _JOURNAL)
    return entries


def _apply(entries: list[dict[str, Any]], root: Path) -> None:
    for number, entry in enumerate(entries):
        target = root / entry["path"]
        if entry["write"]:
            target.parent.mkdir(parents=True, exist_ok=True)
            (root / STAGE / f"{number}.new").replace(target)
        else:
            target.unlink(missing_ok=True)
            _remove_empty(target.parent, root)


def _undo(root: Path, *, keep_stage: bool = False) -> None:
    """Put back what the journal says was there, then forget the stage."""
    stage = root / STAGE
    if is_interrupted(root):
        entries = json.loads((stage / _JOURNAL).read_text(encoding="utf-8"))
        for number, entry in reversed(list(enumerate(entries))):
            _restore(entry, stage / f"{number}.old", root)
        (stage / _JOURNAL).unlink()
    if not keep_stage:
        shutil.rmtree(stage, ignore_errors=True)


def _restore(entry: dict[str, Any], old: Path, root: Path) -> None:
    target = root / entry["path"]
    if entry["existed"]:
        # A rename needs no room on a full disk. No copy left: an undoing that was itself killed.
        if old.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            old.replace(target)
        return
    target.unlink(missing_ok=True)
    for folder in entry["folders"]:
        if (root / folder).is_dir() and not any((root / folder).iterdir()):
            (root / folder).rmdir()


def _missing_folders(folder: Path, root: Path) -> list[str]:
    """Return the folders between *folder* and *root* that do not exist yet, deepest first."""
    missing = []
    while folder != root and not folder.exists():
        missing.append(folder.relative_to(root).as_posix())
        folder = folder.parent
    return missing


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove *folder* and those above it while they are empty, as git would."""
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _sync(path: Path) -> None:
    """Wait until *path* is on the disk: a journal that outlives its files undoes nothing."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
