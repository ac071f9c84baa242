"""Functions and classes from outside that settings use, beside those that read the environment."""

from __future__ import annotations

from collections.abc import Callable

from djscaffold.facts import calls, data_files, dynaconf, evaluate, modules, operations
from djscaffold.facts.environment import Arguments, name_of
from djscaffold.facts.model import Place
from djscaffold.facts.names import Binding, Frame
from djscaffold.facts.values import (
    Class,
    Computed,
    Env,
    Instance,
    Items,
    Known,
    Mapping,
    Module,
    Symbol,
    Value,
    likely,
    plain_or_none,
    repository_path,
    unset,
    walk,
    wrap,
)

GENERATORS = frozenset(
    {
        "binascii.hexlify",
        "django.core.management.utils.get_random_secret_key",
        "django.utils.crypto.get_random_string",
        "os.urandom",
        "random.SystemRandom",
        "random.choice",
        "random.choices",
        "secrets.choice",
        "secrets.token_bytes",
        "secrets.token_hex",
        "secrets.token_urlsafe",
        "uuid.uuid4",
    }
)
# Calls that open a connection while settings are imported.
CONNECTORS = frozenset(
    {
        "MySQLdb.connect",
        "boto3.client",
        "boto3.resource",
        "google.cloud.secretmanager.SecretManagerServiceClient",
        "hvac.Client",
        "psycopg.connect",
        "psycopg2.connect",
        "pymongo.MongoClient",
        "redis.Redis",
        "redis.from_url",
        "requests.get",
        "requests.post",
        "socket.gethostbyname",
        "urllib.request.urlopen",
    }
)
# These only make a client object: the first command connects.
_LAZY_CLIENTS = frozenset({"redis.Redis", "redis.from_url", "boto3.client", "boto3.resource"})


def call_library(frame: Frame, name: str, call: Arguments) -> Value | None:
    """Return what a known function from outside gives, or None if it is not one of those."""
    if name in CONNECTORS and name not in _LAZY_CLIENTS:
        frame.reading.connects.append((name, call.place))
    if name in GENERATORS:
        return Computed("generated", (), call.place)
    function = _FUNCTIONS.get(name)
    if function:
        return function(frame, call)
    found = data_files.call_loader(frame, name, call)
    return found if found is not None else dynaconf.call_dynaconf(frame, name, call)


def _open(frame: Frame, call: Arguments) -> Value:
    return Computed("file", call.values[:1], call.place)


def _import_module(frame: Frame, call: Arguments) -> Value:
    value = call.get(0, "name")
    dotted = plain_or_none(unset(value)) if value is not None else None
    if isinstance(dotted, str) and modules.is_project_module(frame.reading, dotted):
        if modules.path_of_module(frame.reading.source, frame.reading.folders, dotted):
            return Module(dotted, call.place)
        return Computed("missing module", (), call.place)
    return Computed("import", (), call.place)


def _getattr(frame: Frame, call: Arguments) -> Value:
    name = name_of(call.get(1))
    if name is None or not call.values:
        return Computed("getattr", call.values, call.place)
    receiver = calls.force(call.values[0], frame)
    if is_configuration(receiver):
        return from_configuration(call.values[2:], call.place)
    default = call.get(2)
    if isinstance(receiver, Module):
        found = modules.attribute_of_module(frame, receiver, name, call.place)
        if found is None and default is not None:
            return default
    return evaluate.attribute_of(receiver, name, frame, call.place)


_ELSEWHERE = ("missing module", "import", "configuration file")


def is_configuration(value: Value) -> bool:
    """Return whether *value* is a module or file that the repository does not hold."""
    return any(isinstance(part, Computed) and part.how in _ELSEWHERE for part in walk(value))


def from_configuration(default: tuple[Value, ...], place: Place) -> Value:
    """Return a value out of such a file; without it, the default."""
    return (
        Computed("configuration file", default, place, lambda *again: again[0])
        if default
        else (Computed("configuration file", (), place))
    )


def _globals(frame: Frame, call: Arguments) -> Value:
    entries = tuple((name, binding.value) for name, binding in frame.names.bindings.items())
    return Mapping(entries, call.place, complete=False)


def _enumerate(frame: Frame, call: Arguments) -> Value:
    items = call.get(0)
    if not isinstance(items, Items):
        return Computed("enumerate", call.values, call.place)
    pairs: list[Value] = [
        Items((Known(number, call.place), item), call.place, "tuple")
        for number, item in enumerate(items.items)
    ]
    return Items(tuple(pairs), call.place, "list", items.complete)


def _dict(frame: Frame, call: Arguments) -> Value:
    base = call.get(0)
    mapping = Mapping((), call.place)
    if base is not None:
        mapping = operations.merged_mapping(mapping, base)
    for key, value in call.named.items():
        mapping = mapping.set(key, value)
    return mapping


def _listed(frame: Frame, call: Arguments) -> Value | None:
    value = call.get(0)
    return value if isinstance(value, Items) else None


def _parse_url(frame: Frame, call: Arguments) -> Value | None:
    from urllib.parse import urlsplit

    def parsed(value: Value, *_: Value) -> Value:
        known = plain_or_none(value)
        if not isinstance(known, str):
            return Computed("url", (value,), call.place, parsed)
        try:
            parts = urlsplit(known)
            fields = {"scheme": parts.scheme, "netloc": parts.netloc, "path": parts.path}
            fields |= {"hostname": parts.hostname or "", "query": parts.query}
        except ValueError:
            return Computed("url", (value,), call.place)
        names = {key: wrap(text, call.place) for key, text in fields.items()}
        return Instance(_URL, names, call.place)

    return parsed(call.values[0]) if call.values else None


def _path_exists(frame: Frame, call: Arguments) -> Value:
    path = repository_path(call.get(0))
    if path is not None and (path in frame.reading.source.files):
        return Known(True, call.place)
    return Computed("exists", call.values, call.place)


_FUNCTIONS: dict[str, Callable[[Frame, Arguments], Value | None]] = {
    "builtins.dict": _dict,
    "builtins.enumerate": _enumerate,
    "builtins.getattr": _getattr,
    "builtins.globals": _globals,
    "builtins.list": _listed,
    "builtins.locals": _globals,
    "builtins.open": _open,
    "builtins.tuple": _listed,
    "builtins.vars": _globals,
    "copy.copy": lambda frame, call: call.get(0),
    "copy.deepcopy": lambda frame, call: call.get(0),
    "importlib.import_module": _import_module,
    "importlib.util.module_from_spec": lambda frame, call: Computed("import", (), call.place),
    "io.open": _open,
    "os.path.exists": _path_exists,
    "os.path.isfile": _path_exists,
    "typing.cast": lambda frame, call: call.get(1),
    "urllib.parse.urlparse": _parse_url,
    "urllib.parse.urlsplit": _parse_url,
}


def instantiate_settings(
    cls: Class, bases: list[str], call: Arguments, frame: Frame
) -> Value | None:
    """Return an object of a pydantic-settings class, its fields read from the environment."""
    if not any(base.rpartition(".")[2] == "BaseSettings" for base in bases):
        return None
    attributes: dict[str, Value] = {}
    for one in reversed(calls.ancestry(cls, frame)):
        options = _model_options(one, frame)
        for name in calls.fields_of(one.names):
            attributes[name] = _field(one, name, options, frame)
    return Instance(cls, attributes, call.place)


def _model_options(cls: Class, frame: Frame) -> dict[str, Value]:
    """Return ``model_config = SettingsConfigDict(...)`` or the inner ``class Config``."""
    config = cls.names.bindings.get("model_config") or cls.names.bindings.get("Config")
    if config is None:
        return {}
    value = calls.force(config.value, frame)
    if isinstance(value, Class):
        return {name: binding.value for name, binding in value.names.bindings.items()}
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.entries}
    return {}


def _field(cls: Class, name: str, options: dict[str, Value], frame: Frame) -> Value:
    binding: Binding | None = cls.names.bindings.get(name)
    annotations = cls.names.bindings["__annotations__"]
    annotation = annotations.value.get(name) if isinstance(annotations.value, Mapping) else None
    place = annotation.place if annotation else cls.place
    default = binding.value if binding else None
    if isinstance(default, Instance):
        return default
    alias = None
    if isinstance(default, Computed) and default.how.endswith(".Field"):
        alias, default = _field_call(default)
    prefix = plain_or_none(options.get("env_prefix")) or ""
    full = alias or f"{prefix}{name}".upper()
    required = default is None or isinstance(default, Symbol)
    return frame.reading.read(
        Env(full, binding.place if binding else place, None if required else default, required)
    )


def _field_call(field: Computed) -> tuple[str | None, Value | None]:
    """Return alias and default of ``Field(default, alias="X")``."""
    options = field.parts[0] if field.parts else None
    if not isinstance(options, Mapping):
        return None, None
    for key in ("validation_alias", "alias", "env"):
        alias = name_of(likely(options.get(key)))
        if alias:
            return alias.upper(), options.get("default")
    return None, options.get("default")


def _pydantic_field(frame: Frame, call: Arguments) -> Value:
    options = _dict(frame, Arguments((), call.named, call.place))
    assert isinstance(options, Mapping)
    if call.values and not isinstance(call.values[0], Symbol):
        options = options.set("default", call.values[0])
    return Computed("pydantic.Field", (options,), call.place)


_FUNCTIONS["pydantic.Field"] = _pydantic_field
_FUNCTIONS["pydantic_settings.SettingsConfigDict"] = _dict
_FUNCTIONS["pydantic.ConfigDict"] = _dict


def _empty_class() -> Class:
    from djscaffold.facts.names import Names

    return Class("ParseResult", (), Names(), Place("", 0))


_URL = _empty_class()
