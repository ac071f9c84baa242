"""Files that are there already: keep mine, overwrite, or abort; nothing is decided silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from djscaffold.errors import FilesInTheWay, NotRestorable
from djscaffold.render.direct import RenderedFile
from djscaffold.render.git import restorable
from djscaffold.render.write import PlannedFile, State, same_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Which conflicting files are replaced, and which stay the person's."""

    overwrite: frozenset[str] = frozenset()
    keep: tuple[str, ...] = ()


def unchanged_since_rendered(
    planned: Sequence[PlannedFile], before: Sequence[RenderedFile]
) -> frozenset[str]:
    """Return the conflicting paths that stand exactly as *before* rendered them: nobody's edits."""
    contents = {file.path: file.content for file in before}
    return frozenset(
        item.path
        for item in planned
        if item.state is State.CONFLICT
        and item.path in contents
        and same_text(item.existing or b"", contents[item.path])
    )


def settle(
    planned: Sequence[PlannedFile],
    root: Path,
    *,
    ours: frozenset[str],
    on_conflict: str,
    interactive: bool,
) -> Settled:
    """Return what happens to each conflict that is not in *ours*.

    Raises FilesInTheWay where nobody can be asked and no option decides, NotRestorable where
    overwriting would lose something that git cannot bring back.
    """
    blocked = [(item.path, item.reason) for item in planned if item.state is State.BLOCKED]
    if blocked:
        raise FilesInTheWay(blocked)
    theirs = [item for item in planned if item.state is State.CONFLICT and item.path not in ours]
    decisions = {item.path: on_conflict for item in theirs}
    if on_conflict == "ask" and interactive:
        decisions = {item.path: _ask(item) for item in theirs}
    if any(decision in ("ask", "abort") for decision in decisions.values()):
        raise FilesInTheWay([(item.path, "a file of yours") for item in theirs])
    overwrite = [path for path, decision in decisions.items() if decision == "overwrite"]
    lost = sorted(path for path in overwrite if not restorable(root, path))
    if lost:
        raise NotRestorable(lost)
    kept = tuple(path for path, decision in decisions.items() if decision == "keep")
    return Settled(overwrite=ours | frozenset(overwrite), keep=kept)


def with_kept(answers: Mapping[str, Any], keep: Sequence[str]) -> dict[str, Any]:
    """Return *answers* that leave the *keep* paths alone, now and in every later update."""
    return {**answers, "keep_files": sorted({*answers["keep_files"], *keep})}


def _ask(item: PlannedFile) -> str:
    """Return what a person wants done with one file, after showing the difference."""
    click.echo(f"\n{item.path} is there already:", err=True)
    click.echo(item.diff(), err=True)
    choices = {"k": "keep", "o": "overwrite", "a": "abort"}
    letter = click.prompt(
        "  (k)eep yours, (o)verwrite it, (a)bort",
        type=click.Choice(list(choices)),
        default="k",
        show_choices=False,
        err=True,
    )
    return choices[letter]
