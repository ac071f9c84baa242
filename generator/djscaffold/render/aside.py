"""Bring back edits that a switch to another platform had set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from djscaffold.render.git import isolated_environment, run_git
from djscaffold.render.update import SET_ASIDE, ChangedFile, Outcome, UpdatePlan


def bring_back(plan: UpdatePlan, bases: Mapping[str, bytes]) -> UpdatePlan:
    """Return *plan* with the edits of set-aside files merged into the files that come back.

    *bases* are the files as they were rendered when they were set aside. Edits that clash with a
    newer template stay where they are, beside the file.
    """
    files: list[ChangedFile] = []
    for file in plan.files:
        aside = plan.recorded.root / (file.path + SET_ASIDE)
        base = bases.get(file.path)
        if file.outcome is not Outcome.ADDED or base is None or not aside.is_file():
            files.append(file)
            continue
        mine = aside.read_bytes()
        merged = _merge(mine, base, file.after or b"")
        if merged is None:
            files.append(file)
            continue
        files += [
            replace(file, outcome=Outcome.MERGED, after=merged, executable=_executable(aside)),
            ChangedFile(
                path=file.path + SET_ASIDE,
                outcome=Outcome.REMOVED,
                before=mine,
                after=None,
                executable=False,
            ),
        ]
    return replace(plan, files=tuple(files))


def _merge(mine: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """Return the three merged, None if they clash."""
    with TemporaryDirectory(prefix="djscaffold-") as name:
        scratch = Path(name)
        for part, content in (("mine", mine), ("base", base), ("theirs", theirs)):
            (scratch / part).write_bytes(content)
        merged = run_git(
            *("merge-file", "-p", "--quiet", "mine", "base", "theirs"),
            cwd=scratch,
            environment=isolated_environment(),
            allowed=range(256),
        )
    return None if b"<<<<<<< mine" in merged else merged


def _executable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)
