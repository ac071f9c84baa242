"""Which template writes which file, and which answers decide about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment
from jinja2.meta import find_referenced_templates, find_undeclared_variables
from pathspec import PathSpec

from djscaffold.render.questionnaire import Questionnaire, is_derived, read_questionnaire
from djscaffold.render.source import installed_template

_SUFFIX = ".jinja"
_ROW = re.compile(r"^\{% if (?P<condition>.+?) %\}(?P<pattern>[^{]+)\{% endif %\}$")
_SLUG = re.compile(r"\{\{ project_slug \}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTemplate:
    """One file of one platform: its template, from the template's root, and the conditions."""

    path: str
    platform: str
    template: str
    left_out_if: tuple[str, ...]


@cache
def questionnaire() -> Questionnaire:
    """Return the installed template's questionnaire."""
    return read_questionnaire(installed_template())


@cache
def file_templates(project_slug: str, answers_file: str) -> tuple[FileTemplate, ...]:
    """Return every file that some answers lead to, of every platform."""
    return tuple(_file_templates(project_slug, answers_file))


def _file_templates(project_slug: str, answers_file: str) -> Iterator[FileTemplate]:
    root = installed_template()
    found = [_ROW.match(each) for each in questionnaire().options["_exclude"]]
    rows = [
        (row["condition"], PathSpec.from_lines("gitignore", [row["pattern"]]))
        for row in found
        if row
    ]
    for platform in questionnaire().questions["platform"]["choices"].values():
        top = root / "templates" / platform
        for source in sorted(each for each in top.rglob("*") if each.is_file()):
            if source.parent.name == "__pycache__":
                continue
            path = _SLUG.sub(project_slug, source.relative_to(top).as_posix())
            path = path.replace("{{ _copier_conf.answers_file }}", answers_file)
            path = path.removesuffix(_SUFFIX)
            yield FileTemplate(
                path=path,
                platform=platform,
                template=source.relative_to(root).as_posix(),
                left_out_if=tuple(told for told, matcher in rows if matcher.match_file(path)),
            )


def included_in(template: str) -> list[str]:
    """Return *template* and what it includes, in the order of reading."""
    return list(dict.fromkeys(_read_with(template))) if is_rendered(template) else [template]


def is_rendered(template: str) -> bool:
    """Return whether Jinja fills the file in; any other is copied as it is."""
    return template.endswith(_SUFFIX)


def _read_with(template: str) -> Iterator[str]:
    yield template
    for name in find_referenced_templates(_jinja().parse(text_of(template))):
        if name:
            yield from _read_with(name)


def text_of(template: str) -> str:
    """Return the template's text, as it was written."""
    return (installed_template() / template).read_text(encoding="utf-8")


def answers_in(text: str) -> set[str]:
    """Return the answers that *text* depends on, through those that are derived from others."""
    known = questionnaire().questions
    found: set[str] = set()
    waiting = list(_variables(text))
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting += _variables(_default(known[name])) if is_derived(known[name]) else []
    return {name for name in found if not is_derived(known[name])}


def _default(question: Mapping[str, Any]) -> str:
    return str(question.get("default", ""))


def _variables(text: str) -> set[str]:
    return find_undeclared_variables(_jinja().parse(text))


@cache
def _jinja() -> Environment:
    """Return an environment that only looks for names; nothing is rendered with it."""
    filters = "jinja2_ansible_filters.AnsibleCoreFiltersExtension"
    return Environment(autoescape=False, extensions=[filters])  # noqa: S701


def head_of(template: str) -> str:
    """Return what the file says about itself: its first comment, docstring or title."""
    sources = included_in(template)
    text = text_of(sources[1] if len(sources) > 1 and _only_includes(template) else template)
    return _first_comment(text.splitlines())


def _only_includes(template: str) -> bool:
    return is_rendered(template) and text_of(template).strip().count("\n") == 0


def _first_comment(lines: list[str]) -> str:
    found: list[str] = []
    for line in lines:
        told = line.strip().strip('"').lstrip("#;/ ").strip()
        is_comment = line.startswith(("#", ";", "//", '"""'))
        if line.startswith("#!") or (not found and not line.strip()):
            continue
        if not is_comment or not told:
            break
        found.append(told)
    return "\n".join(found)
