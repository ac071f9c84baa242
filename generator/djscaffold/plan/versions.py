"""Which Django runs on which Python: https://docs.djangoproject.com/en/stable/faq/install/."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet

# Django release -> (lowest, highest) minor version of Python 3. Read 2026-11-22.
PYTHONS = {
    "1.11": (4, 7),
    "2.0": (4, 7),
    "2.1": (5, 7),
    "2.2": (5, 9),
    "3.0": (6, 9),
    "3.1": (6, 9),
    "3.2": (6, 10),
    "4.0": (8, 10),
    "4.1": (8, 11),
    "4.2": (8, 12),
    "5.0": (10, 12),
    "5.1": (10, 13),
    "5.2": (10, 14),
    "6.0": (12, 14),
    "6.1": (12, 14),
}
NEWEST_DJANGO = "5.2"
# Chosen where the project does not say: wheels exist for it, and Debian 13 and uv have it.
PREFERRED_PYTHON = 12


def short_version(text: str) -> str:
    """Return the Django release of a version or a specifier.

    >>> short_version("5.2.7"), short_version(">=4.2,<5.0")
    ('5.2', '4.2')
    """
    exact = re.match(r"^(?:==)?\s*(\d+)\.(\d+)(?:\.\d+)?(?:\.?\*)?$", text.strip())
    if exact:
        return f"{exact[1]}.{exact[2]}"
    try:
        allowed = SpecifierSet(text)
    except InvalidSpecifier:
        return NEWEST_DJANGO
    fitting = [
        release
        for release in PYTHONS
        if any(allowed.contains(f"{release}.{patch}") for patch in (0, 5, 30))
    ]
    stable = [release for release in fitting if _numbers(release) <= _numbers(NEWEST_DJANGO)]
    return (stable or fitting or [NEWEST_DJANGO])[-1]


def python_specifier(django_version: str) -> str:
    """Return the Pythons that a Django release supports, as a specifier."""
    lowest, highest = _range(django_version)
    return f">=3.{lowest},<3.{highest + 1}"


def python_version(specifier: str, django_version: str) -> str:
    """Return the Python to run: inside *specifier*, supported by Django, else the newest of both.

    >>> python_version(">=3.10", "5.2"), python_version("", "3.2")
    ('3.12', '3.10')
    """
    lowest, highest = _range(django_version)
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        allowed = SpecifierSet()
    fitting = [minor for minor in range(lowest, highest + 1) if _contains(allowed, minor)]
    if PREFERRED_PYTHON in fitting:
        return f"3.{PREFERRED_PYTHON}"
    return f"3.{(fitting or [highest])[-1]}"


def pep440_specifier(text: str) -> str:
    """Return a Python requirement as pip writes it; empty if it cannot be said that way.

    Poetry's ``^`` and ``~`` are spelled out. A pinned patch release means its minor release: an
    image is pinned to one, a project is not, and distributions patch their own.

    >>> pep440_specifier("^3.11"), pep440_specifier("==3.11.4")
    ('>=3.11,<4.0', '==3.11.*')
    """
    parts = [_pep440_part(part.strip()) for part in text.split(",")]
    joined = ",".join(part for part in parts if part)
    try:
        SpecifierSet(joined)
    except InvalidSpecifier:
        return ""
    return joined


def _pep440_part(part: str) -> str:
    if poetry := re.fullmatch(r"([\^~])\s*(\d+)(?:\.(\d+))?(?:\.\d+)?", part):
        sign, major, minor = poetry.groups()
        highest = f"{major}.{int(minor) + 1}" if sign == "~" and minor else f"{int(major) + 1}.0"
        return f">={part[1:].strip()},<{highest}"
    if re.fullmatch(r"\d+(\.\d+)*(\.\*)?", part):
        part = f"=={part}"
    return "" if part == "*" else re.sub(r"^={2,3}\s*(\d+\.\d+)\.\d+$", r"==\1.*", part)


def minor_python(version: str) -> str:
    """Return a Python version as the minor release that is installed: ``3.12.4`` is ``3.12``."""
    return ".".join(version.split(".")[:2])


def _contains(allowed: SpecifierSet, minor: int) -> bool:
    """Return whether some patch release of Python 3.*minor* is allowed."""
    return any(allowed.contains(f"3.{minor}.{patch}") for patch in range(31))


def _range(django_version: str) -> tuple[int, int]:
    return PYTHONS.get(django_version, PYTHONS[NEWEST_DJANGO])


def _numbers(release: str) -> tuple[int, int]:
    major, _, minor = release.partition(".")
    return int(major), int(minor)
