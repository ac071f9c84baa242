"""Render the templates in memory, byte for byte as ``copier copy`` would write them.

copier is the authority (`tests/render/test_parity.py` holds the two equal); this renderer
exists because `check` and `render` must answer in a fraction of the time that importing copier
takes, without git and without a temporary folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any
from unicodedata import normalize

from jinja2 import TemplateError
from pathspec import PathSpec

from djscaffold.errors import TemplateFailed
from djscaffold.render.environment import TemplateEnvironment
from djscaffold.render.questionnaire import (
    Answers,
    Questionnaire,
    answer_all,
    carry_over,
    check_given,
    read_questionnaire,
)
from djscaffold.render.source import Origin, installed_template, tool_origin

ANSWERS_FILE = ".copier-answers.yml"
_SUFFIX = ".jinja"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedFile:
    """One file as it should stand in the project."""

    path: str  # from the project's root, with /
    content: bytes
    executable: bool
    once: bool = False  # written where there is none, and the person's from then on


@dataclass(frozen=True, slots=True)
class _Source:
    """One file of a template: where it goes, and what it holds unless it is rendered."""

    path: str  # from the platform's folder, its suffix removed; may hold answers
    template: str  # from the template's root
    executable: bool
    verbatim: bytes | None


@dataclass(frozen=True, slots=True)
class _TemplateFolder:
    """A template on disk, read once."""

    root: Path
    questionnaire: Questionnaire
    environment: TemplateEnvironment


def render_files(
    answers: Mapping[str, Any],
    *,
    origin: Origin | None = None,
    template: Path | None = None,
    answers_file: str = ANSWERS_FILE,
) -> tuple[RenderedFile, ...]:
    """Return every file that *answers* lead to, sorted by path, the answers file among them.

    Left-out answers take their defaults; keys with a leading underscore are ignored. *origin* is
    what the answers file records as the template's address and version (default: this tool's).
    *template* is the folder that holds ``copier.yml`` (default: the installed one).

    Raises UnknownAnswers, InvalidAnswer, MissingAnswer, and TemplateFailed.
    """
    folder = _read_template(template or installed_template())
    all_answers = answer_all(folder.questionnaire, folder.environment, answers)
    context = _context(all_answers, origin or tool_origin(), answers_file)
    try:
        files = sorted(_render(folder, context), key=lambda file: file.path)
    except TemplateError as error:
        raise TemplateFailed(str(error), getattr(error, "name", None)) from error
    folder.environment.keep_compiled()
    return tuple(files)


def complete_answers(
    answers: Mapping[str, Any], *, template: Path | None = None
) -> Mapping[str, Any]:
    """Return the answers that would be recorded: the given ones checked, the others defaults."""
    folder = _read_template(template or installed_template())
    return answer_all(folder.questionnaire, folder.environment, answers).recorded


def check_answers(answers: Mapping[str, Any], *, template: Path | None = None) -> None:
    """Raise InvalidAnswer for one of some *answers* that its question's validator refuses."""
    folder = _read_template(template or installed_template())
    check_given(folder.questionnaire, folder.environment, answers)


def carry_answers(
    answers: Mapping[str, Any], *, template: Path
) -> tuple[Mapping[str, Any], Mapping[str, tuple[Any, Any]]]:
    """Return recorded *answers* under a newer questionnaire, as ``copier update`` carries them.

    Also the answers that did not survive, each with its value before and after (None: gone).
    """
    folder = _read_template(template)
    return carry_over(folder.questionnaire, folder.environment, answers)


def question_names(*, template: Path | None = None) -> list[str]:
    """Return the names of all questions that take an answer, in their order."""
    return _read_template(template or installed_template()).questionnaire.asked


@lru_cache(maxsize=4)
def _read_template(root: Path) -> _TemplateFolder:
    questionnaire = read_questionnaire(root)
    environment = TemplateEnvironment(root, questionnaire.options.get("_envops", {}))
    return _TemplateFolder(root, questionnaire, environment)


def _context(answers: Answers, origin: Origin, answers_file: str) -> dict[str, Any]:
    """Return what a template can see: the answers and copier's own names."""
    remembered = {"_commit": origin.commit, "_src_path": origin.src_path, **answers.recorded}
    return {
        **answers.context,
        "_copier_answers": {key: value for key, value in remembered.items() if value is not None},
        "_copier_conf": {"answers_file": PurePath(answers_file), "sep": "/"},
    }


def _render(folder: _TemplateFolder, context: Mapping[str, Any]) -> Iterator[RenderedFile]:
    options = folder.questionnaire.options
    environment = folder.environment
    excluded = _matcher(environment, options["_exclude"], context)
    once = _matcher(environment, options["_skip_if_exists"], context)
    for source in _sources(folder.root, environment.evaluate(options["_subdirectory"], context)):
        path = _path(environment, source.path, context)
        if path is None or excluded.match_file(path):
            continue
        content = source.verbatim
        if content is None:
            content = environment.render_file(source.template, context).encode()
        yield RenderedFile(
            path=path,
            content=content,
            executable=source.executable,
            once=once.match_file(path),
        )


@lru_cache(maxsize=16)
def _sources(root: Path, subdirectory: str) -> tuple[_Source, ...]:
    """Return the files of a platform, without the plain one where a templated twin stands."""
    found = []
    for folder, _, names in os.walk(root / subdirectory):
        for name in names:
            if name + _SUFFIX not in names:
                found.append(_source(Path(folder, name), root, subdirectory))
    return tuple(found)


def _source(path: Path, root: Path, subdirectory: str) -> _Source:
    relative = path.relative_to(root / subdirectory).as_posix()
    return _Source(
        path=relative.removesuffix(_SUFFIX),
        template=path.relative_to(root).as_posix(),
        executable=bool(path.stat().st_mode & 0o111),
        verbatim=None if path.suffix == _SUFFIX else path.read_bytes(),
    )


def _path(environment: TemplateEnvironment, path: str, context: Mapping[str, Any]) -> str | None:
    """Return the rendered path; None where a part of it renders to nothing."""
    if "{" not in path:
        return path
    rendered = [environment.evaluate(part, context) for part in path.split("/")]
    return "/".join(rendered) if all(rendered) else None


def _matcher(
    environment: TemplateEnvironment, patterns: list[str], context: Mapping[str, Any]
) -> PathSpec[Any]:
    """Return what matches the rendered *patterns*; each may render to several lines."""
    lines = [line for text in patterns for line in environment.evaluate(text, context).splitlines()]
    return _compiled(tuple(lines))


@lru_cache(maxsize=64)
def _compiled(lines: tuple[str, ...]) -> PathSpec[Any]:
    return PathSpec.from_lines("gitignore", (normalize("NFD", line) for line in lines))
