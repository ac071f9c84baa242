"""Read requirements: pip's files, and the lists of names in pyproject.toml, Pipfile and others."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from djscaffold.facts.model import Place
from djscaffold.facts.project import Package
from djscaffold.facts.source import Source

_VCS = re.compile(r"(^|\s|@)\s*(git|hg|svn|bzr)\+")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")
MAX_INCLUDES = 30


@dataclass(slots=True)
class Requirements:
    """What a set of requirement files asks for."""

    packages: dict[str, Package] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    vcs: list[Place] = field(default_factory=list)
    private: list[Place] = field(default_factory=list)

    def add(self, text: str, place: Place) -> None:
        """Add one requirement, as PEP 508 or pip spells it."""
        if _VCS.search(text):
            self.vcs.append(place)
        package = package_of(text, place)
        if package is not None and package.name not in self.packages:
            self.packages[package.name] = package


def package_of(text: str, place: Place) -> Package | None:
    """Return the package that a requirement names, or None if it names none."""
    text = text.split(" #")[0].split(" --")[0].strip().rstrip("\\").strip()
    egg = _EGG.search(text)
    if egg and not _NAME.match(text.split("@")[0].split("+")[0].strip() + "!"):
        return _package(egg.group(1), "", place)
    if "://" in text and " @ " not in text and egg:
        return _package(egg.group(1), "", place)
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        name = _NAME.match(text)
        if not name or "/" in text or "://" in text:
            return None
        return _package(name.group(), text[name.end() :].strip(), place)
    marker = requirement.marker
    if marker is not None and not _may_apply(str(marker)):
        return None
    return _package(requirement.name, str(requirement.specifier), place, requirement.extras)


def _may_apply(marker: str) -> bool:
    """Return whether a marker lets the package be installed on a Linux server."""
    return not re.search(
        r"(sys_platform|os_name|platform_system) == ['\"](win32|nt|Windows|darwin|Darwin)", marker
    )


def _package(name: str, specifier: str, place: Place, extras: set[str] | None = None) -> Package:
    pinned = re.fullmatch(r"===?\s*([\w.!+-]+)", specifier.strip())
    canonical = str(canonicalize_name(name))
    if extras:
        canonical_extras = ",".join(sorted(str(canonicalize_name(extra)) for extra in extras))
        return Package(
            name=canonical,
            specifier=specifier,
            version=pinned.group(1) if pinned else None,
            evidence=(place,),
            extras=tuple(canonical_extras.split(",")),
        )
    return Package(
        name=canonical,
        specifier=specifier,
        version=pinned.group(1) if pinned else None,
        evidence=(place,),
    )


def read_requirements(source: Source, paths: list[str]) -> Requirements:
    """Return what the files ask for, and the files that they include."""
    result = Requirements()
    for path in paths:
        _read_file(source, path, result, constraints=False)
    return result


def _read_file(source: Source, path: str, result: Requirements, *, constraints: bool) -> None:
    if path in result.files or len(result.files) > MAX_INCLUDES or not source.exists(path):
        return
    result.files.append(path)
    for number, line in logical_lines(source.text(path)):
        place = Place(path, number)
        option = re.match(r"(-[rc]|--requirement|--constraint)[ =]*(\S+)", line)
        if option:
            included = posixpath.normpath(posixpath.join(posixpath.dirname(path), option.group(2)))
            is_constraint = option.group(1) in ("-c", "--constraint")
            if not is_constraint:
                _read_file(source, included, result, constraints=constraints)
        elif re.match(r"(-e|--editable)[ =]*", line):
            result.add(re.sub(r"^(-e|--editable)[ =]*", "", line), place)
        elif line.startswith(("--extra-index-url", "--index-url", "-i ")):
            result.private.append(place)
        elif not line.startswith("-"):
            result.add(line, place)


def logical_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a requirements file without comments, continued ones joined."""
    found: list[tuple[int, str]] = []
    pending, start = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        start = start if pending else number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        if pending or line:
            found.append((start, (pending + line).strip()))
        pending = ""
    return [(number, line) for number, line in found if line]
