"""Merge a newer template with a person's edits, by copier, in a folder of our own.

copier merges inside the project. We give it a small project instead that holds only the files in
question, with an isolated git, and take the result: so nothing of the person's is touched before
all is known, no configuration, hook, shallow history or ignored file of theirs can disturb the
merge (copier alone loses edits without a word in six such cases), and the size of the project
does not matter. The only module that knows copier.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import copier
import yaml
from copier.errors import CopierError
from jinja2 import TemplateError
from plumbum import ProcessExecutionError, local

from djscaffold.errors import MergeFailed, NotWritten
from djscaffold.render.git import isolated_environment, run_git
from djscaffold.render.recorded import Recorded

Tree: TypeAlias = Mapping[str, tuple[bytes, bool]]  # path -> content, executable


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The files after the merge, and those among them that hold conflicts."""

    tree: Tree
    conflicted: frozenset[str]


def merge_update(
    recorded: Recorded,
    files: Tree,
    *,
    repository: Path,
    version: str,
    data: Mapping[str, Any],
) -> Merged:
    """Return *files*, the person's, merged with the template of *version* in *repository*.

    *data* are answers to change on the way. Raises MergeFailed, and NotWritten on a full disk.
    """
    with TemporaryDirectory(prefix="djscaffold-") as scratch:
        project = Path(scratch).resolve() / "project"
        try:
            _make_project(project, recorded, files, repository)
            with _isolated():
                copier.run_update(
                    project,
                    data=dict(data),
                    answers_file=recorded.answers_file,
                    vcs_ref=version,
                    settings=copier.Settings(),
                    defaults=True,
                    overwrite=True,
                    quiet=True,
                    conflict="inline",
                )
        except (CopierError, TemplateError, ProcessExecutionError, ValueError) as error:
            raise MergeFailed(str(error)) from error
        except OSError as error:
            raise NotWritten(error.strerror or str(error), error.filename) from error
        return _read_result(project, recorded.answers_file)


def _make_project(project: Path, recorded: Recorded, files: Tree, repository: Path) -> None:
    """Make a git project of *files*, whose answers file names *repository* as the template."""
    answers = {
        **recorded.answers,
        "_commit": recorded.version,
        "_src_path": str(repository),
    }
    text = yaml.safe_dump(answers, allow_unicode=True).encode()
    for path, (content, executable) in {**files, recorded.answers_file: (text, False)}.items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o755 if executable else 0o644)
    identity = ("-c", "user.name=djscaffold", "-c", "user.email=djscaffold@localhost")
    for command in (
        ("init", "--quiet"),
        ("add", "--all", "--force"),
        (*identity, "commit", "--quiet", "--message", "The project before the update"),
    ):
        run_git(*command, cwd=project, environment=isolated_environment())


def _read_result(project: Path, answers_file: str) -> Merged:
    unmerged = run_git(
        *("diff", "--name-only", "--diff-filter=U", "-z"),
        cwd=project,
        environment=isolated_environment(),
    )
    tree = {
        path.relative_to(project).as_posix(): (
            path.read_bytes(),
            bool(path.stat().st_mode & 0o100),
        )
        for path in sorted(project.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(project).parts[:1]
    }
    tree.pop(answers_file, None)
    names = frozenset(name.decode() for name in unmerged.split(b"\0") if name)
    return Merged(tree=tree, conflicted=names)


@contextmanager
def _isolated() -> Iterator[None]:
    """Let copier's git see our configuration only, and keep its warnings to ourselves."""
    with warnings.catch_warnings(), local.env():
        warnings.simplefilter("ignore")
        local.env.clear()
        local.env.update(isolated_environment())
        yield
