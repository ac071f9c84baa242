"""Understand Dynaconf: settings files in layers, and a variable that may replace each value.

https://www.dynaconf.com/settings_files/ and https://www.dynaconf.com/django/
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from djscaffold.facts.data_files import path_in_repository, read_data
from djscaffold.facts.environment import Arguments, name_of
from djscaffold.facts.model import Place
from djscaffold.facts.names import Frame, Names
from djscaffold.facts.values import (
    Choice,
    Class,
    Computed,
    Env,
    Instance,
    Items,
    Known,
    Mapping,
    Symbol,
    Value,
    plain_or_none,
    repository_path,
)

_OBJECTS = frozenset({"dynaconf.Dynaconf", "dynaconf.LazySettings"})
_SUFFIXES = ("toml", "yaml", "yml", "ini", "json")
# Read in this order, the later one wins; the local ones last.
_STEMS = ("settings", ".secrets", "settings.local", ".secrets.local")
_PRODUCTION = ("production", "prod")
_MERGE = ("dynaconf_merge", "DYNACONF_MERGE")


def call_dynaconf(frame: Frame, name: str, call: Arguments) -> Value | None:
    """Return ``Dynaconf(...)``; for ``DjangoDynaconf(__name__)`` also bind what it sets."""
    if name in _OBJECTS:
        return _Loader(frame, call, django=False).instance()
    if name == "dynaconf.DjangoDynaconf":
        loader = _Loader(frame, call, django=True)
        loader.bind()
        return loader.instance()
    return None


def is_dynaconf(value: Value) -> bool:
    """Return whether *value* is a ``Dynaconf`` object."""
    return isinstance(value, Instance) and value.cls is _DYNACONF


def item_of_dynaconf(
    frame: Frame, settings: Instance, name: str, place: Place, default: Value | None = None
) -> Value:
    """Return ``settings.NAME``: the file's value, or a read of the variable named after it."""
    found = settings.attributes.get(name.upper())
    if found is not None:
        return found
    prefix = plain_or_none(settings.attributes.get(""))
    full = f"{prefix}_{name.upper()}" if prefix else name.upper()
    return frame.reading.read(Env(full, place, default, default is None, "dynaconf"))


def call_item(frame: Frame, settings: Instance, method: str, call: Arguments) -> Value:
    """Return ``settings.get("NAME", default)`` or ``settings("NAME")``."""
    name = name_of(call.get(0, "key"))
    if name is None or not method.startswith(("get", "as_", "__call__", "__getitem__")):
        return Computed("configuration file", call.values, call.place)
    default = call.get(1, "default")
    if default is None and method == "get":
        default = Known(None, call.place)
    return item_of_dynaconf(frame, settings, name, call.place, default)


@dataclass(slots=True)
class _Loader:
    """One call of Dynaconf: its options, and the files that they name."""

    frame: Frame
    call: Arguments
    django: bool

    def instance(self) -> Instance:
        prefix = self._option("envvar_prefix", Known(None, self.call.place))
        text = plain_or_none(prefix) if prefix is not None else None
        usual = "DJANGO" if self.django else "DYNACONF"
        named = "envvar_prefix" in self._options()
        attributes: dict[str, Value] = {
            key: self._replaceable(key, value, (text or "") if named else usual)
            for key, value in self._values().items()
        }
        attributes[""] = Known((text or "") if named else usual, self.call.place)
        return Instance(_DYNACONF, attributes, self.call.place)

    def bind(self) -> None:
        """Bind what the files set to the names of the settings module."""
        instance = self.instance()
        prefix = str(plain_or_none(instance.attributes[""]))
        names = self.frame.names
        own = names.bindings.get("SECRET_KEY")
        if "SECRET_KEY" not in instance.attributes and (
            own is None or isinstance(own.value, Known)
        ):
            default = own.value if own else None
            value = self._read("SECRET_KEY", self.call.place, default, prefix)
            names.set("SECRET_KEY", value, own.place if own else self.call.place)
        for key, value in instance.attributes.items():
            before = names.bindings.get(key)
            if key:
                merged = _merged(before.value, value) if before else value
                names.set(key, merged, value.place)

    def _options(self) -> dict[str, Value]:
        """Return the options by the names that ``Dynaconf`` gives them."""
        return {
            key.lower().removesuffix("_for_dynaconf"): item for key, item in self.call.named.items()
        }

    def _option(self, name: str, default: Value | None = None) -> Value | None:
        return self._options().get(name, default)

    def _read(self, key: str, place: Place, default: Value | None, prefix: str) -> Value:
        name = f"{prefix}_{key}" if prefix else key
        return self.frame.reading.read(Env(name, place, default, default is None, "dynaconf"))

    def _replaceable(self, key: str, value: Value, prefix: str) -> Value:
        """Return a value that a variable may replace; lists and tables stay as they are."""
        if isinstance(value, Choice):
            then = self._replaceable(key, value.then, prefix)
            other = self._replaceable(key, value.otherwise, prefix)
            return Choice(value.test, then, other, value.place, value.prefer)
        if isinstance(value, Known) or (isinstance(value, Computed) and value.how == "file"):
            return self._read(key, value.place, value, prefix)
        return value

    def _values(self) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for path in self._paths():
            data = read_data(self.frame.reading, path)
            for key, value in self._layers(data) if data else ():
                _put(values, _upper(key), value)
        return values

    def _paths(self) -> list[str]:
        named = [
            self._option(name)
            for name in ("preload", "settings_file", "settings_files", "includes", "secrets")
        ]
        texts = [text for one in named for text in _texts(plain_or_none(one))]
        stems = [f"{stem}.{suffix}" for stem in _STEMS for suffix in _SUFFIXES]
        found = [self._find(text) for text in texts or stems]
        if texts:
            found += [self._find(_local(text)) for text in texts]
        return [path for path in dict.fromkeys(found) if path and not path.endswith(".py")]

    def _find(self, name: str) -> str | None:
        """Return the file, looked for beside the settings and upwards, each with ``config/``."""
        source = self.frame.reading.source
        root = _folder(self._option("root_path")) or posixpath.dirname(self.frame.path)
        folder = root
        while True:
            for path in (f"{folder}/{name}", f"{folder}/config/{name}"):
                normal = posixpath.normpath(path.lstrip("/"))
                if source.exists(normal):
                    return normal
            if not folder:
                return path_in_repository(self.frame.reading, Known(name, self.call.place))
            folder = posixpath.dirname(folder)

    def _layers(self, data: Mapping) -> list[tuple[str, Value]]:
        """Return the values of ``[default]`` and of the environment that production has."""
        usual = Known(self.django, self.call.place)
        if not plain_or_none(self._option("environments", usual)):
            return [(str(key), value) for key, value in data.entries]
        sections = {str(key).lower(): item for key, item in data.entries}
        base = _entries(sections.get("default"))
        for key, value in self._environment(sections, base):
            base[key] = value
        base.update(_entries(sections.get("global")))
        return list(base.items())

    def _environment(
        self, sections: dict[str, Value], base: dict[str, Value]
    ) -> list[tuple[str, Value]]:
        fixed = name_of(self._option("env"))
        present = [name for name in (*_PRODUCTION, "development") if name in sections]
        if not present or (fixed and fixed.lower() in _PRODUCTION and fixed.lower() in sections):
            return list(_entries(sections.get((fixed or "").lower())).items())
        name = present[0]
        test, prefer = self._test(name, fixed or "development"), name in _PRODUCTION
        other = base if not prefer else {**base, **_entries(sections.get("development"))}
        chosen = []
        for key in dict.fromkeys([*_entries(sections[name]), *(other if prefer else ())]):
            absent = Symbol("(absent)", sections[name].place)
            then = _entries(sections[name]).get(key) or base.get(key, absent)
            otherwise = other.get(key, absent)
            same = then is otherwise
            value = then if same else Choice(test, then, otherwise, then.place, prefer)
            chosen.append((key, value))
        return chosen

    def _test(self, name: str, usual: str) -> Value:
        """Return the question which environment this is; production has to be told."""
        reading = self.frame.reading
        switch = name_of(self._option("env_switcher"))
        variable = switch or ("DJANGO_ENV" if self.django else "ENV_FOR_DYNACONF")
        place = self.call.place
        env = next((read.env for read in reading.reads if read.env.name == variable), None)
        if env is None:
            env = reading.read(Env(variable, place, Known(usual, place)))
        if name in _PRODUCTION:
            reading.needed.setdefault(variable, place)
        return Computed("Eq", (env, Known(name, place)), place)


def _folder(value: Value | None) -> str | None:
    """Return the folder that ``root_path`` means, seen from the repository's root."""
    found = repository_path(value)
    return "" if found == "." else found


def _texts(value: object) -> list[str]:
    """Return file names given as a list, or as one text with commas or semicolons."""
    if isinstance(value, str):
        return [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]
    if isinstance(value, list | tuple):
        return [part for part in value if isinstance(part, str)]
    return []


def _local(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.local.{suffix}"


def _entries(value: Value | None) -> dict[str, Value]:
    entries = value.entries if isinstance(value, Mapping) else ()
    return {_upper(str(key)): item for key, item in entries}


def _upper(key: str) -> str:
    """Return the name of a setting; what follows ``__`` is a key inside it."""
    name, mark, inner = key.partition("__")
    return f"{name.upper()}{mark}{inner}"


def _put(values: dict[str, Value], key: str, value: Value) -> None:
    """Set a value; ``DATABASES__default__NAME`` goes into the table that it names."""
    text = plain_or_none(value)
    if isinstance(text, str) and text.startswith("@"):
        value = Computed("configuration file", (), value.place)
    name, _, inner = key.partition("__")
    if inner:
        value = _inside(values.get(name), inner.split("__"), value)
    values[name] = _merged(values[name], value) if name in values else value


def _inside(old: Value | None, keys: list[str], value: Value) -> Value:
    """Return the table *old* with the value set under *keys*, one within the other."""
    if not keys:
        return value
    table = old if isinstance(old, Mapping) else Mapping((), value.place, old is None)
    return table.set(keys[0], _inside(table.get(keys[0]), keys[1:], value))


def _merged(old: Value, new: Value) -> Value:
    """Return *new*, or both where the file says ``dynaconf_merge``."""
    if isinstance(new, Mapping) and any(new.get(mark) is not None for mark in _MERGE):
        kept = tuple(entry for entry in new.entries if entry[0] not in _MERGE)
        base = old if isinstance(old, Mapping) else Mapping((), new.place, complete=False)
        for key, item in kept:
            base = base.set(key, item)
        return base
    if isinstance(new, Items) and any(plain_or_none(item) in _MERGE for item in new.items):
        more = tuple(item for item in new.items if plain_or_none(item) not in _MERGE)
        before = old.items if isinstance(old, Items) else ()
        return Items((*before, *more), new.place, new.kind, isinstance(old, Items))
    return new


_DYNACONF = Class("Dynaconf", (), Names(), Place("", 0))
