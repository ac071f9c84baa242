"""Look for what only findings need: committed secrets, migrations, connections at import."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from djscaffold.facts import daemons, entrypoints, migrations
from djscaffold.facts.applications import Applications
from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.model import Found, Place, Reading
from djscaffold.facts.modules import copied_module, path_of_module
from djscaffold.facts.project import Observation
from djscaffold.facts.python_version import conflicts
from djscaffold.facts.security import debug_off
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source
from djscaffold.facts.values import (
    Known,
    Mapping,
    env_of,
    likely,
)

_ENV_FILE = re.compile(
    r"(^|/)(\.env(\.(?!.*(example|sample|template|dist|default|tpl|test|ci))[\w.-]+)?|[\w.-]+\.env)$"
)
_EXAMPLE = re.compile(r"example|sample|template|\.dist|test|(^|/)(docs?|fixtures)/", re.I)
_SECRET_LINE = re.compile(
    r"^\s*(?:export\s+)?([A-Z][A-Z0-9_]*(?:SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY"
    r")[A-Z0-9_]*|SECRET_KEY)\s*=\s*[\"']?([^\s\"'#]+)"
)
_PLACEHOLDER = re.compile(
    r"^(change.?me.*|your.*|xxx+|<.*>|\$\{.*|secret|password|example.*|none|null|todo.*|\*+|\.\.\.|dummy.*"
    r"|placeholder.*|fake.*|foo|bar|test.*|postgres|django|root|admin|insert.*|replace.*)$",
    re.I,
)
_KEY_FILE = re.compile(r"(^|/)(id_rsa|id_ed25519|[\w.-]+\.(pem|key|p12))$")
_OVER_SSH = re.compile(r"ssh://|git@")
_DATABASE_FILE = re.compile(r"(^|/)(db|database|data|app)\.sqlite3?$|(^|/)[\w-]+\.sqlite3$")


def read_observations(
    source: Source,
    settings: Settings,
    dependencies: Dependencies,
    root: str,
    readings: tuple[Reading[str], Reading[str], Reading[str]],
    callables: Applications,
) -> tuple[Observation, ...]:
    """Return what was noticed, in a fixed order; *readings*: default, production, Python range."""
    default, production, declared = readings
    found = [
        *_connections(settings),
        *_debug_any_text(settings),
        *_passwords(settings),
        *_committed(source),
        *_missing_settings(source, settings, default),
        *_made_in_image(source, settings, production),
        *_other_default(source, settings, callables, production),
        *_leaks(source, settings, production),
        *migrations.observe(source, settings, root),
        *_case(source),
        *daemons.observe(source),
        *_private(source, dependencies),
    ]
    disagree = conflicts(source, root, declared)
    if disagree:
        found.append(_observed("python-conflict", "python", *disagree))
    return tuple(found)


def _observed(kind: str, subject: str, *places: Place) -> Observation:
    return Observation(kind=kind, subject=subject, evidence=places)


def _private(source: Source, dependencies: Dependencies) -> Iterator[Observation]:
    """Notice an index of its own, and repositories that are reached with a key."""
    required = dependencies.requirements
    places = list(required.private)
    for place in required.vcs:
        line = source.lines(place.path)[place.line - 1 : place.line]
        if line and _OVER_SSH.search(line[0]):
            places.append(place)
    if places:
        yield _observed("private-packages", "install", *dict.fromkeys(places))


def _connections(settings: Settings) -> Iterator[Observation]:
    for name, place in settings.evaluation.connects:
        yield _observed("connects-at-import", name, place)


def _debug_any_text(settings: Settings) -> Iterator[Observation]:
    """Notice ``bool(os.environ.get("DEBUG"))``: the text "False" is true."""
    value = settings.value("DEBUG")
    names = env_of(value)
    if value is None or not names or debug_off(value) != "":
        return
    yield _observed("debug-any-text", names[0], *settings.places("DEBUG"))


def _passwords(settings: Settings) -> Iterator[Observation]:
    databases = likely(settings.value("DATABASES"))
    default = likely(databases.get("default")) if isinstance(databases, Mapping) else None
    password = likely(default.get("PASSWORD")) if isinstance(default, Mapping) else None
    if isinstance(password, Known) and isinstance(password.value, str) and password.value:
        yield _observed("database-password-in-code", "PASSWORD", password.place)


def _committed(source: Source) -> Iterator[Observation]:
    for path in source.other_files:
        if _EXAMPLE.search(path):
            continue
        if _ENV_FILE.search(path):
            yield from _secret_lines(source, path)
        elif _KEY_FILE.search(path) and "PRIVATE KEY-----" in source.text(path)[:4000]:
            yield _observed("committed-secret", posixpath.basename(path), Place(path, 1))
        elif _DATABASE_FILE.search(path):
            yield _observed("committed-database", path, Place(path, 1))


def _secret_lines(source: Source, path: str) -> Iterator[Observation]:
    for number, line in enumerate(source.lines(path), 1):
        match = _SECRET_LINE.match(line)
        if match and not _PLACEHOLDER.match(match.group(2)):
            yield _observed("committed-secret", f"{match.group(1)} in {path}", Place(path, number))


def _missing_settings(
    source: Source, settings: Settings, default: Reading[str]
) -> Iterator[Observation]:
    folders = settings.evaluation.folders
    if isinstance(default, Found) and path_of_module(source, folders, default.value) is None:
        yield _observed("settings-module-missing", default.value, *default.evidence)
    for name, place in settings.evaluation.missing:
        yield _observed("settings-not-in-repository", name, place)


def _made_in_image(
    source: Source, settings: Settings, production: Reading[str]
) -> Iterator[Observation]:
    """Notice production settings that only the project's own image holds.

    The subject is what is copied and where to, as ``cp`` takes them.
    """
    if not isinstance(production, Found):
        return
    copied = copied_module(source, settings.evaluation.folders, production.value)
    if copied is not None:
        origin, target, place = copied
        yield _observed("settings-made-in-image", f"{origin} {target}", place)


def _other_default(
    source: Source, settings: Settings, callables: Applications, production: Reading[str]
) -> Iterator[Observation]:
    """Notice a wsgi.py or asgi.py that names other settings than production's."""
    if not isinstance(production, Found):
        return
    for reading in (callables.wsgi, callables.asgi):
        if not isinstance(reading, Found):
            continue
        folders = settings.evaluation.folders
        path = path_of_module(source, folders, reading.value.partition(":")[0])
        for module, place, _ in entrypoints.settings_assigned(source, path) if path else ():
            if module and module != production.value:
                yield _observed("wsgi-names-other-settings", module, place)


_DEVELOPMENT = re.compile(r"from\s+\.(\w*(?:dev|local|development)\w*)\s+import\s+\*")


def _leaks(source: Source, settings: Settings, production: Reading[str]) -> Iterator[Observation]:
    """Notice a settings package whose ``__init__.py`` imports the development part (D04)."""
    if not isinstance(production, Found):
        return
    package = production.value.rpartition(".")[0]
    path = path_of_module(source, settings.evaluation.folders, package) if package else None
    if path is None or not path.endswith("/__init__.py"):
        return
    for number, line in enumerate(source.lines(path), 1):
        match = _DEVELOPMENT.match(line.strip())
        if match:
            yield _observed("development-values-leak", match.group(1), Place(path, number))


def _case(source: Source) -> Iterator[Observation]:
    """Notice static files whose names differ only in case."""
    seen: dict[str, str] = {}
    for path in source.files:
        if "static/" not in path:
            continue
        head, _, tail = path.partition("static/")
        if entrypoints.is_side_tree(path):
            continue
        other = seen.setdefault(tail.lower() if head else path.lower(), path)
        if other != path and other.lower() == path.lower():
            subject = f"{other} and {posixpath.basename(path)}"
            yield _observed("static-case", subject, Place(other, 1), Place(path, 1))
            return
