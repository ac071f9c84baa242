"""Databases, caches and uploads that do not survive production."""

from __future__ import annotations

from djscaffold.facts.files import DJANGOS_OWN
from djscaffold.findings.model import ERROR, NOTE, WARNING, Facts, Finding, places_of, value_of
from djscaffold.findings.packages import how_to_add

_DRIVERS = {
    "postgresql": (("psycopg", "psycopg2", "psycopg2-binary", "psycopg2cffi"), "psycopg[binary]"),
    "postgis": (("psycopg", "psycopg2", "psycopg2-binary"), "psycopg[binary]"),
    "mysql": (("mysqlclient", "pymysql", "mysql-connector-python"), "mysqlclient"),
    "mariadb": (("mysqlclient", "pymysql"), "mysqlclient"),
    "oracle": (("oracledb", "cx-oracle"), "oracledb"),
    "mssql": (("mssql-django",), "mssql-django"),
}
PROVISIONED = ("postgresql", "postgis", "mysql", "mariadb", "sqlite")


def sqlite_in_production(facts: Facts) -> Finding | None:
    """Find SQLite."""
    database = value_of(facts.project.database)
    if database is None or database.engine != "sqlite":
        return None
    return Finding(
        id="sqlite-in-production",
        severity=WARNING,
        message="SQLite: one machine only, one writer at a time, and gone with a container.",
        evidence=places_of(facts.project.database),
        fix="Use PostgreSQL, or keep to one server with a volume and back the file up with care.",
        handled=True,
    )


def database_driver_missing(facts: Facts) -> Finding | None:
    """Find a database whose driver nobody installs."""
    database = value_of(facts.project.database)
    if database is None or database.engine not in _DRIVERS or not facts.packages:
        return None
    names, advice = _DRIVERS[database.engine]
    if any(name in facts.packages for name in names):
        return None
    return Finding(
        id="database-driver-missing",
        severity=ERROR,
        message=f"No driver for {database.engine} is among the dependencies: the site cannot "
        "start.",
        evidence=places_of(facts.project.database)[:1],
        fix=how_to_add(facts, advice),
        handled=True,
    )


def database_not_provisioned(facts: Facts) -> Finding | None:
    """Find a database that djscaffold sets up nowhere."""
    database = value_of(facts.project.database)
    if database is None or database.engine is None or database.engine in PROVISIONED:
        return None
    return Finding(
        id="database-not-provisioned",
        severity=WARNING,
        message=f"djscaffold sets up no {database.engine}: you have to provide one.",
        evidence=places_of(facts.project.database),
        fix="Give its address to the deployment, and plan its backups yourself.",
    )


def several_databases(facts: Facts) -> Finding | None:
    """Find further databases: only the default one is set up."""
    database = value_of(facts.project.database)
    more = [alias for alias in database.aliases if alias != "default"] if database else []
    if not more:
        return None
    return Finding(
        id="several-databases",
        severity=NOTE,
        message=f"Beside default there is {', '.join(more)}: only default is set up.",
        evidence=places_of(facts.project.database),
        fix="Provide the others, migrate them with --database, and back them up.",
    )


def connections_kept_under_asgi(facts: Facts) -> Finding | None:
    """Find persistent connections under ASGI, where threads come and go."""
    if value_of(facts.project.needs_asgi) is not True:
        return None
    databases = facts.value("DATABASES")
    default = databases.get("default") if isinstance(databases, dict) else None
    age = default.get("CONN_MAX_AGE") if isinstance(default, dict) else None
    if not age:
        return None
    return Finding(
        id="connections-kept-under-asgi",
        severity=WARNING,
        message="CONN_MAX_AGE keeps connections open, and under ASGI nobody reuses them: the "
        "database runs out of them.",
        evidence=facts.where("DATABASES"),
        fix="CONN_MAX_AGE = 0, or Django's connection pool (5.1, psycopg 3).",
        handled=True,
    )


def cache_in_process(facts: Facts) -> Finding | None:
    """Find a cache that every worker has for itself, and something that relies on one."""
    if not facts.was_read:
        return None
    cache = value_of(facts.project.cache)
    if cache is not None and cache.backend not in ("locmem", None):
        return None
    engine = facts.value("SESSION_ENGINE")
    relying = [
        name
        for name in ("axes", "django_ratelimit", "defender", "waffle", "constance")
        if name in facts.project.installed_apps
    ]
    sessions = isinstance(engine, str) and engine.endswith(("cache", "cached_db"))
    if not relying and not sessions:
        return None
    reason = "sessions are kept in it" if sessions else f"{relying[0]} counts in it"
    return Finding(
        id="cache-in-process-memory",
        severity=ERROR if sessions else WARNING,
        message=f"The cache is the memory of each worker alone, and {reason}.",
        evidence=facts.where("CACHES", "SESSION_ENGINE"),
        fix="Use Redis, or the database cache, as CACHES['default'].",
        handled=True,
    )


def cache_dummy(facts: Facts) -> Finding | None:
    """Find a cache that keeps nothing."""
    cache = value_of(facts.project.cache)
    if cache is None or cache.backend != "dummy":
        return None
    return Finding(
        id="cache-dummy",
        severity=WARNING,
        message="The default cache of production keeps nothing.",
        evidence=places_of(facts.project.cache),
        fix="Use Redis, or leave CACHES out.",
    )


def media_on_local_disk(facts: Facts) -> Finding | None:
    """Find uploads on the disk of one machine."""
    media = value_of(facts.project.media)
    if media is None or not media.takes_uploads:
        return None
    if media.backend and "FileSystemStorage" not in media.backend:
        return None
    return Finding(
        id="media-on-local-disk",
        severity=WARNING,
        message="Uploads go to the disk of the machine that takes them: a second one does not see "
        "them, and a container loses them.",
        evidence=places_of(facts.project.media),
        fix="Object storage (django-storages), or one server with a volume.",
        handled=True,
    )


def media_protected(facts: Facts) -> Finding | None:
    """Find uploads on a disk that a storage of the project's own may protect."""
    media = value_of(facts.project.media)
    if media is None or not media.takes_uploads or not media.backend:
        return None
    own_class = media.backend.rpartition(".")[2].endswith("FileSystemStorage")
    if media.backend in DJANGOS_OWN or not own_class:
        return None
    return Finding(
        id="media-not-served",
        severity=WARNING,
        message=f"Uploads are kept by {media.backend}, which may protect them: the web server "
        "does not serve them.",
        evidence=facts.where("DEFAULT_FILE_STORAGE", "STORAGES"),
        fix="If everybody may see them, say so: --data serves_media=true. If not, serve them by "
        "a view or the project's own means.",
    )


def media_root_unset(facts: Facts) -> Finding | None:
    """Find uploads that land in the working directory."""
    media = value_of(facts.project.media)
    if media is None or not media.takes_uploads or media.root or media.backend:
        return None
    return Finding(
        id="media-root-unset",
        severity=ERROR,
        message="A model takes uploads and MEDIA_ROOT is not set: they land in the working "
        "directory.",
        evidence=places_of(facts.project.media),
        fix='MEDIA_ROOT = BASE_DIR / "media", and MEDIA_URL.',
        handled=True,
    )


def media_inside_static(facts: Facts) -> Finding | None:
    """Find uploads in a folder of sources."""
    media = value_of(facts.project.media)
    static = value_of(facts.project.static)
    folders = [one for one in facts.value("STATICFILES_DIRS") or [] if isinstance(one, str)]
    if static is not None and static.root:
        folders.append(static.root)
    root = media.root if media is not None else None
    if not root or not any(f"{root}/".startswith(f"{folder}/") for folder in folders):
        return None
    return Finding(
        id="media-inside-static",
        severity=WARNING,
        message=f"MEDIA_ROOT ({root}) lies inside the static files: uploads are mixed with the "
        "code's own files, and a release removes them.",
        evidence=facts.where("MEDIA_ROOT"),
        fix="Give uploads a folder of their own.",
        handled=True,
    )


RULES = (
    sqlite_in_production,
    database_driver_missing,
    database_not_provisioned,
    several_databases,
    connections_kept_under_asgi,
    cache_in_process,
    cache_dummy,
    media_on_local_disk,
    media_protected,
    media_root_unset,
    media_inside_static,
)
