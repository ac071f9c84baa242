"""Settings kept in data files: TOML, YAML, JSON and INI, read beside the Python that loads them.

Every value knows its line. A value whose name says that it is a secret is never taken out of its
file: settings only learn that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from djscaffold.facts.environment import Arguments, name_of
from djscaffold.facts.model import Place
from djscaffold.facts.names import Frame, Names, Reading
from djscaffold.facts.values import (
    Class,
    Computed,
    Instance,
    Known,
    Mapping,
    Value,
    plain_or_none,
    repository_path,
    unset,
    walk,
    wrap,
)

if TYPE_CHECKING:
    from configparser import ConfigParser

SECRET_NAME = re.compile(
    r"SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE|CREDENTIAL|_KEY$|DSN|AUTH|_PASS$", re.I
)
MAX_DATA_BYTES = 500_000
_MAX_VALUES = 20_000
_LOADERS = frozenset(
    {
        *("json.load", "json.loads", "tomllib.load", "tomllib.loads", "tomli.load", "tomli.loads"),
        *("toml.load", "toml.loads", "yaml.load", "yaml.safe_load", "yaml.full_load"),
    }
)
_PARSERS = frozenset(
    f"configparser.{name}" for name in ("ConfigParser", "RawConfigParser", "SafeConfigParser")
)
_BOOLEANS = {
    **dict.fromkeys(("1", "yes", "true", "on"), True),
    **dict.fromkeys(("0", "no", "false", "off"), False),
}


def parse_data(text: str, suffix: str) -> Any:
    """Return what a TOML, YAML, JSON or INI file says, or None if it cannot be parsed."""
    if len(text) > MAX_DATA_BYTES:
        return None
    try:
        return _PARSE[suffix](text)
    except (ValueError, RecursionError):
        return None


def _parse_toml(text: str) -> Any:
    import tomllib

    return tomllib.loads(text)


def _parse_json(text: str) -> Any:
    import json

    return json.loads(text)


def _parse_yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _parse_ini(text: str) -> Any:
    import configparser

    parser = configparser.ConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return {name: _options(parser, name) for name in ["DEFAULT", *parser.sections()]}


def _options(parser: ConfigParser, section: str) -> dict[str, str]:
    from configparser import InterpolationError

    names = parser.defaults() if section == "DEFAULT" else parser.options(section)
    found = {}
    for name in names:
        try:
            found[name] = parser.get(section, name)
        except InterpolationError:
            found[name] = parser.get(section, name, raw=True)
    return found


_PARSE: dict[str, Callable[[str], Any]] = {
    "cfg": _parse_ini,
    "conf": _parse_ini,
    "ini": _parse_ini,
    "json": _parse_json,
    "toml": _parse_toml,
    "yaml": _parse_yaml,
    "yml": _parse_yaml,
}


def read_data(reading: Reading, path: str, suffix: str | None = None) -> Mapping | None:
    """Return what the file at *path* says, each value with its line; None if it says nothing."""
    source = reading.source
    kind = suffix or path.rpartition(".")[2].lower()
    if kind not in _PARSE or not source.exists(path):
        return None
    data = parse_data(source.text(path), kind)
    if not isinstance(data, dict):
        source.warn("not understood: nothing in it was used", path, 1)
        return None
    return _Lines(path, source.lines(path)).mapping(data, 0)


class _Lines:
    """Gives each value of a data file the line that its name stands on."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self.count = 0

    def mapping(self, data: dict[Any, Any], start: int) -> Mapping:
        entries = tuple(
            (key, self.value(str(key), item, self._line(str(key), start)))
            for key, item in data.items()
            if isinstance(key, str | int | float | bool)
        )
        return Mapping(entries, self._place(start))

    def value(self, name: str, item: Any, line: int) -> Value:
        self.count += 1
        if self.count > _MAX_VALUES:
            return Computed("too much", (), self._place(line))
        if isinstance(item, dict):
            return self.mapping(item, line)
        if SECRET_NAME.search(name) and isinstance(item, str) and item:
            return Computed("file", (), self._place(line))
        if isinstance(item, str | int | float | bool | list) or item is None:
            return wrap(item, self._place(line))
        return Known(str(item), self._place(line))

    def _line(self, name: str, start: int) -> int:
        """Return the index of the first line from *start* on that names *name*."""
        word = re.escape(name)
        named = re.compile(
            rf"""^\s*(?:\[+\s*)?(?:["']?[\w.-]+["']?\.)*["']?{word}["']?\s*[]:=.]""", re.I
        )
        for index in range(start, len(self.lines)):
            if named.match(self.lines[index]):
                return index
        inside = (i for i in range(start, len(self.lines)) if name in self.lines[i])
        return next(inside, start)

    def _place(self, index: int) -> Place:
        return Place(self.path, index + 1)


def call_loader(frame: Frame, name: str, call: Arguments) -> Value | None:
    """Return what ``tomllib.load(file)``, ``ConfigParser()`` and their like give."""
    if name in _PARSERS:
        return Instance(_PARSER, {}, call.place)
    if name not in _LOADERS or not call.values:
        return None
    kind = "yaml" if name.startswith("yaml") else "json" if name.startswith("json") else "toml"
    for part in walk(call.values[0]):
        path = path_in_repository(frame.reading, part)
        found = read_data(frame.reading, path, kind) if path else None
        if found is not None:
            return found
    if name == "json.loads":
        return None
    return Computed("configuration file", call.values, call.place)


def path_in_repository(reading: Reading, value: Value | None) -> str | None:
    """Return the file of the repository that a path means, if there is one."""
    path = repository_path(unset(value)) if value is not None else None
    if path is None or len(path) > 500:
        return None
    tried = (path if folder in (".", "") else f"{folder}/{path}" for folder in reading.folders)
    return next((one for one in (path, *tried) if reading.source.exists(one)), None)


def is_parser(value: Value) -> bool:
    """Return whether *value* is a ``ConfigParser`` or a section of one."""
    return isinstance(value, Instance) and value.cls in (_PARSER, _SECTION)


def item_of_parser(parser: Instance, key: Value | None, place: Place) -> Value:
    """Return ``config["section"]`` or ``section["option"]``."""
    name = name_of(key)
    found = _option(parser, name) if name else None
    if found is not None:
        return found
    if parser.cls is _PARSER:
        return Instance(_SECTION, {}, place)
    return Computed("configuration file", (), place)


def _option(parser: Instance, name: str) -> Value | None:
    return parser.attributes.get(name if parser.cls is _PARSER else name.lower())


def call_parser(frame: Frame, parser: Instance, method: str, call: Arguments) -> Value:
    """Return what ``config.get("section", "option", fallback=...)`` gives; follow ``read``."""
    if method in ("read", "read_file", "readfp"):
        _read(frame, parser, call)
        return Known(None, call.place)
    if method in ("sections", "options", "items", "keys", "values", "has_section", "has_option"):
        return Computed("configuration file", call.values, call.place)
    section, position = parser, 0
    if parser.cls is _PARSER:
        found = item_of_parser(parser, call.get(0, "section"), call.place)
        section, position = (found if isinstance(found, Instance) else parser), 1
    name = name_of(call.get(position, "option"))
    value = _option(section, name) if name else None
    if value is not None:
        return _converted(value, method)
    fallback = call.named.get("fallback") or (call.get(1) if parser.cls is _SECTION else None)
    parts = (fallback,) if fallback is not None else ()
    again = (lambda *again: again[0]) if parts else None
    return Computed("configuration file", parts, call.place, again)


def _converted(value: Value, method: str) -> Value:
    text = plain_or_none(value)
    try:
        if method == "getboolean" and isinstance(text, str):
            return Known(_BOOLEANS[text.lower()], value.place)
        if method in ("getint", "getfloat") and isinstance(text, str):
            return Known(int(text) if method == "getint" else float(text), value.place)
    except (KeyError, ValueError):
        return Computed("configuration file", (value,), value.place)
    return value


def _read(frame: Frame, parser: Instance, call: Arguments) -> None:
    for part in walk(call.get(0, "filenames", "f")):
        path = path_in_repository(frame.reading, part)
        data = read_data(frame.reading, path, "ini") if path else None
        for name, section in data.entries if data else ():
            if isinstance(section, Mapping):
                kept = parser.attributes.get(str(name))
                before = kept.attributes if isinstance(kept, Instance) else {}
                options = {**before, **{str(key): item for key, item in section.entries}}
                parser.attributes[str(name)] = Instance(_SECTION, options, section.place)


_PARSER = Class("ConfigParser", (), Names(), Place("", 0))
_SECTION = Class("SectionProxy", (), Names(), Place("", 0))
