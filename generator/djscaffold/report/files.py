"""The list of files before they are written, and what to do after."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Collection, Sequence

from rich.console import Console
from rich.text import Text

from djscaffold.render.write import PlannedFile, State

_CHANGE = "change"
_STYLE: dict[str, str] = {
    _CHANGE: "cyan",
    State.CREATE: "green",
    State.IDENTICAL: "dim",
    State.CONFLICT: "yellow",
    State.BLOCKED: "red",
}
_FIRST = "deploy/README.md"


def print_files(
    console: Console, planned: Sequence[PlannedFile], *, changed: Collection[str]
) -> None:
    """Print every planned file with what writing it would mean; the runbook first.

    *changed* are paths whose file stands as djscaffold wrote it, so that replacing it loses
    nothing.
    """
    console.print(Text(_headline(planned, changed), style="bold"))
    for item in sorted(planned, key=lambda item: (item.path != _FIRST, item.path)):
        state = _state(item, changed)
        style = _STYLE[state]
        note = "start here" if item.path == _FIRST else item.reason
        console.print(Text.assemble((f"  {state:<10}", style), item.path, (f"   {note}", "dim")))


def _headline(planned: Sequence[PlannedFile], changed: Collection[str]) -> str:
    states = Counter(_state(item, changed) for item in planned)
    if set(states) == {State.CREATE}:
        return f"{len(planned)} files, none exists yet, nothing of yours is touched"
    parts = [f"{count} {state}" for state, count in sorted(states.items())]
    return f"{len(planned)} files: " + ", ".join(parts)


def _state(item: PlannedFile, changed: Collection[str]) -> str:
    """Return the state as it is printed: a file of ours that nobody edited is no conflict."""
    is_ours = item.state is State.CONFLICT and item.path in changed
    return _CHANGE if is_ours else str(item.state)


def print_differences(console: Console, planned: Sequence[PlannedFile]) -> None:
    """Print the unified diff of every file that would be new or different."""
    for item in planned:
        if item.state in (State.CREATE, State.CONFLICT):
            console.print(_coloured(item.diff()))


def _coloured(diff: str) -> Text:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    text = Text()
    for line in diff.splitlines(keepends=True):
        text.append(line, style=colours.get(line[0], ""))
    return text


def print_written(
    console: Console,
    platform: str,
    notes: Sequence[str],
    *,
    in_git: bool,
    ignored: Sequence[str],
    seconds: float,
) -> None:
    """Print that the files are there, what to know of them, and what to do next.

    *ignored* are the paths that git leaves out unless it is told to take them.
    """
    console.print(f"\nWritten in {seconds:.1f} s.", style="green")
    for note in notes:
        console.print(f"  ! {note}", style="yellow")
    console.print("Next:")
    commit = _commit(in_git=in_git, ignored=ignored)
    for number, step in enumerate(_next_steps(platform, commit), start=1):
        console.print(f"  {number}. {step}")
    console.print(
        "Everything else is in deploy/README.md. Check the files any time: djscaffold verify"
    )


def _commit(*, in_git: bool, ignored: Sequence[str]) -> str:
    """Return the command that puts every written file under version control."""
    parts = [] if in_git else ["git init"]
    parts.append("git add -A")
    if ignored:
        parts.append(f"git add --force {shlex.join(ignored)}")
    return " && ".join([*parts, 'git commit -m "Deployment files"'])


def _next_steps(platform: str, commit: str) -> list[str]:
    """Return what a person does next, one line each."""
    steps = [commit]
    if platform != "onprem":
        return [*steps, "read deploy/README.md: the account, the first apply, the first release"]
    return [
        *steps,
        "edit deploy/ansible/inventory.yml: the server's address",
        "deploy/bin/provision, which makes the server ready, then deploy/bin/release",
    ]
