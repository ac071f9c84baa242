"""What a check is, and what it can say: passed, failed (in the tool's words) or skipped (why)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

Status = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check says of one subject (a file or folder of the project)."""

    check: str
    status: Status
    subject: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One run of a tool; ``subject`` is what it is about, as the project spells it."""

    argv: tuple[str, ...]
    subject: str
    cwd: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What a tool left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        """Return both streams, errors first."""
        return "\n".join(part.strip() for part in (self.stderr, self.stdout) if part.strip())


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing was run, and this is the reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The project under its git root, the recorded answers, and the environment given for Django.

    ``python`` is an interpreter in which the project's dependencies are installed; without one,
    nothing of the project is ever imported.
    """

    root: Path
    answers: Mapping[str, Any]
    python: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def files(self, *patterns: str) -> tuple[Path, ...]:
        """Return the files that match one of *patterns*, seen from the root, sorted."""
        found = {path for pattern in patterns for path in self.root.glob(pattern)}
        return tuple(sorted(path for path in found if path.is_file()))

    def name_of(self, path: Path) -> str:
        """Return *path* as the project spells it."""
        return path.relative_to(self.root).as_posix()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What reading the files alone already says; no ``words``: nothing is wrong."""

    subject: str
    words: str


Prepared: TypeAlias = tuple[Command, ...] | Skip | Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the table of checks.

    ``prepare`` gets the tree, an empty folder and the output of ``probe`` (a run of the tool, such
    as ``nginx -v``), and returns the commands; it may write to the folder, and runs nothing.
    ``read`` returns what is wrong, an empty text, or Skip if the run says nothing either way.
    ``install`` says how to get the tool. A check without a ``tool`` reads files only.
    """

    name: str
    about: str
    tool: str
    prepare: Callable[[Tree, Path, str], Prepared]
    read: Callable[[ToolOutput], str | Skip]
    install: str = ""
    probe: tuple[str, ...] = ()


def read_exit_code(output: ToolOutput) -> str:
    """Return what a tool said if it exited with anything but 0."""
    return "" if output.code == 0 else output.text or f"exit code {output.code}, without a word"
