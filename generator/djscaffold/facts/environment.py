"""Understand the libraries that settings read the environment with.

Each library is a row of a table: which call makes a reader, and what its methods read. To teach
another one, add its names here and a test beside tests/facts/test_environment.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from djscaffold.facts.model import Place
from djscaffold.facts.names import Reading
from djscaffold.facts.values import (
    Choice,
    Computed,
    Env,
    Items,
    Known,
    Mapping,
    Reader,
    Symbol,
    Value,
    plain_or_none,
    wrap,
)

# A name that is a reader as it is imported.
READERS = {
    "decouple.config": "decouple",
    "environs.env": "environs",
    "envparse.env": "environs",
    "os.environ": "os",
    "os.environb": "os",
    "prettyconf.config": "decouple",
}
# A call that makes one.
READER_CLASSES = {
    "decouple.AutoConfig": "decouple",
    "decouple.Config": "decouple",
    "environ.Env": "django-environ",
    "environ.FileAwareEnv": "django-environ",
    "environs.Env": "environs",
    "environs.FileAwareEnv": "environs",
    "envparse.Env": "environs",
    "prettyconf.Configuration": "decouple",
    "starlette.config.Config": "decouple",
}
# A method that turns a URL into a configuration, and the variable it reads if none is named.
URL_METHODS = {
    "cache": ("cache-url", "CACHE_URL"),
    "cache_url": ("cache-url", "CACHE_URL"),
    "channels": ("channels-url", "CHANNELS_URL"),
    "channels_url": ("channels-url", "CHANNELS_URL"),
    "db": ("db-url", "DATABASE_URL"),
    "db_url": ("db-url", "DATABASE_URL"),
    "dj_cache_url": ("cache-url", "CACHE_URL"),
    "dj_db_url": ("db-url", "DATABASE_URL"),
    "dj_email_url": ("email-url", "EMAIL_URL"),
    "email": ("email-url", "EMAIL_URL"),
    "email_url": ("email-url", "EMAIL_URL"),
    "search_url": ("search-url", "SEARCH_URL"),
}
URL_FUNCTIONS = {
    "dj_database_url": ("db-url", "DATABASE_URL"),
    "dj_email_url": ("email-url", "EMAIL_URL"),
    "dj_search_url": ("search-url", "SEARCH_URL"),
    "django_cache_url": ("cache-url", "CACHE_URL"),
    "django_dbconn_retry": ("db-url", "DATABASE_URL"),
}
LIST_CASTS = frozenset({"list", "tuple", "set", "decouple.Csv", "builtins.list", "builtins.tuple"})
_IGNORED = frozenset({"read_env", "seal", "add_parser", "parser_for", "read_envfile", "reload"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call."""

    values: tuple[Value, ...]
    named: dict[str, Value]
    place: Place

    def get(self, position: int, *names: str) -> Value | None:
        """Return the argument at *position*, or by one of *names*."""
        if 0 <= position < len(self.values):
            return self.values[position]
        return next((self.named[name] for name in names if name in self.named), None)


def name_of(value: Value | None) -> str | None:
    """Return the text of a variable's name, if it is known."""
    found = plain_or_none(value)
    return found if isinstance(found, str) and found else None


def _default(value: Value | None, cast: str, place: Place) -> Value | None:
    """Return a default as the library converts it."""
    known = plain_or_none(value)
    if cast in LIST_CASTS and isinstance(known, str):
        return wrap([part.strip() for part in known.split(",") if part.strip()], place)
    return value


def environment_read(
    reading: Reading, name: str | None, call: Arguments, default: Value | None, cast: str
) -> Value:
    """Return the read of *name*; it is required if there is no default at all."""
    if name is None:
        return Computed("environment", call.values, call.place)
    required = default is None or (isinstance(default, Symbol) and _is_no_default(default))
    value = None if required else _default(default, cast, call.place)
    return reading.read(Env(name, _place(call), value, required, cast))


def _is_no_default(symbol: Symbol) -> bool:
    """Return whether a default is the library's own mark for none."""
    return symbol.name in ("...", "builtins.Ellipsis") or symbol.name.lower().endswith(
        ("notset", "undefined", "no_default", "missing")
    )


def _place(call: Arguments) -> Place:
    """Return where the name stands: a helper function's caller, not the helper."""
    name = call.values[0] if call.values else call.named.get("environ_name")
    return name.place if isinstance(name, Known) else call.place


def call_reader(reading: Reading, reader: Reader, method: str, call: Arguments) -> Value:
    """Return what ``reader.method(...)`` gives; *method* is empty for ``reader(...)``."""
    if reader.kind == "os":
        return _call_os(reading, method, call)
    if method in _IGNORED:
        reading.dotenv.append(call.place)
        return Known(None, call.place)
    if method in URL_METHODS:
        return _call_url(reading, reader, method, call)
    if method == "prefixed":
        return Reader(reader.kind, reader.place, reader.prefix + (name_of(call.get(0)) or ""))
    return _call_library(reading, reader, method, call)


def _call_os(reading: Reading, method: str, call: Arguments) -> Value:
    name = name_of(call.get(0, "key"))
    if method in ("get", "pop", "setdefault"):
        default = call.get(1, "default") or Known(None, call.place)
        return environment_read(reading, name, call, default, "str")
    if method == "__getitem__":
        return environment_read(reading, name, call, None, "str")
    if method == "copy":
        return Reader("os", call.place)
    return Computed("environment", call.values, call.place)


def _schema(reader: Reader, name: str | None) -> tuple[Value | None, str]:
    """Return default and cast that ``environ.Env(NAME=(cast, default))`` gives."""
    declared = dict(reader.schema).get(name or "")
    if isinstance(declared, Items) and declared.items:
        cast = declared.items[0].name if isinstance(declared.items[0], Symbol) else "str"
        return (declared.items[1] if len(declared.items) > 1 else None), cast
    return None, (declared.name if isinstance(declared, Symbol) else "str")


def _call_library(reading: Reading, reader: Reader, method: str, call: Arguments) -> Value:
    name = name_of(call.get(0, "var", "name", "option"))
    declared, cast = _schema(reader, name)
    position = 1 if reader.kind == "environs" or (reader.kind == "decouple" and not method) else -1
    if reader.kind == "django-environ":
        position = 1 if method not in ("", "get_value") else 2
    default = call.get(position, "default") or declared
    full = f"{reader.prefix}{name}" if name else None
    converter = call.get(1 if reader.kind == "django-environ" and not method else -1, "cast")
    cast = _cast_of(converter) or method or cast
    value = environment_read(reading, full, call, default, cast.removeprefix("builtins."))
    return _converted(value, converter, call.place)


def _cast_of(converter: Value | None) -> str | None:
    match converter:
        case Symbol():
            return converter.name
        case Computed(how=how) if how.startswith("call "):
            return how.removeprefix("call ")
    return None


def _converted(value: Value, converter: Value | None, place: Place) -> Value:
    """Return *value* after a cast that changes its nature: ``cast=dj_database_url.parse``."""
    if isinstance(converter, Symbol):
        library = converter.name.partition(".")[0]
        if library in URL_FUNCTIONS:
            return Computed(URL_FUNCTIONS[library][0], (value,), place)
    return value


def _call_url(reading: Reading, reader: Reader, method: str, call: Arguments) -> Value:
    how, usual = URL_METHODS[method]
    name = name_of(call.get(0, "var", "name")) or usual
    default = call.get(1, "default") or _schema(reader, name)[0]
    value = environment_read(reading, reader.prefix + name, call, default, "str")
    return url_value(how, value, call)


def url_value(how: str, url: Value, call: Arguments) -> Value:
    """Return the configuration that a library makes of *url*, with options given beside it."""
    engine = call.named.get("engine")
    return Computed(how, (url, *((engine,) if engine else ())), call.place)


def call_symbol(reading: Reading, name: str, call: Arguments) -> Value | None:
    """Return what a call of a known library function gives, or None if it is not one of those."""
    if name in READER_CLASSES:
        kind = READER_CLASSES[name]
        schema = tuple(call.named.items()) if kind == "django-environ" else ()
        prefix = name_of(call.named.get("prefix")) or ""
        return Reader(kind, call.place, prefix, schema)
    if name in ("os.getenv", "os.getenvb"):
        return _call_os(reading, "get", call)
    if name == "environ.Env.read_env" or name.startswith("dotenv."):
        reading.dotenv.append(call.place)
        return Known(None, call.place)
    library, _, function = name.rpartition(".")
    if library in URL_FUNCTIONS and function in ("config", "parse"):
        return _call_url_function(reading, library, function, call)
    return None


def _call_url_function(reading: Reading, library: str, function: str, call: Arguments) -> Value:
    how, usual = URL_FUNCTIONS[library]
    named = call.get(0, "env") if function == "config" else None
    if isinstance(named, Choice):
        sides = [
            _call_url_function(reading, library, function, _with_env(call, side))
            for side in (named.then, named.otherwise)
        ]
        return Choice(named.test, sides[0], sides[1], call.place, named.prefer)
    if function == "parse":
        return url_value(how, call.get(0, "url") or Known(None, call.place), call)
    name = name_of(call.get(0, "env")) or usual
    # All of these libraries answer an unset variable with an empty configuration.
    default = call.named.get("default") or call.get(1) or Known(None, call.place)
    return url_value(how, environment_read(reading, name, call, default, "str"), call)


def _with_env(call: Arguments, name: Value) -> Arguments:
    return Arguments((), {**call.named, "env": name}, call.place)


def contains(reading: Reading, key: Value, place: Place) -> Value:
    """Return ``key in os.environ``."""
    name = name_of(key)
    if name is None:
        return Computed("environment", (key,), place)
    env = reading.read(Env(name, place, Known(None, place)))

    def is_set(value: Value) -> Value:
        if isinstance(value, Known):
            return Known(value.value is not None, place)
        return Computed("is set", (value,), place)

    return Computed("is set", (env,), place, is_set)


def empty_mapping(place: Place) -> Mapping:
    """Return a dictionary of which nothing is known."""
    return Mapping((), place, complete=False)
