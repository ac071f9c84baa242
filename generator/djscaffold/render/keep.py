"""Take a file out of what djscaffold manages, or give it back, without touching the file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from djscaffold.errors import NotManaged
from djscaffold.render.drift import rendered_files
from djscaffold.render.journal import Change, apply_changes, finish_interrupted
from djscaffold.render.recorded import Recorded


def keep_files(recorded: Recorded, paths: Collection[str]) -> None:
    """Record that *paths* are the person's: no check, no update, no plain copier looks there.

    Only the answers file is written. Raises NotManaged for a path that is not rendered.
    """
    known = {file.path for file in rendered_files(recorded)} - {recorded.answers_file}
    _check_all(paths, known, "rendered here")
    _record(recorded, [*_kept(recorded), *paths])


def adopt_files(recorded: Recorded, paths: Collection[str]) -> None:
    """Record that *paths* are managed again; what differs in them counts as an edit from now on.

    Only the answers file is written. Raises NotManaged for a path that was not kept.
    """
    _check_all(paths, set(_kept(recorded)), "among the kept files")
    _record(recorded, [path for path in _kept(recorded) if path not in paths])


def _kept(recorded: Recorded) -> list[str]:
    return list(recorded.answers.get("keep_files", []))


def _check_all(paths: Collection[str], known: Collection[str], where: str) -> None:
    unknown = [path for path in paths if path not in known]
    if unknown:
        raise NotManaged(unknown, where)


def _record(recorded: Recorded, kept: list[str]) -> None:
    """Write the answers file with *kept*, and nothing else."""
    answers = {**recorded.answers, "keep_files": sorted(set(kept))}
    files = rendered_files(replace(recorded, answers=answers))
    changed = next(file for file in files if file.path == recorded.answers_file)
    finish_interrupted(recorded.root)
    apply_changes([Change(changed.path, changed.content)], recorded.root)
