"""Compute what pure operations give on known values: text, paths, lists, dictionaries."""

from __future__ import annotations

import operator
import posixpath
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

MAX_RESULT = 100_000


class CannotComputeError(Exception):
    """The operation is not one that we know to be harmless, or it fails."""


def _guarded(result: Any) -> Any:
    if isinstance(result, str | bytes | list | tuple | dict) and len(result) > MAX_RESULT:
        raise CannotComputeError
    return result


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, PurePosixPath) or isinstance(right, PurePosixPath):
        raise CannotComputeError
    return left + right


def _multiply(left: Any, right: Any) -> Any:
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left * right
    raise CannotComputeError


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, PurePosixPath) or isinstance(right, PurePosixPath):
        return _path(left) / _path(right)
    return left / right


def _power(left: Any, right: Any) -> Any:
    if abs(left) > 1000 or abs(right) > 64:
        raise CannotComputeError
    return left**right


def _shift(left: Any, right: Any) -> Any:
    if right > 64:
        raise CannotComputeError
    return left << right


def _format_percent(left: Any, right: Any) -> Any:
    if isinstance(left, str):
        # "%999999999d" would fill the memory.
        if re.search(r"%[^a-zA-Z]*\d{4}", left):
            raise CannotComputeError
        return left % right
    return left % right


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": _add,
    "Sub": operator.sub,
    "Mult": _multiply,
    "Div": _divide,
    "FloorDiv": operator.floordiv,
    "Mod": _format_percent,
    "Pow": _power,
    "BitOr": operator.or_,
    "BitAnd": operator.and_,
    "LShift": _shift,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Is": lambda left, right: left is right,
    "IsNot": lambda left, right: left is not right,
    "In": lambda left, right: left in right,
    "NotIn": lambda left, right: left not in right,
    "subscript": operator.getitem,
}


def _path(value: Any) -> PurePosixPath:
    return value if isinstance(value, PurePosixPath) else PurePosixPath(str(value))


def _normal(value: Any) -> PurePosixPath:
    return PurePosixPath(posixpath.normpath(str(value)))


def _join(first: Any, *more: Any) -> str:
    return posixpath.join(str(first), *(str(part) for part in more))


def _round_to_int(value: Any, *base: Any) -> int:
    if isinstance(value, str) and len(value) > 40:
        raise CannotComputeError
    return int(value, *base)


def _str(value: Any = "") -> str:
    return str(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "builtins.abs": abs,
    "builtins.bool": bool,
    "builtins.dict": dict,
    "builtins.float": float,
    "builtins.frozenset": lambda items=(): list(items),
    "builtins.int": _round_to_int,
    "builtins.len": len,
    "builtins.list": list,
    "builtins.max": max,
    "builtins.min": min,
    "builtins.set": lambda items=(): list(dict.fromkeys(items)),
    "builtins.sorted": sorted,
    "builtins.str": _str,
    "builtins.tuple": tuple,
    "builtins.any": any,
    "builtins.all": all,
    "os.fspath": _str,
    "os.path.abspath": lambda path: str(_normal(path)),
    "os.path.basename": lambda path: posixpath.basename(str(path)),
    "os.path.dirname": lambda path: posixpath.dirname(str(path)),
    "os.path.expanduser": _str,
    "os.path.join": _join,
    "os.path.normpath": lambda path: str(_normal(path)),
    "os.path.realpath": lambda path: str(_normal(path)),
    "os.path.split": lambda path: posixpath.split(str(path)),
    "os.path.splitext": lambda path: posixpath.splitext(str(path)),
    "pathlib.Path": lambda *parts: PurePosixPath(*(str(part) for part in parts)),
    "pathlib.PurePath": lambda *parts: PurePosixPath(*(str(part) for part in parts)),
    "environ.Path": lambda *parts: _django_environ_path(*parts),
    "path.Path": lambda *parts: PurePosixPath(*(str(part) for part in parts)),
}


def _django_environ_path(*parts: Any) -> PurePosixPath:
    return _normal(PurePosixPath(*(str(part) for part in parts)))


_TEXT_METHODS = frozenset(
    {
        "capitalize",
        "count",
        "endswith",
        "find",
        "isdigit",
        "join",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "title",
        "upper",
    }
)


def _replace(text: str, *arguments: Any) -> str:
    if len(text) * (len(str(arguments[1])) + 1) > MAX_RESULT * 10:
        raise CannotComputeError
    return text.replace(*arguments)


def _format(text: str, *arguments: Any, **named: Any) -> str:
    if re.search(r":[^}]*\d{4}|[\w\]]\.|\[", text):
        raise CannotComputeError
    return text.format(*arguments, **named)


def _text_method(text: str, method: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    if method == "replace":
        return _replace(text, *arguments)
    if method == "format":
        return _format(text, *arguments, **named)
    if method in ("encode", "decode"):
        return text
    if method in _TEXT_METHODS:
        return getattr(text, method)(*arguments, **named)
    raise CannotComputeError


def _path_method(path: PurePosixPath, method: str, arguments: list[Any]) -> Any:
    if method in ("resolve", "absolute", "expanduser"):
        return _normal(path)
    if method in ("joinpath", "path", "__call__"):
        return path.joinpath(*(str(part) for part in arguments))
    if method in ("as_posix", "__str__"):
        return str(path)
    if method == "with_name":
        return path.with_name(*arguments)
    if method == "with_suffix":
        return path.with_suffix(*arguments)
    raise CannotComputeError


def _container_method(value: Any, method: str, arguments: list[Any]) -> Any:
    if isinstance(value, dict) and method in ("get", "keys", "values", "items", "copy"):
        result = getattr(value, method)(*arguments)
        return dict(result) if method == "copy" else _listed(result, method)
    if isinstance(value, list | tuple) and method in ("copy", "index", "count"):
        return getattr(value, method)(*arguments)
    raise CannotComputeError


def _listed(result: Any, method: str) -> Any:
    return result if method == "get" else list(result)


def _attempt(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    try:
        return _guarded(function(*arguments, **named))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise CannotComputeError from error


def compute_operator(name: str, left: Any, right: Any) -> Any:
    """Return ``left OP right``; raise CannotComputeError where that fails or is not harmless."""
    if name not in OPERATORS:
        raise CannotComputeError
    return _attempt(OPERATORS[name], left, right)


def compute_function(name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    """Return what a known function of the standard library gives."""
    if name not in FUNCTIONS:
        raise CannotComputeError
    return _attempt(FUNCTIONS[name], *arguments, **named)


def compute_method(value: Any, method: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    """Return what a known method of a known value gives."""
    if isinstance(value, str):
        return _attempt(_text_method, value, method, arguments, named)
    if isinstance(value, PurePosixPath):
        return _attempt(_path_method, value, method, arguments)
    return _attempt(_container_method, value, method, arguments)


def compute_attribute(value: Any, name: str) -> Any:
    """Return a known attribute of a known value."""
    if isinstance(value, PurePosixPath):
        if name in ("parent", "name", "stem", "suffix", "parts"):
            return getattr(value, name)
        if name == "parents":
            return list(value.parents)
        if name == "root":
            return str(value)
    raise CannotComputeError
