"""What an expression can be known to be without running it.

A value is known, read from the environment, a container of values, computed from other values, or
one of several, with the condition that decides. What depends on the environment keeps how it was
computed, so that the same expression can be looked at again with every variable unset.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from djscaffold.facts.model import Place

Scalar: TypeAlias = "str | int | float | bool | bytes | PurePosixPath | None"
Value: TypeAlias = (
    "Known | Env | Items | Mapping | Computed | Choice | Symbol | Reader | Function | Bound"
    " | Class | Instance | Module | Lazy"
)
# Where the repository's root stands in paths that settings compute from __file__.
ROOT = PurePosixPath("/(repository)")
MAX_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """A constant."""

    value: Scalar
    place: Place


@dataclass(frozen=True, slots=True)
class Env:
    """The text of an environment variable; ``required`` if the read fails without it."""

    name: str
    place: Place
    default: Value | None = None
    required: bool = False
    cast: str = "str"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set; ``complete`` is false if more may be in it."""

    items: tuple[Value, ...]
    place: Place
    kind: str = "list"
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dictionary with known keys; ``complete`` is false if more may be in it."""

    entries: tuple[tuple[Scalar, Value], ...]
    place: Place
    complete: bool = True

    def get(self, key: Scalar) -> Value | None:
        """Return the value of *key*; the last one written wins."""
        return next((value for name, value in reversed(self.entries) if name == key), None)

    def set(self, key: Scalar, value: Value) -> Mapping:
        """Return the mapping with *key* set."""
        kept = tuple(entry for entry in self.entries if entry[0] != key)
        return replace(self, entries=(*kept, (key, value)))


@dataclass(frozen=True, slots=True)
class Computed:
    """The result of *how* on *parts*; ``again`` computes it from other parts."""

    how: str
    parts: tuple[Value, ...]
    place: Place
    again: Callable[..., Value] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """*then* if *test* is true, else *otherwise*; ``prefer`` is what production most likely has."""

    test: Value
    then: Value
    otherwise: Value
    place: Place
    prefer: bool | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that is imported from outside the repository, by its dotted name."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reader:
    """An object that reads the environment: ``os.environ``, an ``Env()``, decouple's ``config``."""

    kind: str
    place: Place
    prefix: str = ""
    schema: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the project, and the names it sees."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    names: Any
    place: Place
    receiver: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A method of a value: ``os.environ.get``, ``",".join``."""

    receiver: Value
    method: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the project, with the names its body binds."""

    name: str
    bases: tuple[Value, ...]
    names: Any
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An object of a class of the project, with its attributes."""

    cls: Class
    attributes: dict[str, Value]
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A module of the project, read when something of it is used."""

    dotted: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Lazy:
    """A name imported from a module of the project, looked up when it is used."""

    dotted: str
    name: str
    place: Place


class UnknownError(Exception):
    """A value is not fully known."""


def plain(value: Value | None) -> Any:
    """Return the Python object that *value* is; raise UnknownError if it is not fully known."""
    match value:
        case Known():
            return value.value
        case Items(complete=True):
            items = [plain(item) for item in value.items]
            return tuple(items) if value.kind == "tuple" else items
        case Mapping(complete=True):
            return {key: plain(item) for key, item in value.entries}
    raise UnknownError


def plain_or_none(value: Value | None) -> Any:
    """Return the Python object that *value* is, or None if it is not fully known."""
    try:
        return plain(value)
    except UnknownError:
        return None


def is_plain(value: Value | None) -> bool:
    """Return whether *value* is fully known."""
    try:
        plain(value)
    except UnknownError:
        return False
    return True


def wrap(value: Any, place: Place) -> Value:
    """Return a Python object as a value."""
    if isinstance(value, dict):
        entries = tuple((key, wrap(item, place)) for key, item in value.items())
        return Mapping(entries, place)
    if isinstance(value, list | tuple | set | frozenset):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return Items(tuple(wrap(item, place) for item in value), place, kind)
    return Known(value, place)


def repository_path(value: Value | None) -> str | None:
    """Return a path that settings computed, seen from the repository's root."""
    known = plain_or_none(value)
    if not isinstance(known, str | PurePosixPath):
        return None
    text = str(known)
    if text == str(ROOT):
        return "."
    return text.removeprefix(f"{ROOT}/") if text.startswith(f"{ROOT}/") else text


def parts_of(value: Value | None) -> tuple[Value, ...]:
    """Return the values that *value* is made of."""
    match value:
        case Items():
            return value.items
        case Mapping():
            return tuple(item for _, item in value.entries)
        case Computed():
            return value.parts
        case Choice():
            return (value.test, value.then, value.otherwise)
        case Env(default=default) if default is not None:
            return (default,)
        case Instance():
            return tuple(value.attributes.values())
    return ()


def walk(value: Value | None) -> Iterator[Value]:
    """Yield *value* and all it is made of, each once."""
    waiting = [value] if value is not None else []
    seen: set[int] = set()
    while waiting and len(seen) < MAX_NODES:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(reversed(parts_of(current)))


def env_of(value: Value | None) -> tuple[str, ...]:
    """Return the names of all variables that *value* depends on, in the order they are read."""
    return tuple(dict.fromkeys(part.name for part in walk(value) if isinstance(part, Env)))


def alternatives(value: Value | None) -> tuple[Value, ...]:
    """Return the values that *value* can be, the most likely one in production first."""
    waiting = [value] if value is not None else []
    found: list[Value] = []
    while waiting and len(found) < 64:
        current = waiting.pop(0)
        if isinstance(current, Choice):
            first, second = current.then, current.otherwise
            if current.prefer is False:
                first, second = second, first
            waiting[:0] = [first, second]
        elif not any(current is other for other in found):
            found.append(current)
    return tuple(found)


def likely(value: Value | None) -> Value | None:
    """Return what *value* most likely is in production."""
    while isinstance(value, Choice):
        value = value.otherwise if value.prefer is False else value.then
    return value


def substitute(value: Value, new: Callable[[Env], Value], depth: int = 0) -> Value:
    """Return *value* computed again with every variable replaced by *new* of it."""
    if depth > 60:
        return value
    match value:
        case Env():
            return new(value)
        case Items():
            items = tuple(substitute(item, new, depth + 1) for item in value.items)
            return replace(value, items=items)
        case Mapping():
            entries = tuple((k, substitute(v, new, depth + 1)) for k, v in value.entries)
            return replace(value, entries=entries)
        case Computed(again=again) if again is not None:
            return again(*(substitute(part, new, depth + 1) for part in value.parts))
        case Choice():
            return _decide(value, new, depth)
    return value


def _decide(choice: Choice, new: Callable[[Env], Value], depth: int) -> Value:
    test = substitute(choice.test, new, depth + 1)
    decided = truth(test)
    if decided is None:
        then = substitute(choice.then, new, depth + 1)
        otherwise = substitute(choice.otherwise, new, depth + 1)
        return replace(choice, test=test, then=then, otherwise=otherwise)
    return substitute(choice.then if decided else choice.otherwise, new, depth + 1)


def unset(value: Value) -> Value:
    """Return *value* as it is when none of the variables is set."""

    def default_of(env: Env) -> Value:
        if env.default is not None:
            return substitute(env.default, default_of)
        return Symbol("(required)", env.place) if env.required else Known(None, env.place)

    return substitute(value, default_of)


def truth(value: Value | None) -> bool | None:
    """Return whether *value* is true, or None if that is not known."""
    match value:
        case Known():
            return bool(value.value)
        case Items():
            return True if value.items else (False if value.complete else None)
        case Mapping():
            return True if value.entries else (False if value.complete else None)
        case Function() | Class() | Module() | Instance():
            return True
    return None
