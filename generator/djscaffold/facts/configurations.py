"""Understand django-configurations: settings are a class, values know their variable by name."""

from __future__ import annotations

from dataclasses import replace

from djscaffold.facts import calls
from djscaffold.facts.environment import Arguments, environment_read, name_of
from djscaffold.facts.names import Binding, Frame
from djscaffold.facts.values import (
    Class,
    Computed,
    Function,
    Instance,
    Known,
    Symbol,
    Value,
    plain_or_none,
)

# https://django-configurations.readthedocs.io/en/stable/values/
_URL_VALUES = {
    "CacheURLValue": ("cache-url", "CACHE_URL"),
    "DatabaseURLValue": ("db-url", "DATABASE_URL"),
    "EmailURLValue": ("email-url", "EMAIL_URL"),
    "SearchURLValue": ("search-url", "SEARCH_URL"),
}
LATE = "named by its attribute"
_LISTS = ("List", "Tuple", "Set", "Backends")


def call_value_class(frame: Frame, name: str, call: Arguments) -> Value | None:
    """Return what ``values.XValue(...)`` is, or None if *name* is no such class."""
    module, _, cls = name.rpartition(".")
    if not cls.endswith("Value") or not module.endswith("values"):
        return None
    if plain_or_none(call.named.get("environ")) is False:
        return call.get(0, "default") or Known(None, call.place)
    explicit = name_of(call.named.get("environ_name"))
    if explicit is None and cls not in _URL_VALUES:
        parts = (*call.values, *call.named.values())
        return Computed(
            LATE, parts, call.place, lambda late, *_: _named(frame, cls, call, name_of(late))
        )
    return _named(frame, cls, call, explicit)


def named_by(value: Value, name: str, frame: Frame) -> Value:
    """Return a value that takes the name of the attribute it is assigned to."""
    if isinstance(value, Computed) and value.how == LATE and value.again is not None:
        return value.again(Known(name, value.place))
    return value


def _named(frame: Frame, cls: str, call: Arguments, name: str | None) -> Value:
    if cls in _URL_VALUES:
        how, usual = _URL_VALUES[cls]
        full = _full(call, name) if name else usual
        value = _read(frame, full, call, "str")
        return Computed(how, (value,), call.place)
    cast = "list" if cls.startswith(_LISTS) else cls.removesuffix("Value").lower() or "str"
    required = cls == "SecretValue" or plain_or_none(call.named.get("environ_required"))
    return _read(frame, _full(call, name), call, cast, required=bool(required))


def _read(
    frame: Frame, name: str | None, call: Arguments, cast: str, *, required: bool = False
) -> Value:
    default = call.get(0, "default") or Known(None, call.place)
    return environment_read(frame.reading, name, call, None if required else default, cast)


def _full(call: Arguments, name: str | None) -> str | None:
    """Return the variable's name with its prefix, ``DJANGO_`` unless it is given."""
    prefix = call.named.get("environ_prefix")
    text = plain_or_none(prefix) if prefix is not None else "DJANGO"
    upper = name.upper() if name else None
    return f"{text.rstrip('_')}_{upper}" if text and upper else upper


def configuration_classes(frame: Frame) -> dict[str, Class]:
    """Return the classes of a module that derive from ``configurations.Configuration``."""
    found: dict[str, Class] = {}
    for name, binding in frame.names.bindings.items():
        cls = calls.force(binding.value, frame)
        if isinstance(cls, Class) and any(
            base.startswith("configurations.") or base.endswith(".Configuration")
            for base in calls.outside_bases(cls, frame)
        ):
            found[name] = cls
    return found


_HOOKS = ("pre_setup", "setup", "post_setup")


def run_hooks(cls: Class, frame: Frame) -> None:
    """Follow the methods that django-configurations calls: they read the environment too."""
    for name in _HOOKS:
        hook = calls.find_attribute(cls, name, frame, cls.place)
        if isinstance(hook, Function):
            calls.call_function(replace(hook, receiver=cls), (), {}, frame, cls.place)


def settings_of(cls: Class, frame: Frame) -> dict[str, Binding]:
    """Return the settings that a configuration class gives, inherited ones among them."""
    found: dict[str, Binding] = {}
    receiver = Instance(cls, {}, cls.place)
    for one in reversed(calls.ancestry(cls, frame)):
        for name, binding in one.names.bindings.items():
            if name.isupper():
                found[name] = binding
    for name, binding in list(found.items()):
        if isinstance(binding.value, Function):
            value = calls.find_attribute(receiver, name, frame, binding.place)
            found[name] = Binding(value or Symbol("?", binding.place), binding.place)
    return found
