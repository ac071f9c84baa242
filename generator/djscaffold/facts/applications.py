"""Find the WSGI and ASGI callables of the production settings, and what serves them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from djscaffold.facts import entrypoints
from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.existing import deployment_texts
from djscaffold.facts.model import Ambiguous, Found, Missing, Place, Reading
from djscaffold.facts.modules import path_of_module
from djscaffold.facts.project import EnvVar
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source

# Package -> server, in the order of preference where several are installed.
SERVERS = (
    ("gunicorn", "gunicorn"),
    ("uwsgi", "uwsgi"),
    ("pyuwsgi", "uwsgi"),
    ("uvicorn", "uvicorn"),
    ("daphne", "daphne"),
    ("hypercorn", "hypercorn"),
    ("granian", "granian"),
    ("waitress", "waitress"),
    ("mod-wsgi", "mod_wsgi"),
    ("cherrypy", "cherrypy"),
)


@dataclass(frozen=True, slots=True)
class Applications:
    """The callables, and the settings that wsgi.py insists on."""

    wsgi: Reading[str]
    asgi: Reading[str]
    settings: Reading[str]


def read_applications(
    source: Source, root: str, folders: list[str], settings: Settings, production: Reading[str]
) -> Applications:
    """Return the WSGI and ASGI callables that belong to the production settings."""
    module = production.value if isinstance(production, Found) else None
    wsgi = _declared(source, folders, settings, "WSGI_APPLICATION")
    if wsgi is None:
        wsgi = _by_file(source, root, folders, "wsgi", module, None)
    asgi = _declared(source, folders, settings, "ASGI_APPLICATION")
    if asgi is None:
        asgi = _by_file(source, root, folders, "asgi", module, wsgi)
    return Applications(wsgi, asgi, _insists(source, folders, wsgi))


def _declared(
    source: Source, folders: list[str], settings: Settings, name: str
) -> Reading[str] | None:
    """Return what the setting names, if the project has that module."""
    text = settings.text(name)
    if not text or entrypoints.module_of_callable(source, folders, text) is None:
        return None
    return Found(entrypoints.split_callable(text), settings.places(name))


def _by_file(
    source: Source,
    root: str,
    folders: list[str],
    kind: str,
    production: str | None,
    beside: Reading[str] | None,
) -> Reading[str]:
    paths = entrypoints.callable_files(source, root, kind)
    usable = [path for path in paths if _settings_exist(source, folders, path)]
    ranked = _belonging(source, usable, root, production, beside)
    found = tuple(_found(source, path, root) for path in ranked)
    if len(found) == 1:
        return found[0]
    if found:
        return Ambiguous(
            found, f"{len(found)} files define {kind.upper()} callables: which one is served?"
        )
    return Missing(f"{kind.upper()}_APPLICATION, or a {kind}.py that defines `application`")


def _found(source: Source, path: str, root: str) -> Found[str]:
    line = entrypoints.application_line(source, path) or 1
    return Found(f"{entrypoints.dotted_of(path, root)}:application", (Place(path, line),))


def _settings_exist(source: Source, folders: list[str], path: str) -> bool:
    """Return whether the settings that the file names are there: else it cannot start."""
    named = [module for module, _, _ in entrypoints.settings_assigned(source, path) if module]
    return not named or any(path_of_module(source, folders, module) for module in named)


def _belonging(
    source: Source, paths: list[str], root: str, production: str | None, beside: Reading[str] | None
) -> list[str]:
    """Return the files of the same project package, the one for production if it is named."""
    if production is None:
        return paths
    named = [
        p
        for p in paths
        if production in [m for m, _, _ in entrypoints.settings_assigned(source, p)]
    ]
    if named:
        return named
    package = production.partition(".")[0]
    if isinstance(beside, Found):
        package = beside.value.partition(".")[0]
    same = [p for p in paths if entrypoints.dotted_of(p, root).partition(".")[0] == package]
    if same or isinstance(beside, Found):
        return same
    foreign = [p for p in paths if _foreign(source, p, production)]
    return [p for p in paths if p not in foreign]


def _foreign(source: Source, path: str, production: str) -> bool:
    """Return whether the file starts another Django project."""
    named = [m for m, _, _ in entrypoints.settings_assigned(source, path) if m]
    return bool(named) and all(m.partition(".")[0] != production.partition(".")[0] for m in named)


def _insists(source: Source, folders: list[str], wsgi: Reading[str]) -> Reading[str]:
    """Return the settings module that wsgi.py sets whatever the environment says."""
    if isinstance(wsgi, Found):
        path = path_of_module(source, folders, wsgi.value.partition(":")[0])
        for module, place, forced in entrypoints.settings_assigned(source, path) if path else ():
            if forced and module:
                return Found(module, (place,))
    return Missing('os.environ["DJANGO_SETTINGS_MODULE"] = ... in wsgi.py')


def read_needs_asgi(
    source: Source, folders: list[str], settings: Settings, callables: Applications
) -> Reading[bool]:
    """Return whether something only works under ASGI."""
    channels = read_uses_channels(settings)
    if isinstance(channels, Found) and channels.value:
        return Found(True, channels.evidence)
    if isinstance(callables.asgi, Found):
        if isinstance(callables.wsgi, Missing):
            return Found(True, callables.asgi.evidence)
        path = path_of_module(source, folders, callables.asgi.value.partition(":")[0])
        place = _protocols(source, path) if path else None
        if place is not None:
            return Found(True, (place,))
    return Found(False, callables.asgi.evidence if isinstance(callables.asgi, Found) else ())


def _protocols(source: Source, path: str) -> Place | None:
    """Return where the ASGI file routes protocols other than HTTP."""
    if "websocket" not in source.text(path):
        return None
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ProtocolTypeRouter"):
            return Place(path, node.lineno)
    return None


def read_uses_channels(settings: Settings) -> Reading[bool]:
    """Return whether Django Channels is installed."""
    apps = settings.strings("INSTALLED_APPS")
    if "channels" in apps or settings.value("CHANNEL_LAYERS") is not None:
        places = settings.places("CHANNEL_LAYERS") or settings.places("INSTALLED_APPS")
        return Found(True, places)
    return Found(False, settings.places("INSTALLED_APPS"))


def read_server(source: Source, dependencies: Dependencies) -> Reading[str | None]:
    """Return the application server among the dependencies."""
    found = [
        (name, server)
        for name, server in SERVERS
        if dependencies.has(name) and _direct(dependencies, name)
    ]
    if not found:
        return Missing("gunicorn, uvicorn, daphne, uwsgi, ... among the dependencies")
    used = [pair for pair in found if len(found) > 1 and _is_started(source, pair[1])]
    name, server = (used or found)[0]
    package = dependencies.package(name)
    return Found(server, package.evidence[:1] if package else ())


def _direct(dependencies: Dependencies, name: str) -> bool:
    package = dependencies.package(name)
    return package is not None and package.direct


def _is_started(source: Source, server: str) -> bool:
    pattern = re.compile(
        rf"(^\s*(CMD|ENTRYPOINT|web:|ExecStart|exec|command:).*|^\s*[-\"\[]*\s*){server}\b", re.M
    )
    return any(
        pattern.search(source.text(path))
        for path in deployment_texts(source)
        if re.search(r"ockerfile|Procfile|\.service$|\.sh$", path)
    )


def listed(
    values: Sequence[str], what: str, dependencies: Dependencies | None = None
) -> Reading[tuple[str, ...]]:
    """Return a list as a reading; an empty one says what was looked for."""
    if not values:
        return Missing(what)
    if dependencies is not None and dependencies.pyproject is not None:
        parsed = dependencies.pyproject
        return Found(tuple(values), tuple(parsed.line_of(f"{name} =") for name in values))
    return Found(tuple(values), tuple(Place(path, 1) for path in values))


def read_needs_git(dependencies: Dependencies) -> Reading[bool]:
    """Return whether a dependency comes from a version control system."""
    if isinstance(dependencies.manager, Missing):
        return Missing("dependency files")
    places = tuple(dict.fromkeys(dependencies.requirements.vcs))
    return Found(bool(places), places or tuple(Place(path, 1) for path in dependencies.files[:1]))


def read_django_version(dependencies: Dependencies) -> Reading[str]:
    """Return the locked version of Django, or the range that is asked for."""
    package = dependencies.package("django")
    if package is None:
        return Missing("Django among the dependencies")
    return Found(package.version or package.specifier or "*", package.evidence)


def read_has_lock(dependencies: Dependencies) -> Reading[bool]:
    """Return whether a lock file settles the versions."""
    if dependencies.lock_path is not None:
        return Found(True, (Place(dependencies.lock_path, 1),))
    return Found(False, tuple(Place(path, 1) for path in dependencies.files[:1]))


def read_has_project_table(dependencies: Dependencies) -> Reading[bool]:
    """Return whether pyproject.toml declares the project itself, or nothing but groups."""
    parsed = dependencies.pyproject
    if parsed is None or not parsed.content:
        return Missing("pyproject.toml")
    if "project" in parsed.content:
        return Found(True, (parsed.line_of("[project"),))
    return Found(False, (Place(parsed.path, 1),))


def read_env_vars(found: tuple[EnvVar, ...]) -> Reading[tuple[EnvVar, ...]]:
    """Return the variables as a reading."""
    if not found:
        return Missing("reads of the environment in the production settings")
    return Found(found, tuple(var.evidence[0] for var in found))


def read_translations(source: Source) -> Reading[bool]:
    """Return whether messages have to be compiled: .po files without their .mo files."""
    paths = sorted(
        path
        for path in source.files
        if path.endswith(".po")
        and "/LC_MESSAGES/" in path
        and path[:-3] + ".mo" not in source.files
    )
    if paths:
        return Found(True, (Place(paths[0], 1),))
    return Missing("locale/*/LC_MESSAGES/*.po without compiled .mo files")
