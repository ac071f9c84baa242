"""Find and read what a project recorded when it was scaffolded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from djscaffold.errors import AnswersUnreadable, NotScaffolded
from djscaffold.render.journal import finish_interrupted
from djscaffold.render.source import Origin
from djscaffold.render.top import find_top
from djscaffold.yaml_text import load_yaml

# The second name is used where another template owns the first one.
ANSWERS_FILES = (".copier-answers.djscaffold.yml", ".copier-answers.yml")
# Any template has some of these; only ours has all.
_OURS = {"platform", "project_slug", "settings_module"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A scaffolded project: where it is, and what its answers file says."""

    root: Path
    answers_file: str
    answers: Mapping[str, Any]
    origin: Origin

    @property
    def version(self) -> str:
        """Return the template's version that wrote the files."""
        return self.origin.commit or ""


def find_recorded(project: Path) -> Recorded:
    """Return the scaffolded project that *project* is or lies in.

    Raises NotScaffolded, AnswersUnreadable.
    """
    start = project.resolve()
    top = find_top(start)
    for folder in (start, *start.parents):
        for name in ANSWERS_FILES:
            if (folder / name).is_file() and (found := _read(folder, name)):
                return found
        if folder == top:
            break
    raise NotScaffolded(project)


def recover_recorded(project: Path) -> Recorded:
    """Return what ``find_recorded`` does, after undoing what a killed run left half-done."""
    recorded = find_recorded(project)
    return find_recorded(project) if finish_interrupted(recorded.root) else recorded


def free_answers_file(root: Path) -> str:
    """Return the name for our answers file in *root*: another template may own the usual one."""
    usual = ANSWERS_FILES[1]
    return ANSWERS_FILES[0] if (root / usual).is_file() and not _read(root, usual) else usual


def _read(folder: Path, name: str) -> Recorded | None:
    """Return what the answers file says; None if it is another template's."""
    try:
        content = load_yaml((folder / name).read_bytes())
    except yaml.YAMLError as error:
        # A conflict that nobody resolved, most often.
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise AnswersUnreadable(folder / name, line) from error
    if not isinstance(content, dict) or not set(content) >= _OURS:
        return None
    return Recorded(
        root=folder,
        answers_file=name,
        answers={key: value for key, value in content.items() if not key.startswith("_")},
        origin=Origin(src_path=content.get("_src_path"), commit=content.get("_commit")),
    )
