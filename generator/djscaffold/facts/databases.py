"""Read DATABASES: the engine of ``default``, all aliases, and which variable holds which part."""

from __future__ import annotations

import re

from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.likelihood import of_name
from djscaffold.facts.model import Ambiguous, Found, Missing, Place, Reading
from djscaffold.facts.project import Database
from djscaffold.facts.settings import Settings
from djscaffold.facts.values import (
    Computed,
    Env,
    Known,
    Mapping,
    Symbol,
    Value,
    alternatives,
    env_of,
    likely,
    plain_or_none,
    unset,
    walk,
)

# The last part of ENGINE, and the scheme of a URL.
ENGINES = {
    "aurora": "postgresql",
    "cockroachdb": "cockroachdb",
    "mariadb": "mariadb",
    "mssql": "mssql",
    "sql_server": "mssql",
    "mysql": "mysql",
    "mysql2": "mysql",
    "mysql-connector": "mysql",
    "oracle": "oracle",
    "pgsql": "postgresql",
    "postgis": "postgis",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgresql_psycopg2": "postgresql",
    "psql": "postgresql",
    "spatialite": "sqlite",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
}
DRIVERS = (
    ("postgresql", ("psycopg", "psycopg2", "psycopg2-binary", "psycopg-binary", "psycopg2cffi")),
    ("mysql", ("mysqlclient", "pymysql", "mysql-connector-python")),
    ("oracle", ("oracledb", "cx-oracle")),
    ("mssql", ("mssql-django", "django-mssql-backend")),
)
_PARTS = {"NAME": "name", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def engine_of(text: str | None) -> str | None:
    """Return the database that an ENGINE or a URL names: ``django.db.backends.mysql`` is mysql."""
    if not text:
        return None
    if "://" in text:
        scheme = text.partition("://")[0].lower()
        return ENGINES.get(scheme.partition("+")[0])
    parts = [part.lower() for part in re.split(r"[.]", text)]
    for part in reversed(parts):
        if part in ENGINES:
            engine = ENGINES[part]
            return (
                "postgis" if engine == "mysql" and "gis" in parts and part == "postgis" else engine
            )
    return None


def driver_engines(dependencies: Dependencies) -> list[str]:
    """Return the databases that the dependencies hold a driver for."""
    return [engine for engine, names in DRIVERS if dependencies.has(*names)]


def read_database(settings: Settings, dependencies: Dependencies) -> Reading[Database]:
    """Return the default database of production."""
    value = settings.value("DATABASES")
    if value is None:
        return Missing("DATABASES in the production settings")
    aliases, defaults = _aliases(value)
    engines: dict[str, tuple[Place, ...]] = {}
    for default in defaults:
        for engine, place in _engines(default, dependencies):
            engines.setdefault(engine, (place,))
    env = _env(value)
    roles = _roles(defaults)
    places = settings.places("DATABASES")

    def found(engine: str | None, extra: tuple[Place, ...]) -> Found[Database]:
        evidence = tuple(dict.fromkeys((*extra, *places)))
        database = Database(engine=engine, aliases=aliases, env=env, roles=roles)
        return Found(database, evidence)

    chosen = _choose(engines, dependencies)
    if chosen is not None:
        return found(chosen, engines.get(chosen, ()))
    if len(engines) > 1:
        return Ambiguous(
            tuple(found(engine, place) for engine, place in engines.items()),
            "The settings allow several databases: which one is it in production?",
        )
    drivers = driver_engines(dependencies)
    if len(drivers) == 1:
        package = next(
            name
            for engine, names in DRIVERS
            if engine == drivers[0]
            for name in names
            if dependencies.has(name)
        )
        found_package = dependencies.package(package)
        return found(drivers[0], found_package.evidence[:1] if found_package else ())
    return found(None, ())


def _choose(engines: dict[str, tuple[Place, ...]], dependencies: Dependencies) -> str | None:
    """Return the one engine that production uses, if that can be told."""
    names = list(engines)
    if len(names) == 1:
        drivers = driver_engines(dependencies)
        return names[0] if names[0] != "sqlite" or not drivers else names[0]
    servers = [name for name in names if name != "sqlite"]
    drivers = driver_engines(dependencies)
    driven = [
        name
        for name in servers
        if name in drivers
        or (name == "postgis" and "postgresql" in drivers)
        or (name == "mariadb" and "mysql" in drivers)
    ]
    if len(driven) == 1:
        return driven[0]
    if len(servers) == 1 and not driven:
        return servers[0]
    return None


def _aliases(value: Value) -> tuple[tuple[str, ...], list[Value]]:
    """Return the names of all databases, and everything that ``default`` can be."""
    names: dict[str, None] = {}
    defaults: list[Value] = []
    for one in alternatives(value):
        if isinstance(one, Mapping):
            for key, item in one.entries:
                kept = [a for a in alternatives(item) if not _is_absent(a)]
                if isinstance(key, str) and kept:
                    names[key] = None
                if key == "default":
                    defaults += kept
        elif isinstance(one, Computed):
            defaults.append(one)
    return tuple(names) or ("default",), defaults


def _is_absent(value: Value) -> bool:
    return isinstance(value, Symbol) and value.name == "(absent)"


def _engines(default: Value, dependencies: Dependencies) -> list[tuple[str, Place]]:
    """Return the engines that one form of ``default`` may have, the likely one first."""
    found: list[tuple[str, Place]] = []
    if isinstance(default, Mapping):
        engine = default.get("ENGINE")
        for one in alternatives(engine):
            found += _engine_values(one, dependencies)
        return found
    for part in walk(default):
        if isinstance(part, Computed) and part.how in ("db-url", "subscript"):
            found += _url_engine(part, dependencies)
            if found:
                break
        if isinstance(part, Mapping) and part.get("ENGINE") is not None:
            found += _engines(part, dependencies)
            break
    return found


def _engine_values(value: Value, dependencies: Dependencies) -> list[tuple[str, Place]]:
    """Return the engine of an ENGINE entry; SQLite as default gives way to an installed driver."""
    text = plain_or_none(unset(value))
    engine = engine_of(text) if isinstance(text, str) else None
    if env_of(value) and engine in (None, "sqlite"):
        drivers = driver_engines(dependencies)
        if len(drivers) == 1:
            return [(drivers[0], value.place)]
    if engine is not None:
        return [(engine, value.place)]
    for part in walk(value):
        if isinstance(part, Known) and isinstance(part.value, str) and engine_of(part.value):
            return [(engine_of(part.value) or "", part.place)]
    return []


def _url_engine(url: Computed, dependencies: Dependencies) -> list[tuple[str, Place]]:
    """Return the database behind a URL: its default, an engine given beside it, or the driver."""
    for part in url.parts[1:]:
        text = plain_or_none(part)
        if isinstance(text, str) and engine_of(text):
            return [(engine_of(text) or "", part.place)]
    drivers = driver_engines(dependencies)
    first = url.parts[0] if url.parts else url
    default = unset(first)
    text = plain_or_none(likely(default))
    engine = engine_of(text) if isinstance(text, str) else _engine_of_parts(default)
    if engine is not None and (engine != "sqlite" or not drivers):
        return [(engine, url.place)]
    if len(drivers) == 1 and env_of(url):
        return [(drivers[0], url.place)]
    return [(engine, url.place)] if engine else []


def _engine_of_parts(value: Value) -> str | None:
    """Return the scheme of a URL that is put together: ``f"postgres://{user}..."``."""
    for part in walk(value):
        if isinstance(part, Known) and isinstance(part.value, str) and "://" in part.value:
            return engine_of(part.value)
    return None


def _env(value: Value) -> tuple[str, ...]:
    # What only CI sets is no variable of a deployment.
    names = [name for name in env_of(value) if of_name(name) is not False]
    return tuple(name for name in names if not name.endswith("_FILE"))


def _roles(defaults: list[Value]) -> tuple[tuple[str, str], ...]:
    """Return which variable holds which part, as far as that is certain."""
    roles: dict[str, str] = {}
    for default in defaults:
        if isinstance(default, Mapping):
            for key, role in _PARTS.items():
                names = _plain_env(default.get(key))
                if len(names) == 1:
                    roles.setdefault(role, names[0])
        for part in walk(default):
            if isinstance(part, Computed) and part.how == "db-url" and part.parts:
                url = likely(part.parts[0])
                if isinstance(url, Env):
                    roles.setdefault("url", url.name)
    return tuple(roles.items())


def _plain_env(value: Value | None) -> list[str]:
    names = [name for name in env_of(value) if not name.endswith("_FILE")]
    return list(dict.fromkeys(names))
