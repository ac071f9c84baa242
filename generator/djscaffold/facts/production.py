"""Choose the settings module that production runs, by evidence.

What a wsgi.py or a deployment file names counts most, then what the module says (DEBUG off,
secure cookies), then its name. A module for development is never chosen while another is there.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from djscaffold.facts.entrypoints import callable_files, dotted_of, settings_assigned
from djscaffold.facts.existing import settings_named
from djscaffold.facts.model import Ambiguous, Found, Missing, Place, Reading
from djscaffold.facts.modules import path_of_module
from djscaffold.facts.settings import evaluated
from djscaffold.facts.source import Source
from djscaffold.facts.values import Known, env_of, likely

_PRODUCTION = {"prod", "production", "live", "deploy", "deployment", "deployed"}
_HOSTED = {"heroku", "docker", "cloud", "server", "aws", "gcp", "azure", "render", "fly", "k8s"}
_STAGING = {"staging", "stage", "preprod", "preproduction", "qa", "uat"}
_OTHER = {
    "dev",
    "develop",
    "development",
    "debug",
    "local",
    "test",
    "tests",
    "testing",
    "ci",
    "travis",
    "example",
    "sample",
    "template",
    "pytest",
    "e2e",
    "selenium",
    "build",
    "docs",
    "demo",
    "collectstatic",
}
_PART = {"base", "common", "default", "defaults", "shared", "static", "core", "components"}
# What a name says, in the order in which it is asked.
_POINTS = ((_OTHER, -8), (_PRODUCTION, 5), (_STAGING, 2), (_HOSTED, 3), (_PART, -4))
_NOT_PRODUCTION_FILE = re.compile(
    r"(^|[/._-])(dev|develop|development|local|test|tests|testing|ci|e2e|devcontainer|example"
    r"|sample|docs)([/._-]|$)"
    r"|^\.github/|^\.gitlab-ci|pytest\.ini|tox\.ini|Makefile$|justfile$|^\.circleci/"
)
_PRODUCTION_FILE = re.compile(r"prod|live|deploy|heroku|\.service$|uwsgi|Procfile|systemd|gunicorn")


@dataclass(slots=True)
class Candidate:
    """A settings module, what speaks for it, and where that is said."""

    module: str
    path: str
    score: float = 0
    evidence: list[Place] = field(default_factory=list)
    named: bool = False

    def add(self, points: float, place: Place | None = None) -> None:
        """Let a piece of evidence count."""
        self.score += points
        if place is not None and place not in self.evidence:
            self.evidence.append(place)


def read_production_settings(
    source: Source, folders: list[str], root: str, default: Reading[str]
) -> Reading[str]:
    """Return the dotted module to run in production."""
    candidates = _named(source, folders, root, default)
    for module, path in _siblings(source, list(candidates.values())):
        candidates.setdefault(module, Candidate(module, path))
    if not candidates:
        candidates = _by_file_name(source, root)
    if len(candidates) > 1:
        for candidate in candidates.values():
            _judge(source, folders, candidate)
        _prefer_derived(source, folders, list(candidates.values()))
    return _chosen(list(candidates.values()))


def _named(
    source: Source, folders: list[str], root: str, default: Reading[str]
) -> dict[str, Candidate]:
    """Return the modules that manage.py, wsgi.py, asgi.py and deployment files name."""
    found: dict[str, Candidate] = {}

    def note(module: str, points: float, place: Place) -> None:
        path = path_of_module(source, folders, module)
        if path is not None:
            candidate = found.setdefault(module, Candidate(module, path))
            candidate.add(points, place)
            candidate.named = candidate.named or points >= 1

    if isinstance(default, Found):
        note(default.value, 3, default.evidence[0])
    for kind in ("wsgi", "asgi"):
        for path in callable_files(source, root, kind):
            for module, place, _ in settings_assigned(source, path):
                known = found.get(module or "")
                again = known is not None and "sgi" in "".join(one.path for one in known.evidence)
                note(module or "", 0 if again else 4, place)
    for module, place in settings_named(source):
        note(module, _weight(place.path), place)
    return found


def _weight(path: str) -> float:
    if _NOT_PRODUCTION_FILE.search(path):
        return 0.2
    if _PRODUCTION_FILE.search(path) or "ockerfile" in path:
        return 6
    return 2


def _siblings(source: Source, named: list[Candidate]) -> list[tuple[str, str]]:
    """Return the modules beside the named ones, or inside them if they are packages."""
    found = []
    for candidate in named:
        folder = posixpath.dirname(candidate.path)
        package = candidate.path.endswith("/__init__.py")
        if path_is_outside(candidate):
            continue
        for path in source.files:
            if posixpath.dirname(path) != folder or not path.endswith(".py"):
                continue
            stem = posixpath.basename(path)[:-3]
            settings_like = "settings" in stem or "settings" in folder.rpartition("/")[2]
            beside = _words(stem) & (_PRODUCTION | _HOSTED | _STAGING)
            if stem != "__init__" and (package or settings_like or beside):
                found.append((_beside(candidate, stem, package=package), path))
    return found


def _beside(candidate: Candidate, stem: str, *, package: bool) -> str:
    """Return the module *stem* as it is imported: like the named module beside it."""
    parent = candidate.module if package else candidate.module.rpartition(".")[0]
    return f"{parent}.{stem}" if parent else stem


def path_is_outside(candidate: Candidate) -> bool:
    """Return whether an image build copies the module from somewhere else."""
    return (
        not candidate.path.removesuffix(".py")
        .removesuffix("/__init__")
        .replace("/", ".")
        .endswith(candidate.module)
    )


def _by_file_name(source: Source, root: str) -> dict[str, Candidate]:
    prefix = "" if root == "." else f"{root}/"
    found = {}
    for path in source.files:
        folder, _, name = path.rpartition("/")
        like_settings = name == "settings.py" or folder.endswith("/settings")
        if not like_settings or not path.startswith(prefix) or not path.endswith(".py"):
            continue
        if "INSTALLED_APPS" in source.text(path):
            module = dotted_of(path, root)
            found[module] = Candidate(module, path)
    return found


def _words(name: str) -> set[str]:
    return set(re.split(r"[_\W]+", name.lower()))


def _judge(source: Source, folders: list[str], candidate: Candidate) -> None:
    """Let name and content count."""
    words = _words(candidate.module.rpartition(".")[2]) - {"settings"}
    candidate.add(next((points for known, points in _POINTS if words & known), 0))
    if candidate.score < -7:
        return
    frame = evaluated(source, folders, candidate.module)
    bindings = frame.names.bindings if frame else {}
    if not {"INSTALLED_APPS", "ROOT_URLCONF"} & bindings.keys() and not _has_classes(
        source, candidate
    ):
        candidate.add(-20)
        return
    debug = bindings.get("DEBUG")
    value = likely(debug.value) if debug else None
    if isinstance(value, Known) and debug is not None:
        candidate.add(-2 if value.value else 2, debug.place)
    secret = bindings.get("SECRET_KEY")
    if secret and env_of(secret.value):
        candidate.add(1)
    if any(name.startswith("SECURE_") or name == "SESSION_COOKIE_SECURE" for name in bindings):
        candidate.add(1)


def _prefer_derived(source: Source, folders: list[str], candidates: list[Candidate]) -> None:
    """Count against a module that a sibling of its folder is built on."""
    # Decided before anything is counted: which file is first in the folder must not matter.
    for derived in [candidate for candidate in candidates if candidate.score > 0]:
        frame = evaluated(source, folders, derived.module)
        for base in candidates:
            beside = base.module.rpartition(".")[0] == derived.module.rpartition(".")[0]
            if frame is None or base is derived or not beside:
                continue
            if base.path in frame.reading.chain and derived.path not in _chain(
                source, folders, base
            ):
                base.add(-4)


def _chain(source: Source, folders: list[str], candidate: Candidate) -> list[str]:
    frame = evaluated(source, folders, candidate.module)
    return frame.reading.chain if frame else []


def _has_classes(source: Source, candidate: Candidate) -> bool:
    return "onfiguration" in source.text(candidate.path)


def _chosen(candidates: list[Candidate]) -> Reading[str]:
    whole = [candidate for candidate in candidates if candidate.score > -12] or candidates
    ranked = sorted(whole, key=lambda candidate: (-candidate.score, candidate.module))
    if not ranked:
        return Missing(
            "a settings module: DJANGO_SETTINGS_MODULE in manage.py, wsgi.py, or settings.py"
        )
    best = ranked[0]
    rivals = [
        one
        for one in ranked
        if (one.score > best.score - 2.5 or _is_staging_beside(one, best))
        and one.score > 0
        and not _words(one.module) & _OTHER
    ]
    if len(rivals) > 1:
        found = tuple(_found(candidate) for candidate in rivals)
        return Ambiguous(found, "Which of these settings modules is for production?")
    return _found(best)


def _is_staging_beside(one: Candidate, best: Candidate) -> bool:
    """Return whether *one* is for staging where only its name speaks for *best*."""
    return not best.named and bool(_words(one.module) & _STAGING)


def _found(candidate: Candidate) -> Found[str]:
    return Found(candidate.module, tuple(candidate.evidence) or (Place(candidate.path, 1),))
