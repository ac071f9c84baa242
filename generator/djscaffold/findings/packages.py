"""Dependencies: what is missing, what floats, and what nobody repairs any more."""

from __future__ import annotations

import re
import shlex

from djscaffold.findings.model import ERROR, NOTE, WARNING, Facts, Finding, places_of, value_of
from djscaffold.findings.support import (
    DJANGO_PYTHONS,
    DJANGO_SUPPORTED_UNTIL,
    OLDEST_LISTED_DJANGO,
    PYTHON_SUPPORTED_UNTIL,
)

_ADD = {
    "conda": "add {} to environment.yml",
    "hatch": "add {} to the dependencies in pyproject.toml",
    "pdm": "pdm add {}",
    "pip-pyproject": "add {} to the dependencies in pyproject.toml",
    "pip-requirements": "add {} to the requirements file",
    "pipenv": "pipenv install {}",
    "poetry": "poetry add {}",
    "setuptools": "add {} to install_requires",
    "uv": "uv add {}",
}
_LOCKING = {
    "hatch": "pin the versions in a requirements file",
    "pdm": "pdm lock",
    "pipenv": "pipenv lock",
    "poetry": "poetry lock",
    "uv": "uv lock",
}
_DEVELOPMENT = (
    "pytest",
    "black",
    "flake8",
    "ruff",
    "mypy",
    "isort",
    "pylint",
    "ipdb",
    "autopep8",
    "pycodestyle",
    "django-debug-toolbar",
    "coverage",
    "pre-commit",
    "factory-boy",
)


def how_to_add(facts: Facts, package: str) -> str:
    """Return how the project's own manager adds a package."""
    manager = value_of(facts.project.dependency_manager) or "pip-requirements"
    form = _ADD.get(manager, "install {}")
    return form.format(package if form.startswith("add ") else shlex.quote(package))


def _short(version: str) -> str | None:
    match = re.match(r"(\d+)\.(\d+)", version)
    return match.group() if match else None


def _django(facts: Facts) -> str | None:
    """Return Django's series: ``5.2``; only where the version is settled."""
    package = facts.packages.get("django")
    return _short(package.version) if package and package.version else None


def server_missing(facts: Facts) -> Finding | None:
    """Find dependencies without an application server."""
    if not facts.packages or value_of(facts.project.server) is not None:
        return None
    return Finding(
        id="server-missing",
        severity=WARNING,
        message="No application server is among the dependencies: runserver is not made for "
        "production.",
        evidence=places_of(facts.project.dependency_manager),
        fix=how_to_add(facts, "gunicorn"),
        handled=True,
    )


def django_missing(facts: Facts) -> Finding | None:
    """Find dependency files without Django."""
    if not facts.packages or "django" in facts.packages:
        return None
    return Finding(
        id="django-not-declared",
        severity=ERROR,
        message="The dependency files do not name Django: an install from them cannot start "
        "the site.",
        evidence=places_of(facts.project.dependency_manager),
        fix=how_to_add(facts, "Django"),
    )


def no_dependencies(facts: Facts) -> Finding | None:
    """Find a project that does not say what it needs."""
    if value_of(facts.project.dependency_manager) is not None or not facts.was_read:
        return None
    if places_of(facts.project.dependency_manager) or facts.packages:
        return None
    return Finding(
        id="no-dependency-file",
        severity=ERROR,
        message="Nothing says which packages the project needs: no server can install it.",
        evidence=places_of(facts.project.manage_py),
        fix="pip freeze > requirements.txt, in the environment where it works.",
    )


def no_lock(facts: Facts) -> Finding | None:
    """Find a manager that could lock versions, and has not."""
    manager = value_of(facts.project.dependency_manager)
    if manager not in _LOCKING or value_of(facts.project.has_lock_file) is not False:
        return None
    return Finding(
        id="no-lock-file",
        severity=WARNING,
        message="There is no lock file: every install may get other versions.",
        evidence=places_of(facts.project.dependency_manager),
        fix=f"{_LOCKING[manager]}, and commit the result.",
    )


def unpinned(facts: Facts) -> Finding | None:
    """Find direct dependencies without a settled version."""
    if (
        value_of(facts.project.has_lock_file)
        or value_of(facts.project.dependency_manager) in _LOCKING
    ):
        return None
    loose = [one for one in facts.packages.values() if one.direct and one.version is None]
    if not loose:
        return None
    names = ", ".join(one.name for one in loose[:4]) + (", ..." if len(loose) > 4 else "")
    return Finding(
        id="dependencies-not-pinned",
        severity=WARNING,
        message=f"{len(loose)} of {len(facts.packages)} dependencies have no settled version "
        f"({names}): tomorrow's install may differ from today's.",
        evidence=tuple(one.evidence[0] for one in loose[:5]),
        fix="Pin them (pip-compile, uv pip compile, pip freeze).",
    )


def django_unsupported(facts: Facts) -> Finding | None:
    """Find a Django that gets no security fixes any more."""
    series = _django(facts)
    if series is None:
        return None
    until = DJANGO_SUPPORTED_UNTIL.get(series)
    numbers = tuple(int(part) for part in series.split("."))
    if until is not None and until >= facts.today:
        return None
    if until is None and numbers > OLDEST_LISTED_DJANGO:
        return None
    ended = f"ended {until.isoformat()}" if until else "ended years ago"
    return Finding(
        id="django-unsupported",
        severity=ERROR,
        message=f"Django {series} gets no security fixes any more ({ended}).",
        evidence=facts.packages["django"].evidence[:1],
        fix="Upgrade one feature release after the other: "
        "https://docs.djangoproject.com/en/stable/howto/upgrade-version/",
    )


def python_unsupported(facts: Facts) -> Finding | None:
    """Find a Python that gets no security fixes any more."""
    version = value_of(facts.project.python_version)
    until = PYTHON_SUPPORTED_UNTIL.get(version or "")
    if until is None or until >= facts.today:
        return None
    return Finding(
        id="python-unsupported",
        severity=WARNING,
        message=f"Python {version} gets no security fixes any more (ended {until.isoformat()}).",
        evidence=places_of(facts.project.python_version),
        fix="Move to a Python that this Django supports: see the table in its release notes.",
    )


def python_does_not_fit(facts: Facts) -> Finding | None:
    """Find a Python that this Django was not made for."""
    series, version = _django(facts), value_of(facts.project.python_version)
    if series not in DJANGO_PYTHONS or not version or not version.startswith("3."):
        return None
    first, last = DJANGO_PYTHONS[series]
    if first <= int(version.split(".")[1]) <= last:
        return None
    return Finding(
        id="python-does-not-fit-django",
        severity=WARNING,
        message=f"Django {series} supports Python 3.{first} to 3.{last}, and this is {version}.",
        evidence=(
            *places_of(facts.project.python_version)[:1],
            *facts.packages["django"].evidence[:1],
        ),
        fix=f"Run it on Python 3.{last}, or upgrade Django.",
    )


def python_undeclared(facts: Facts) -> Finding | None:
    """Find a project that does not say which Python it runs on."""
    if not facts.packages or value_of(facts.project.python_version) is not None:
        return None
    return Finding(
        id="python-not-declared",
        severity=WARNING,
        message="Nothing says which Python the project runs on: a server takes the one it has.",
        evidence=places_of(facts.project.dependency_manager),
        fix="Write it down: .python-version, or requires-python in pyproject.toml.",
        handled=True,
    )


def python_contradiction(facts: Facts) -> Finding | None:
    """Find files that name Pythons which do not agree."""
    found = facts.seen("python-conflict")
    if not found:
        return None
    return Finding(
        id="python-versions-disagree",
        severity=WARNING,
        message="The files disagree on the Python version.",
        evidence=(*places_of(facts.project.python_specifier), *found[0].evidence),
        fix="Name one version everywhere.",
    )


def development_tools(facts: Facts) -> Finding | None:
    """Find tools for developers among what production installs."""
    found = [facts.packages[name] for name in _DEVELOPMENT if name in facts.packages]
    found = [one for one in found if one.direct]
    if not found:
        return None
    names = ", ".join(one.name for one in found[:5])
    return Finding(
        id="development-tools-installed",
        severity=NOTE,
        message=f"Production installs tools for developers: {names}.",
        evidence=tuple(one.evidence[0] for one in found[:5]),
        fix="Keep them in a group or file of their own.",
    )


def two_postgres_drivers(facts: Facts) -> Finding | None:
    """Find psycopg2 beside psycopg2-binary: the later one wins, file by file."""
    names = [name for name in ("psycopg2", "psycopg2-binary") if name in facts.packages]
    if len(names) < 2:
        return None
    return Finding(
        id="two-postgres-drivers",
        severity=WARNING,
        message="psycopg2 and psycopg2-binary write the same files: which one runs depends on the "
        "order of the install.",
        evidence=tuple(facts.packages[name].evidence[0] for name in names),
        fix="Keep psycopg2-binary alone, or move to psycopg 3.",
    )


def needs_git(facts: Facts) -> Finding | None:
    """Say that the install needs git."""
    if value_of(facts.project.needs_git_to_install) is not True:
        return None
    return Finding(
        id="dependency-from-git",
        severity=NOTE,
        message="A dependency comes from a git repository: the install needs git and the network, "
        "and a branch may move.",
        evidence=places_of(facts.project.needs_git_to_install),
        fix="Name a commit, or publish the package.",
        handled=True,
    )


def private_packages(facts: Facts) -> Finding | None:
    """Say that the install needs credentials which no image may keep."""
    seen = facts.seen("private-packages")
    if not seen:
        return None
    return Finding(
        id="private-packages",
        severity=NOTE,
        message="Packages come from an index of their own or over SSH: the build needs its "
        "credentials, and must not keep them.",
        evidence=seen[0].evidence,
        fix="Give them to the build as a secret (docker build --secret, --ssh), never as ARG, ENV "
        "or in the file.",
        handled=True,
    )


def system_packages(facts: Facts) -> Finding | None:
    """Say which Debian packages the dependencies need."""
    needed = value_of(facts.project.system_packages)
    if needed is None or not (needed.run or needed.build):
        return None
    return Finding(
        id="system-packages-needed",
        severity=NOTE,
        message=f"The dependencies need {', '.join((*needed.run, *needed.build))} from the system.",
        evidence=places_of(facts.project.system_packages),
        fix=f"apt-get install {' '.join((*needed.run, *needed.build))}",
        handled=True,
    )


RULES = (
    no_dependencies,
    django_missing,
    server_missing,
    no_lock,
    unpinned,
    django_unsupported,
    python_unsupported,
    python_does_not_fit,
    python_undeclared,
    python_contradiction,
    development_tools,
    two_postgres_drivers,
    needs_git,
    private_packages,
    system_packages,
)
