"""Read pyproject.toml: PEP 621, PEP 735, Poetry, uv, PDM and Hatch."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import Any

from packaging.utils import canonicalize_name

from djscaffold.facts.model import Place
from djscaffold.facts.source import Source


@dataclass(slots=True)
class Pyproject:
    """What a pyproject.toml says of dependencies."""

    path: str
    content: dict[str, Any]
    lines: list[str] = field(default_factory=list)

    @property
    def project(self) -> dict[str, Any]:
        """Return the ``[project]`` table."""
        return _table(self.content.get("project"))

    @property
    def poetry(self) -> dict[str, Any]:
        """Return the ``[tool.poetry]`` table."""
        return _table(_table(self.content.get("tool")).get("poetry"))

    def tool(self, name: str) -> dict[str, Any] | None:
        """Return a ``[tool.NAME]`` table, or None if there is none."""
        found = _table(self.content.get("tool")).get(name)
        return found if isinstance(found, dict) else None

    @property
    def backend(self) -> str:
        """Return the build backend."""
        return str(_table(self.content.get("build-system")).get("build-backend", ""))

    @property
    def declares(self) -> bool:
        """Return whether run-time dependencies are listed here at all."""
        return bool(
            self.project.get("dependencies")
            or _table(self.poetry.get("dependencies"))
            or self.groups()
        )

    def groups(self) -> dict[str, list[str]]:
        """Return the dependency groups of PEP 735 and of Poetry, includes resolved."""
        found = _table(self.content.get("dependency-groups"))
        groups = {str(name): _group(found, str(name), ()) for name in found}
        for name, group in _table(self.poetry.get("group")).items():
            groups[name] = _poetry_names(_table(_table(group).get("dependencies")))
        pdm = _table((self.tool("pdm") or {}).get("dev-dependencies"))
        for name, entries in pdm.items():
            groups[name] = [str(entry) for entry in entries if isinstance(entries, list)]
        return groups

    def extras(self) -> dict[str, list[str]]:
        """Return the optional dependencies."""
        found = _table(self.project.get("optional-dependencies"))
        extras = {str(k): [str(e) for e in v] for k, v in found.items() if isinstance(v, list)}
        for name, entries in _table(self.poetry.get("extras")).items():
            if isinstance(entries, list):
                extras[name] = [str(entry) for entry in entries]
        return extras

    def dependencies(self) -> list[str]:
        """Return the run-time dependencies, as PEP 508 spells them where that is possible."""
        entries = self.project.get("dependencies")
        listed = [str(entry) for entry in entries] if isinstance(entries, list) else []
        names = {_name(entry) for entry in listed}
        poetry = _poetry_names(_table(self.poetry.get("dependencies")))
        return listed + [entry for entry in poetry if _name(entry) not in names]

    def place_of(self, requirement: str) -> Place:
        """Return the line that a requirement stands on."""
        name = _name(requirement)
        for number, line in enumerate(self.lines, 1):
            start = line.strip().strip("\"',")
            if start and _name(start) == name:
                return Place(self.path, number)
        return Place(self.path, 1)

    def line_of(self, text: str) -> Place:
        """Return the first line that starts with *text*."""
        for number, line in enumerate(self.lines, 1):
            if line.strip().startswith(text):
                return Place(self.path, number)
        return Place(self.path, 1)


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(requirement: str) -> str:
    import re

    match = re.match(r"[\w.-]+", requirement)
    return str(canonicalize_name(match.group())) if match else ""


def _group(groups: dict[str, Any], name: str, seen: tuple[str, ...]) -> list[str]:
    entries = groups.get(name)
    found: list[str] = []
    for entry in entries if isinstance(entries, list) and name not in seen else []:
        if isinstance(entry, str):
            found.append(entry)
        elif isinstance(entry, dict) and isinstance(entry.get("include-group"), str):
            found += _group(groups, entry["include-group"], (*seen, name))
    return found


def _poetry_names(table: dict[str, Any]) -> list[str]:
    """Return Poetry's table as requirements: ``django = "^5.2"`` is ``django ^5.2``."""
    found = []
    for name, entry in table.items():
        if name.lower() == "python":
            continue
        version = entry if isinstance(entry, str) else _table(entry).get("version", "")
        if isinstance(entry, dict) and entry.get("optional"):
            continue
        extras = ",".join(_table(entry).get("extras", []) if isinstance(entry, dict) else [])
        git = " @ git+" + str(entry["git"]) if isinstance(entry, dict) and "git" in entry else ""
        bracket = f"[{extras}]" if extras else ""
        found.append(f"{name}{bracket}{git}" if git else f"{name}{bracket} {version}".strip())
    return found


def read_pyproject(source: Source, path: str) -> Pyproject:
    """Return what a pyproject.toml says; nothing, and a warning, if it is not valid TOML."""
    try:
        content = tomllib.loads(source.text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        source.warn(f"not valid TOML: {error}", path, 1)
        content = {}
    return Pyproject(path, content, source.lines(path))
