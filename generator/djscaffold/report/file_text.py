"""An answer that is recorded, and a file that is rendered: where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from djscaffold.errors import DjscaffoldError
from djscaffold.render.recorded import ANSWERS_FILES, Recorded, find_recorded
from djscaffold.render.templates import (
    FileTemplate,
    answers_in,
    file_templates,
    head_of,
    included_in,
    is_rendered,
    questionnaire,
    text_of,
)


def answer_names() -> dict[str, str]:
    """Return every question of the questionnaire with its wording."""
    known = questionnaire()
    return {name: " ".join(known.questions[name].get("help", "").split()) for name in known.asked}


def answer_text(name: str) -> str | None:
    """Return a question's wording, choices and default, and what this project recorded."""
    if name not in answer_names():
        return None
    question = questionnaire().questions[name]
    lines = [f"{name} ({question.get('type', 'yaml')}): {answer_names()[name]}", ""]
    lines += [f"  {choice}" for choice in _choices(question)]
    if "default" in question:
        lines.append(f"Default: {_plain(question['default'])}")
    if isinstance(question.get("when"), str):
        lines.append(f"Asked if: {question['when'].strip('{} ')}")
    recorded = _recorded()
    if recorded and name in recorded.answers:
        lines.append(f"Here: {_plain(recorded.answers[name])} ({recorded.answers_file})")
    lines.append(f"Another answer: djscaffold init --data {name}=VALUE")
    return "\n".join(lines)


def file_names() -> dict[str, str]:
    """Return every file that can be rendered with its platforms."""
    found: dict[str, list[str]] = {}
    for each in _files():
        found.setdefault(each.path, []).append(each.platform)
    return {path: ", ".join(platforms) for path, platforms in sorted(found.items())}


def file_text(name: str) -> str | None:
    """Return which template writes a file, which answers decide, and its head comment."""
    path = str(PurePosixPath(name))
    recorded = _recorded()
    here = recorded.answers["platform"] if recorded else None
    found = [each for each in _files() if each.path == path]
    mine = [each for each in found if each.platform == here] or found
    return "\n\n".join(_one_file(each, recorded) for each in mine) if mine else None


def _one_file(file: FileTemplate, recorded: Recorded | None) -> str:
    switches = sorted({each for row in file.left_out_if for each in answers_in(f"{{{{ {row} }}}}")})
    sources = included_in(file.template)
    texts = [text_of(each) for each in sources if is_rendered(file.template)]
    content = sorted({name for text in texts for name in answers_in(text)})
    lines = [f"{file.path} ({file.platform})"]
    lines += [f"  {line}" for line in head_of(file.template).splitlines()]
    lines += ["", f"Written by: {', '.join(sources)}"]
    for condition in file.left_out_if:
        lines.append(f"Left out if: {condition}")
    lines.append(f"Switched by: {_with_values(switches, recorded) or 'the platform alone'}")
    lines.append(f"Filled from: {_with_values(content, recorded) or 'nothing, always the same'}")
    return "\n".join(lines)


def _with_values(names: list[str], recorded: Recorded | None) -> str:
    known: Mapping[str, Any] = recorded.answers if recorded else {}
    return ", ".join(
        f"{name} = {_plain(known[name])}" if isinstance(known.get(name), str | bool) else name
        for name in names
    )


def _files() -> list[FileTemplate]:
    recorded = _recorded()
    slug = str(recorded.answers["project_slug"]) if recorded else "app"
    return list(file_templates(slug, recorded.answers_file if recorded else ANSWERS_FILES[-1]))


def _recorded() -> Recorded | None:
    with suppress(DjscaffoldError):
        return find_recorded(Path())
    return None


def _choices(question: Mapping[str, Any]) -> list[str]:
    choices = question.get("choices", [])
    if isinstance(choices, dict):
        return [f"{value}: {label}" for label, value in choices.items()]
    return [str(choice) for choice in choices] if isinstance(choices, list) else [str(choices)]


def _plain(value: Any) -> str:
    """Return *value* as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True)
    return text.removesuffix("...\n").strip()
