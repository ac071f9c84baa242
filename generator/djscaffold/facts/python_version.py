"""Say which Python the project declares, from all the places that may say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from djscaffold.facts.dependencies import Dependencies, folders_above
from djscaffold.facts.existing import deployment_texts
from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.pyproject import read_pyproject
from djscaffold.facts.source import Source

# What a range such as ">=3.10" may mean today. https://devguide.python.org/versions/
VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
_IMAGE = re.compile(r"^\s*FROM\s+(?:--\S+\s+)?\S*\bpython:([\w.${}:-]+)", re.I)
_ARG = re.compile(r"^\s*(?:ARG|ENV)\s+(\w+)[= ][\"']?(\d+\.\d+(?:\.\d+)?)")
_UV_IMAGE = re.compile(r"^\s*FROM\s+\S*/uv:python(\d+\.\d+)", re.I)
_DEVELOPMENT = re.compile(r"(^|[/._-])(dev|development|local|test|tests|docs?|e2e|ci)([/._-]|$)")


@dataclass(frozen=True, slots=True)
class _Said:
    version: str
    place: Place


def read_python(
    source: Source, root: str, dependencies: Dependencies
) -> tuple[Reading[str], Reading[str]]:
    """Return the declared range and the version to run."""
    declared = _declared(source, root, dependencies)
    exact = _exact(source, root)
    if declared is None and exact and exact[0].version.count(".") == 2:
        first = exact[0]
        return Found(f"=={first.version}", (first.place,)), Found(
            _short(first.version), (first.place,)
        )
    specifier: Reading[str] = declared or Missing("requires-python, Poetry's python, Pipfile")
    fitting = [one for one in exact if _fits(one.version, declared)]
    if fitting:
        chosen = fitting[0]
        places = tuple(
            one.place for one in fitting if _short(one.version) == _short(chosen.version)
        )
        return specifier, Found(_short(chosen.version), places)
    lowest = _lowest(declared)
    if declared is not None and lowest:
        return specifier, Found(lowest, declared.evidence)
    return specifier, Missing(".python-version, runtime.txt, .tool-versions, a Python image, CI")


def conflicts(source: Source, root: str, declared: Reading[str]) -> tuple[Place, ...]:
    """Return the places that name versions which do not agree."""
    exact = [one for one in _exact(source, root) if not _DEVELOPMENT.search(one.place.path)]
    found = declared if isinstance(declared, Found) else None
    return tuple(one.place for one in exact if not _fits(one.version, found))


def _short(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _declared(source: Source, root: str, dependencies: Dependencies) -> Found[str] | None:
    for folder in folders_above(root):
        prefix = "" if folder == "." else f"{folder}/"
        path = f"{prefix}pyproject.toml"
        if source.exists(path):
            parsed = read_pyproject(source, path)
            value = parsed.project.get("requires-python")
            if isinstance(value, str):
                return Found(value, (parsed.line_of("requires-python"),))
            poetry = parsed.poetry.get("dependencies")
            if isinstance(poetry, dict) and isinstance(poetry.get("python"), str):
                return Found(poetry["python"], (parsed.line_of("python"),))
        if source.exists(f"{prefix}Pipfile"):
            parsed = read_pyproject(source, f"{prefix}Pipfile")
            requires = parsed.content.get("requires")
            if isinstance(requires, dict) and "python_version" in requires:
                return Found(
                    f"=={requires['python_version']}.*", (parsed.line_of("python_version"),)
                )
    return None


def _exact(source: Source, root: str) -> list[_Said]:
    """Return the versions that are named, the most telling first."""
    found: list[_Said] = []
    for folder in folders_above(root):
        prefix = "" if folder == "." else f"{folder}/"
        for name, pattern in (
            (".python-version", r"^\s*(?:cpython-|python-)?(\d+\.\d+(?:\.\d+)?)"),
            ("runtime.txt", r"^\s*python-(\d+\.\d+(?:\.\d+)?)"),
            (".tool-versions", r"^\s*python\s+(\d+\.\d+(?:\.\d+)?)"),
        ):
            found += _lines_matching(source, f"{prefix}{name}", pattern)
    images = _images(source)
    return [*found, *images, *(_of_ci(source) if not found and not images else [])]


def _lines_matching(source: Source, path: str, pattern: str) -> list[_Said]:
    if not source.exists(path):
        return []
    for number, line in enumerate(source.lines(path), 1):
        match = re.match(pattern, line)
        if match:
            return [_Said(match.group(1), Place(path, number))]
    return []


def _images(source: Source) -> list[_Said]:
    """Return the versions of the Python images that Dockerfiles start from, production first."""
    paths = [path for path in deployment_texts(source) if "ockerfile" in path]
    paths.sort(
        key=lambda path: (bool(_DEVELOPMENT.search(path)), "prod" not in path, path.count("/"))
    )
    return [said for path in paths for said in _images_of(source, path)]


def _images_of(source: Source, path: str) -> list[_Said]:
    arguments: dict[str, str] = {}
    found = []
    for number, line in enumerate(source.lines(path), 1):
        argument = _ARG.match(line)
        if argument:
            arguments[argument.group(1)] = argument.group(2)
        match = _IMAGE.match(line) or _UV_IMAGE.match(line)
        if match:
            tag = re.sub(
                r"\$\{?(\w+)[^}]*\}?", lambda m: arguments.get(m.group(1), ""), match.group(1)
            )
            version = re.match(r"\d+\.\d+(\.\d+)?", tag)
            if version:
                found.append(_Said(version.group(), Place(path, number)))
    return found


def _of_ci(source: Source) -> list[_Said]:
    """Return the newest version that CI runs."""
    found = []
    for path in source.files:
        if path.startswith(".github/workflows/"):
            for number, line in enumerate(source.lines(path), 1):
                match = re.search(r"python-version:(.*)", line)
                versions = re.findall(r"\d\.\d+(?:\.\d+)?", match.group(1)) if match else []
                found += [_Said(version, Place(path, number)) for version in versions]
    found.sort(key=lambda said: [int(part) for part in said.version.split(".")], reverse=True)
    return found[:1]


def specifier_of(text: str) -> SpecifierSet | None:
    """Return a range as a set of specifiers; Poetry's ``^3.10`` and ``~3.11`` are translated."""
    parts = []
    for part in (one.strip() for one in text.split(",")):
        caret = re.fullmatch(r"\^\s*(\d+)\.(\d+)(?:\.(\d+))?", part)
        tilde = re.fullmatch(r"~\s*(\d+)\.(\d+)(?:\.\d+)?", part)
        if caret:
            parts.append(f">={part[1:].strip()},<{int(caret.group(1)) + 1}")
        elif tilde:
            parts.append(f"=={tilde.group(1)}.{tilde.group(2)}.*")
        elif part and part != "*":
            parts.append(part if re.match(r"[<>=~!]", part) else f"=={part}")
    try:
        return SpecifierSet(",".join(parts))
    except InvalidSpecifier:
        return None


def _fits(version: str, declared: Found[str] | None) -> bool:
    specifier = specifier_of(declared.value) if declared else None
    if specifier is None:
        return True
    # "3.12" may stand for any patch release.
    tries = [version] if version.count(".") == 2 else [f"{version}.{patch}" for patch in (0, 9, 20)]
    return any(one in specifier for one in tries)


def _lowest(declared: Found[str] | None) -> str | None:
    specifier = specifier_of(declared.value) if declared else None
    if specifier is None:
        return None
    for version in VERSIONS:
        if any(f"{version}.{patch}" in specifier for patch in (0, 5, 9, 20)):
            return version
    return None
