"""Compare a project with what its recorded answers render to."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from djscaffold.errors import NotWrittenByUs
from djscaffold.render.direct import RenderedFile, render_files
from djscaffold.render.journal import is_interrupted
from djscaffold.render.recorded import Recorded
from djscaffold.render.versions import template_at
from djscaffold.render.write import State, compare, unified


class Drift(StrEnum):
    """How a file differs from what was rendered."""

    EDITED = "edited"
    MODE = "mode"
    MISSING = "missing"
    CONFLICT = "conflict-markers"
    LEFTOVER = "rejected-hunks"
    BLOCKED = "blocked"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftedFile:
    """One difference: the file, its kind, the first line concerned, and a sentence."""

    path: str
    drift: Drift
    line: int
    message: str
    diff: str = ""


def rendered_files(recorded: Recorded) -> tuple[RenderedFile, ...]:
    """Return the files as they were rendered, by the version that the project recorded."""
    if not recorded.version:
        raise NotWrittenByUs(recorded.root / recorded.answers_file)
    with template_at(recorded.version) as template:
        return render_files(
            recorded.answers,
            origin=recorded.origin,
            template=template,
            answers_file=recorded.answers_file,
        )


def find_drift(recorded: Recorded, files: Sequence[RenderedFile]) -> tuple[DriftedFile, ...]:
    """Return where the project differs from *files*, its rendered ones, in their order."""
    found = [_of_file(item.file, item.state, item.reason, recorded.root)
             for item in compare(files, recorded.root)]  # fmt: skip
    drifted = [item for item in found if item is not None]
    if is_interrupted(recorded.root):
        drifted.insert(0, _unfinished())
    return tuple(drifted)


def marker_line(content: bytes) -> int | None:
    """Return the first line that holds a conflict marker of git or copier, from 1."""
    for number, line in enumerate(content.splitlines(), start=1):
        if line.startswith((b"<<<<<<< ", b">>>>>>> ")):
            return number
    return None


def _unfinished() -> DriftedFile:
    return DriftedFile(
        path=".",
        drift=Drift.UNFINISHED,
        line=1,
        message="a djscaffold run was killed here; the next init, update or switch undoes it",
    )


def _of_file(file: RenderedFile, state: State, reason: str, root: Path) -> DriftedFile | None:
    if state is State.BLOCKED:
        return DriftedFile(path=file.path, drift=Drift.BLOCKED, line=1, message=reason)
    if state is State.CREATE:
        message = "rendered by djscaffold, not in the project"
        diff = unified(file.path, file.content, b"")
        return DriftedFile(path=file.path, drift=Drift.MISSING, line=1, message=message, diff=diff)
    target = root / file.path
    content = target.read_bytes()
    if line := marker_line(content):
        message = "a merge conflict is unresolved"
        diff = unified(file.path, file.content, content)
        return DriftedFile(
            path=file.path, drift=Drift.CONFLICT, line=line, message=message, diff=diff
        )
    if target.with_name(f"{target.name}.rej").exists():
        message = f"{target.name}.rej holds changes that could not be merged"
        return DriftedFile(path=file.path, drift=Drift.LEFTOVER, line=1, message=message)
    return None if state is State.IDENTICAL else _edited(file, content, target)


def _edited(file: RenderedFile, content: bytes, target: Path) -> DriftedFile:
    diff = unified(file.path, file.content, content)
    if not diff or content == file.content:
        is_executable = bool(target.stat().st_mode & stat.S_IXUSR)
        message = "is executable, was not" if is_executable else "is not executable any more"
        return DriftedFile(path=file.path, drift=Drift.MODE, line=1, message=message)
    return DriftedFile(
        path=file.path,
        drift=Drift.EDITED,
        line=_first_changed_line(file.content, content),
        message="differs from what djscaffold rendered",
        diff=diff,
    )


def _first_changed_line(before: bytes, after: bytes) -> int:
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    for number, (old, new) in enumerate(pairs, start=1):
        if old != new:
            return number
    return max(1, min(before.count(b"\n"), after.count(b"\n")))
