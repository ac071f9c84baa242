"""Follow imports between the project's own modules."""

from __future__ import annotations

import ast

from djscaffold.facts import branches, calls, evaluate, execute, modules
from djscaffold.facts.model import Place
from djscaffold.facts.names import Binding, Frame
from djscaffold.facts.values import Lazy, Module, Value


def run_import(node: ast.Import, frame: Frame) -> execute.Flow | None:
    """Follow ``import a.b as c``."""
    place = frame.place(node.lineno)
    for alias in node.names:
        if _is_missing(frame, alias.name):
            frame.reading.missing.append((alias.name, place))
            return execute.Flow("missing")
        if alias.asname:
            value = modules.module_value(frame.reading, alias.name, place)
            frame.names.set(alias.asname, value, place)
        else:
            top = alias.name.partition(".")[0]
            frame.names.set(top, modules.module_value(frame.reading, top, place), place)
    return None


def run_import_from(node: ast.ImportFrom, frame: Frame) -> execute.Flow | None:
    """Follow ``from .base import *`` and its variants."""
    place = frame.place(node.lineno)
    dotted = modules.absolute(frame, node.level, node.module)
    if any(alias.name == "*" for alias in node.names):
        return _star(dotted, frame, place, relative=node.level > 0)
    if _is_missing(frame, dotted):
        frame.reading.missing.append((dotted, place))
        return execute.Flow("missing")
    for alias in node.names:
        value = _imported(dotted, alias.name, frame, place)
        if value is None:
            frame.reading.missing.append((f"{dotted}.{alias.name}", place))
            return execute.Flow("missing")
        frame.names.set(alias.asname or alias.name, value, place)
    return None


def _imported(dotted: str, name: str, frame: Frame, place: Place) -> Value | None:
    source, folders = frame.reading.source, frame.reading.folders
    inner = f"{dotted}.{name}"
    path = modules.path_of_module(source, folders, dotted)
    if modules.path_of_module(source, folders, inner):
        return Module(inner, place)
    if path is not None:
        return Lazy(dotted, name, place)
    if modules.is_package(source, folders, dotted) and modules.is_package(source, folders, inner):
        return Module(inner, place)
    if modules.is_package(source, folders, dotted) and not _is_outside(dotted):
        return None
    return evaluate.symbol(inner, place)


def _is_outside(dotted: str) -> bool:
    return dotted.partition(".")[0] in ("django", "environ", "celery")


def _is_missing(frame: Frame, dotted: str) -> bool:
    """Return whether *dotted* should be a module of the project, and is not there."""
    reading = frame.reading
    if "." not in dotted:
        return False
    top = dotted.partition(".")[0]
    if modules.path_of_module(reading.source, reading.folders, top) is None:
        return False
    return not (
        modules.path_of_module(reading.source, reading.folders, dotted)
        or modules.is_package(reading.source, reading.folders, dotted)
    )


def _star(dotted: str, frame: Frame, place: Place, *, relative: bool) -> execute.Flow | None:
    if not modules.path_of_module(frame.reading.source, frame.reading.folders, dotted):
        if _from_outside(dotted, relative=relative, frame=frame):
            return None
        frame.reading.missing.append((dotted, place))
        return execute.Flow("missing")
    loaded = modules.load(frame.reading, dotted)
    if loaded is None:
        return None
    for name, binding in list(loaded.names.bindings.items()):
        if not name.startswith("_"):
            value = calls.force(binding.value, loaded)
            known = frame.names.bindings.get(name)
            if known is not None:
                value = branches.filled(value, known.value)
            frame.names.bindings[name] = Binding(value, binding.place)
    return None


def _from_outside(dotted: str, *, relative: bool, frame: Frame) -> bool:
    """Return whether a star import without a file is from an installed package.

    ``from local_settings import *`` is not: such a file is left out of the repository.
    """
    top = dotted.partition(".")[0]
    local = "." not in dotted and any(word in top for word in ("local", "settings", "config"))
    return not (relative or local or modules.is_project_module(frame.reading, dotted))
