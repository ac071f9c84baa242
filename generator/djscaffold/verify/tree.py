"""Find the files that were written, and the answers they were written from."""

from __future__ import annotations

from pathlib import Path

import yaml

from djscaffold.errors import NotScaffolded, UnreadableEnvironment
from djscaffold.verify.model import Tree

ANSWERS = (".copier-answers.djscaffold.yml", ".copier-answers.yml")


def read_tree(project: Path, *, python: Path | None = None, env_file: Path | None = None) -> Tree:
    """Return the tree that *project* lies in: the nearest folder upwards with recorded answers.

    Raises NotScaffolded if there is none, UnreadableEnvironment for a line of *env_file* that is
    no ``NAME=value``.
    """
    start = project.resolve()
    for root in (start, *start.parents):
        for name in ANSWERS:
            if (root / name).is_file() and (root / "deploy").is_dir():
                answers = yaml.safe_load((root / name).read_text(encoding="utf-8"))
                return Tree(
                    root=root,
                    answers=answers if isinstance(answers, dict) else {},
                    # Not resolved: the interpreter of a virtual environment is a link out of it.
                    python=python.absolute() if python else None,
                    environment=_variables(env_file) if env_file else {},
                )
    raise NotScaffolded(start)


def _variables(path: Path) -> dict[str, str]:
    """Return the variables of a file as systemd's EnvironmentFile= reads it, quotes removed."""
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith(("#", ";")):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise UnreadableEnvironment(path, number)
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        found[name] = value[1:-1] if quoted else value
    return found
