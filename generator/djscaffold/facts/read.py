"""Read a project: every fact by its reader, in the order in which they need one another."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path

from djscaffold.facts import (
    applications,
    background,
    compressor,
    databases,
    entrypoints,
    existing,
    files,
    logins,
    observations,
    security,
    services,
    urls,
)
from djscaffold.facts import frontend as frontends
from djscaffold.facts.dependencies import Dependencies, read_dependencies
from djscaffold.facts.model import Ambiguous, Found, Missing, Reading
from djscaffold.facts.names import Reading as Evaluation
from djscaffold.facts.production import read_production_settings
from djscaffold.facts.project import ProjectFacts, TaskQueue
from djscaffold.facts.python_version import read_python
from djscaffold.facts.settings import Settings, env_vars, read_settings, settings_list
from djscaffold.facts.source import Source
from djscaffold.facts.system_packages import read_system_packages


@dataclass(slots=True)
class _Start:
    """Where the project starts, and which modules Python finds there."""

    manage: Reading[str]
    root_reading: Reading[str]
    default: Reading[str]
    production: Reading[str]
    root: str
    folders: list[str]


def read_project(
    root: Path, *, project_root: str | None = None, settings: str | None = None
) -> ProjectFacts:
    """Return everything that the repository at *root* says about itself.

    *project_root* and *settings* decide what the repository leaves open: the folder of manage.py
    (relative to *root*), and the dotted module to run in production.
    """
    source = Source(root.resolve())
    existing.find_copies(source)
    start = _start(source, project_root, settings)
    wanted = _configuration_wanted(source, start)
    module = _first(start.production)
    read = (
        read_settings(source, start.folders, module, wanted)
        if module
        else Settings(Evaluation(source, list(start.folders)))
    )
    return _facts(source, start, read, read_dependencies(source, start.root))


def _first(reading: Reading[str]) -> str | None:
    """Return the value, or the likeliest one where that is a question."""
    match reading:
        case Found():
            return reading.value
        case Ambiguous(candidates=(first, *_)):
            return first.value
    return None


def _start(source: Source, project_root: str | None, settings: str | None) -> _Start:
    manage = entrypoints.read_manage_py(source, project_root)
    root_reading = entrypoints.read_project_root(source, manage)
    if project_root is not None:
        chosen = posixpath.normpath(project_root)
        places = manage.evidence if isinstance(manage, Found) else ()
        root_reading = Found(chosen, places)
    root = _first(root_reading) or "."
    folders = _search_folders(source, root)
    default = entrypoints.read_default_settings(source, manage)
    production = read_production_settings(source, folders, root, default)
    if settings is not None:
        production = Found(settings, ())
    return _Start(manage, root_reading, default, production, root, folders)


def _search_folders(source: Source, root: str) -> list[str]:
    """Return the folders that Python imports from: the project's own, then ``src``."""
    inner = "src" if root == "." else f"{root}/src"
    found = [root, inner, ".", "src"]
    return list(dict.fromkeys(folder for folder in found if folder in source.folders))


def _configuration_wanted(source: Source, start: _Start) -> str | None:
    """Return the configuration class that the production image or its environment names."""
    return existing.production_value(source, "DJANGO_CONFIGURATION")


def _facts(
    source: Source, start: _Start, settings: Settings, dependencies: Dependencies
) -> ProjectFacts:
    callables = applications.read_applications(
        source, start.root, start.folders, settings, start.production
    )
    specifier, version = read_python(source, start.root, dependencies)
    database = databases.read_database(settings, dependencies)
    cache = services.read_cache(settings, dependencies)
    queue = background.read_task_queue(source, settings, dependencies, start.root)
    found_queue = queue.value if isinstance(queue, Found) else TaskQueue(library=None)
    asgi = callables.asgi.value if isinstance(callables.asgi, Found) else None
    translations = applications.read_translations(source)
    broker_places = queue.evidence if isinstance(queue, Found) else ()
    roles = database.value.roles if isinstance(database, Found) else ()
    read_everything = isinstance(start.production, Found | Ambiguous) and bool(settings.bindings)
    needs_redis: Reading[bool] = (
        services.read_needs_redis(settings, cache, found_queue.broker, broker_places)
        if read_everything
        else Missing("production settings")
    )
    return ProjectFacts(
        project_root=start.root_reading,
        manage_py=start.manage,
        default_settings=start.default,
        production_settings=start.production,
        wsgi_application=callables.wsgi,
        asgi_application=callables.asgi,
        needs_asgi=applications.read_needs_asgi(source, start.folders, settings, callables),
        server=applications.read_server(source, dependencies),
        python_specifier=specifier,
        python_version=version,
        dependency_manager=dependencies.manager,
        dependency_files=applications.listed(dependencies.files, "dependency files"),
        dependency_extras=applications.listed(
            dependencies.extras, "extras that production needs", dependencies
        ),
        dependency_groups=applications.listed(
            dependencies.groups, "groups that production needs", dependencies
        ),
        needs_git_to_install=applications.read_needs_git(dependencies),
        django_version=applications.read_django_version(dependencies),
        database=database,
        cache=cache,
        needs_redis=needs_redis,
        task_queue=queue,
        env_vars=applications.read_env_vars(env_vars(settings)),
        secret_key=security.read_secret_key(settings),
        debug=security.read_debug(settings),
        allowed_hosts=security.read_allowed_hosts(settings),
        static=files.read_static(settings),
        media=files.read_media(source, settings, dependencies),
        health_paths=urls.read_health_paths(source, start.folders, settings, dependencies, asgi),
        frontend=frontends.read_frontend(source, settings, start.root),
        system_packages=read_system_packages(
            settings, dependencies, translations=isinstance(translations, Found)
        ),
        deployment_files=existing.read_deployment_files(source),
        configuration_class=settings.configuration_class,
        uses_channels=applications.read_uses_channels(settings),
        has_lock_file=applications.read_has_lock(dependencies),
        has_project_table=applications.read_has_project_table(dependencies),
        login_paths=logins.read_login_paths(source, start.folders, settings),
        has_translations=translations,
        static_commands=compressor.read_static_commands(settings),
        wsgi_settings=callables.settings,
        env_roles=security.read_env_roles(settings, roles),
        packages=dependencies.packages(),
        installed_apps=settings.strings("INSTALLED_APPS"),
        middleware=settings.strings("MIDDLEWARE"),
        settings=settings_list(settings),
        observations=observations.read_observations(
            source,
            settings,
            dependencies,
            start.root,
            (start.default, start.production, specifier),
            callables,
        ),
        warnings=tuple(source.warnings),
    )
