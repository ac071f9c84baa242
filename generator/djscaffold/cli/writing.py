"""From a plan to files on disk: compared, settled, shown, confirmed, written at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from djscaffold.cli.earlier import Earlier
from djscaffold.cli.settling import Settled, settle, unchanged_since_rendered, with_kept
from djscaffold.errors import DjscaffoldError, UncommittedChanges
from djscaffold.plan.model import Plan
from djscaffold.render.direct import RenderedFile, render_files
from djscaffold.render.git import ignored_paths
from djscaffold.render.journal import finish_interrupted
from djscaffold.render.preflight import changes_of
from djscaffold.render.source import Origin, tool_origin
from djscaffold.render.write import PlannedFile, State, compare, write
from djscaffold.report.files import print_differences, print_files, print_written


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffold:
    """What is about to be written: every file, and what becomes of those that are there."""

    planned: tuple[PlannedFile, ...]
    settled: Settled
    ours: frozenset[str]
    platform: str
    origin: Origin

    @property
    def is_new(self) -> bool:
        """Return whether there is anything to write."""
        return any(item.state is not State.IDENTICAL for item in self.planned)


def undo_interrupted(root: Path) -> None:
    """Undo what a killed run left behind, and say so."""
    if finish_interrupted(root):
        click.echo("An earlier run was killed half-way; its changes were undone.", err=True)


def refuse_uncommitted(root: Path) -> None:
    """Raise UncommittedChanges if tracked files have changes; untracked files are no matter."""
    if not (root / ".git").exists():
        return
    changed, _ = changes_of(root)
    if changed:
        raise UncommittedChanges(changed, otherwise=", or pass --allow-dirty")


def make_scaffold(
    plan: Plan,
    root: Path,
    *,
    earlier: Earlier,
    template_url: str | None,
    on_conflict: str,
    interactive: bool,
) -> Scaffold:
    """Return the files of *plan* compared with *root*, each conflict decided.

    Raises FilesInTheWay and NotRestorable.
    """
    answers, name, origin = plan.answers(), earlier.answers_file, tool_origin(template_url)
    planned = compare(render_files(answers, origin=origin, answers_file=name), root)
    ours = unchanged_since_rendered(planned, _rendered_before(earlier)) | {name}
    settled = settle(planned, root, ours=ours, on_conflict=on_conflict, interactive=interactive)
    if settled.keep:
        kept = with_kept(answers, settled.keep)
        planned = compare(render_files(kept, origin=origin, answers_file=name), root)
    return Scaffold(
        planned=planned, settled=settled, ours=ours, platform=plan.platform, origin=origin
    )


def show_and_write(scaffold: Scaffold, root: Path, *, dry_run: bool, interactive: bool) -> int:
    """Show every file, ask the one question, write all or nothing; return the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    print_files(console, scaffold.planned, changed=scaffold.ours)
    if dry_run:
        print_differences(console, scaffold.planned)
        console.print("Nothing was written: this was a dry run.")
        return 0
    if not scaffold.is_new:
        console.print("Nothing to write: every file is as it would be written.")
        return 0
    if interactive and not _confirmed(console, scaffold):
        console.print("Nothing was written.")
        return 1
    start = time.perf_counter()
    write(scaffold.planned, root, overwrite=scaffold.settled.overwrite)
    ignored = ignored_paths(root, [item.path for item in scaffold.planned])
    print_written(
        console,
        scaffold.platform,
        _notes_after(scaffold, root, ignored),
        in_git=(root / ".git").exists(),
        ignored=ignored,
        seconds=time.perf_counter() - start,
    )
    return 0


def _confirmed(console: Console, scaffold: Scaffold) -> bool:
    """Return whether a person said yes; ``d`` shows the differences and asks again."""
    letters = click.Choice(["y", "n", "d"])
    while True:
        letter = click.prompt(
            "Write them? d shows the differences", type=letters, default="y", err=True
        )
        if letter != "d":
            return bool(letter == "y")
        print_differences(console, scaffold.planned)


def _notes_after(scaffold: Scaffold, root: Path, ignored: Sequence[str]) -> list[str]:
    """Return what a person should know of the written files."""
    notes = []
    if scaffold.origin.is_local:
        notes.append(
            f"The templates' address was recorded as {scaffold.origin.src_path}, which only this "
            "machine knows. For colleagues and CI: --template-url URL, or DJSCAFFOLD_TEMPLATE_URL."
        )
    if not (root / ".git").exists():
        notes.append(
            "This folder is no git repository: put it under version control before you edit."
        )
    return notes + [
        f"git ignores {path}: unless you force it, colleagues and servers will not have it."
        for path in ignored
    ]


def _rendered_before(earlier: Earlier) -> tuple[RenderedFile, ...]:
    """Return what the recorded answers render to with this version; nothing if they no longer do.

    Then no file counts as untouched, and each difference is asked about.
    """
    if earlier.answers is None:
        return ()
    try:
        return render_files(
            earlier.answers, origin=tool_origin(), answers_file=earlier.answers_file
        )
    except DjscaffoldError:
        return ()
