"""The default database, from one address or from its parts, with connections that are kept."""

from urllib.parse import parse_qsl, unquote, urlsplit

import django

from deployment import project

_BACKENDS = {
    "postgresql": "django.db.backends.postgresql",
    "postgis": "django.contrib.gis.db.backends.postgis",
    "mysql": "django.db.backends.mysql",
    "mariadb": "django.db.backends.mysql",
    "sqlite": "django.db.backends.sqlite3",
}
_SCHEMES = {
    **{name: name for name in _BACKENDS},
    "postgres": "postgresql",
    "mysql2": "mysql",
    "sqlite3": "sqlite",
}
_FAMILIES = {"postgis": "postgresql", "mariadb": "mysql"}
_PARTS = ("name", "user", "password", "host", "port")
_QUOTING = (
    "an address such as postgres://user:password@host:5432/name, in which / @ # ? % of the password "
    "are written as %2F %40 %23 %3F %25"
)


def databases(env, own):
    """Return DATABASES: the project's, with `default` as the environment says."""
    if "database_url" in project.READ_BY_PROJECT:
        env.required_secret("database_url", "the address of the database")
        default = dict(own.get("default", {}))
    else:
        default = _default(env, dict(own.get("default", {})))
    return {**own, "default": _with_kept_connections(env, default)}


def _default(env, own):
    url = env.secret("database_url")
    if url:
        engine, parts = _parse(env, url)
        password = env.secret("database_password")
        if password:
            parts["PASSWORD"] = password
    elif _parts_given(env):
        engine, parts = project.DATABASE_ENGINE, _parts(env)
    elif env.building:
        engine, parts = project.DATABASE_ENGINE, {"NAME": "unset-while-building"}
    else:
        names = f" (or {env.name('database_name')} and its companions)" if _reads_parts() else ""
        env.problems.append(f"{env.name('database_url')}{names} is not set; it must be {_QUOTING}")
        return own
    return _merged(own, engine, parts)


def _reads_parts():
    return "database_name" in project.READ_BY_PROJECT


def _parts_given(env):
    return bool(_reads_parts() and env.text("database_name"))


def _parts(env):
    """Return the database's parts from the project's own variables."""
    values = {part: env.text(f"database_{part}") for part in _PARTS if part != "password"}
    values["password"] = env.secret("database_password")
    return {part.upper(): value for part, value in values.items()}


def _parse(env, url):
    """Return (engine, parts) of a database address."""
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError:
        # The message of urlsplit quotes what it takes for the port: often a password.
        env.wrong("database_url", _QUOTING)
        return project.DATABASE_ENGINE, {}
    engine = _SCHEMES.get(address.scheme)
    if engine is None or address.fragment or "@" in address.path:
        env.wrong("database_url", _QUOTING)
        return project.DATABASE_ENGINE, {}
    options = dict(parse_qsl(address.query))
    if "ssl-ca" in options:
        # MySQL: the authority that must have signed the server's certificate.
        options["ssl"] = {"ca": options.pop("ssl-ca")}
    if engine == "sqlite":
        return engine, {"NAME": _sqlite_file(env, address), "OPTIONS": options}
    if not address.path.strip("/"):
        env.wrong("database_url", _QUOTING)
    return engine, {
        "NAME": unquote(address.path[1:]),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        # A socket: postgres://%2Frun%2Fpostgresql/name, or ?host=/run/postgresql
        "HOST": options.pop("host", "") or _host(address),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def _host(address):
    """Return the host as it is written; urlsplit's own makes a socket's path lower case."""
    host = address.netloc.rpartition("@")[2]
    return host[1:].partition("]")[0] if host.startswith("[") else unquote(host.partition(":")[0])


def _sqlite_file(env, address):
    name = unquote(address.path[1:])
    if address.netloc or not name.startswith("/"):
        env.wrong("database_url", "sqlite:// with an absolute path, such as sqlite:////srv/site/shared/db.sqlite3")
    return name


def _merged(own, engine, parts):
    """Return the project's entry with the environment's address in place of its own."""
    ours = _BACKENDS[engine]
    theirs = own.get("ENGINE", "")
    if _family(theirs) == _FAMILIES.get(engine, engine):
        # Its own backend for the same database (PostGIS, metrics, tenants) stays, options too.
        options = {**own.get("OPTIONS", {}), **parts.get("OPTIONS", {})}
        return {**own, "ENGINE": theirs, **parts, "OPTIONS": options}
    kept = {key: own[key] for key in ("ATOMIC_REQUESTS", "AUTOCOMMIT", "TEST") if key in own}
    return {**kept, "ENGINE": ours, **parts, "OPTIONS": {**_options(engine), **parts.get("OPTIONS", {})}}


def _family(backend):
    """Return which database a backend is for, by its dotted name."""
    for family, words in (
        ("postgresql", ("postg", "psql", "cockroach")),
        ("mysql", ("mysql", "mariadb")),
        ("sqlite", ("sqlite", "spatialite")),
    ):
        if any(word in backend for word in words):
            return family
    return ""


def _options(engine):
    """Return what the backend needs and the project, made for another database, cannot say."""
    if engine in ("mysql", "mariadb"):
        return {"charset": "utf8mb4"}
    if engine == "sqlite" and django.VERSION >= (5, 1):
        # https://docs.djangoproject.com/en/stable/ref/databases/#sqlite-transaction-behavior
        return {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
    return {"timeout": 20} if engine == "sqlite" else {}


def _with_kept_connections(env, default):
    """Return the entry with connections that outlive a request, and are checked before use."""
    # Opening one costs more than most queries: 60 s instead of 0 served 8 times the requests.
    seconds = env.number("conn_max_age", default.get("CONN_MAX_AGE") or 60, 0, 86400, "seconds")
    if env.under_asgi or default.get("OPTIONS", {}).get("pool"):
        # Under ASGI a kept connection belongs to a thread that may never come back.
        # https://docs.djangoproject.com/en/stable/ref/databases/#persistent-connections
        seconds = 0
    kept = {**default, "CONN_MAX_AGE": seconds, "CONN_HEALTH_CHECKS": True}
    if env.flag("database_transaction_pooling", False):
        kept["DISABLE_SERVER_SIDE_CURSORS"] = True
    return kept
