"""Everything that is known of a project: one field per fact, each a reading with evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from djscaffold.facts.model import Missing, Place, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """``DATABASES``: the engine of ``default``, all aliases, and the variables it is read from.

    ``roles`` says which variable holds which part, as far as that is certain:
    keys are ``url``, ``name``, ``user``, ``password``, ``host``, ``port``.
    """

    engine: str | None
    aliases: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """``CACHES["default"]``: redis, memcached, database, file, locmem, dummy, or None if unset."""

    backend: str | None
    env: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQueue:
    """The background job library with what it needs to run."""

    library: str | None
    app: str | None = None
    beat: bool = False
    beat_scheduler: str | None = None
    broker: str | None = None
    env: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvVar:
    """One environment variable that the production settings read."""

    name: str
    required: bool
    default: str | None
    evidence: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretKey:
    """Where ``SECRET_KEY`` comes from: literal, env, file, generated or none. Never its value."""

    source: str
    env: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debug:
    """Where ``DEBUG`` comes from, and its value if that is certain.

    ``off`` is what the variable has to hold to be read as off: ``bool(os.environ.get("DEBUG"))``
    needs an empty text, ``int(...)`` a 0.
    """

    source: str
    env: str | None = None
    value: bool | None = None
    off: str = "False"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHosts:
    """Where ``ALLOWED_HOSTS`` comes from, and its value if that is certain."""

    source: str
    env: str | None = None
    value: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Static:
    """Static files: URL, ``STATIC_ROOT``, WhiteNoise, and the storage backend if it is set."""

    url: str | None
    root: str | None
    whitenoise: bool = False
    backend: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Uploaded files: URL, ``MEDIA_ROOT``, storage backend, and what takes them.

    A model with a file field does, or a view that gives them to a storage itself.
    """

    url: str | None
    root: str | None
    backend: str | None = None
    file_fields: bool = False
    saved_by_views: bool = False

    @property
    def takes_uploads(self) -> bool:
        """Return whether people can leave files here."""
        return self.file_fields or self.saved_by_views


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontend:
    """A JavaScript build that must run before ``collectstatic``."""

    needed: bool
    root: str | None = None
    package_json: str | None = None
    manager: str | None = None
    build: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPackages:
    """Debian packages that the Python dependencies need to build and to run."""

    build: tuple[str, ...] = ()
    run: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One dependency of a production install; ``version`` only if it is pinned or locked."""

    name: str
    specifier: str
    version: str | None
    evidence: tuple[Place, ...]
    extras: tuple[str, ...] = ()
    direct: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the production settings assign to one name.

    ``value`` is what is certain (strings, numbers, lists, dictionaries; None where it is not, or
    where the name sounds like a secret); ``known`` says whether all of it is certain; ``env`` are
    the variables it depends on; ``only_if`` words the condition of a conditional assignment;
    ``default`` is the value while no variable is set; ``literal`` is true if a constant is used.
    """

    name: str
    value: Any
    known: bool
    env: tuple[str, ...]
    evidence: tuple[Place, ...]
    only_if: str | None = None
    default: Any = None
    literal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something that a finding needs and no fact holds: kind, what it is about, and where."""

    kind: str
    subject: str
    evidence: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWarning:
    """A file that could not be read as it should: it costs only itself."""

    message: str
    evidence: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """What one repository says about itself. Field names are the keys of ``inspect``'s JSON.

    The fields after ``deployment_files`` are not part of the documented JSON contract:
    plan and findings need them.
    """

    project_root: Reading[str]
    manage_py: Reading[str]
    default_settings: Reading[str]
    production_settings: Reading[str]
    wsgi_application: Reading[str]
    asgi_application: Reading[str]
    needs_asgi: Reading[bool]
    server: Reading[str | None]
    python_specifier: Reading[str]
    python_version: Reading[str]
    dependency_manager: Reading[str]
    dependency_files: Reading[tuple[str, ...]]
    dependency_extras: Reading[tuple[str, ...]]
    dependency_groups: Reading[tuple[str, ...]]
    needs_git_to_install: Reading[bool]
    django_version: Reading[str]
    database: Reading[Database]
    cache: Reading[Cache]
    needs_redis: Reading[bool]
    task_queue: Reading[TaskQueue]
    env_vars: Reading[tuple[EnvVar, ...]]
    secret_key: Reading[SecretKey]
    debug: Reading[Debug]
    allowed_hosts: Reading[AllowedHosts]
    static: Reading[Static]
    media: Reading[Media]
    health_paths: Reading[tuple[str, ...]]
    frontend: Reading[Frontend]
    system_packages: Reading[SystemPackages]
    deployment_files: Reading[tuple[str, ...]]
    configuration_class: Reading[str]
    uses_channels: Reading[bool]
    has_lock_file: Reading[bool]
    has_project_table: Reading[bool]
    login_paths: Reading[tuple[str, ...]]
    has_translations: Reading[bool]
    static_commands: Reading[tuple[str, ...]]
    wsgi_settings: Reading[str]
    env_roles: tuple[tuple[str, str], ...] = ()
    packages: tuple[Package, ...] = ()
    installed_apps: tuple[str, ...] = ()
    middleware: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    observations: tuple[Observation, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()

    @property
    def is_django(self) -> bool:
        """Return whether anything at all speaks of Django."""
        readings = (self.manage_py, self.production_settings, self.django_version)
        return not all(isinstance(reading, Missing) for reading in readings)
