"""Find and read the project's own modules, as Python would import them."""

from __future__ import annotations

from djscaffold.facts import execute
from djscaffold.facts.model import Place
from djscaffold.facts.names import Frame, Names, Reading
from djscaffold.facts.source import Source
from djscaffold.facts.values import Module, Symbol, Value

MAX_MODULES = 80


def path_of_module(source: Source, folders: list[str], dotted: str) -> str | None:
    """Return the file that ``import dotted`` reads, looked for in *folders* in order."""
    relative = dotted.replace(".", "/")
    for folder in folders:
        prefix = "" if folder in (".", "") else f"{folder}/"
        for path in (f"{prefix}{relative}/__init__.py", f"{prefix}{relative}.py"):
            if source.exists(path):
                return path
            if path in source.copies:
                return source.copies[path][0]
    return None


def copied_module(source: Source, folders: list[str], dotted: str) -> tuple[str, str, Place] | None:
    """Return what only an image build puts where ``import dotted`` looks.

    That is the file it copies, where to, and the line that does; None if the module is simply
    there, or nowhere.
    """
    relative = f"{dotted.replace('.', '/')}.py"
    paths = [relative if one in (".", "") else f"{one}/{relative}" for one in folders]
    origin = path_of_module(source, folders, dotted)
    for path in paths:
        if path in source.copies and source.copies[path][0] == origin:
            return (origin, path, source.copies[path][1])
    return None


def is_package(source: Source, folders: list[str], dotted: str) -> bool:
    """Return whether *dotted* is a folder of the project, with or without ``__init__.py``."""
    relative = dotted.replace(".", "/")
    return any(
        (relative if folder in (".", "") else f"{folder}/{relative}") in source.folders
        for folder in folders
    )


def load(reading: Reading, dotted: str) -> Frame | None:
    """Return the names that the module binds, or None if the project has no such module."""
    path = path_of_module(reading.source, reading.folders, dotted)
    if path is None:
        return None
    return load_path(reading, path, dotted)


def load_path(reading: Reading, path: str, dotted: str) -> Frame | None:
    """Read the module at *path* once, and return its frame (unfinished if it is being read)."""
    if path in reading.frames:
        return reading.frames[path]
    if len(reading.frames) >= MAX_MODULES:
        return None
    frame = Frame(reading, path, dotted, Names())
    reading.frames[path] = frame
    reading.chain.append(path)
    execute.run_block(reading.source.tree(path).body, frame)
    frame.done = True
    return frame


def is_project_module(reading: Reading, dotted: str) -> bool:
    """Return whether *dotted* or the package it is in belongs to the project."""
    top = dotted.partition(".")[0]
    found = path_of_module(reading.source, reading.folders, top)
    return found is not None or is_package(reading.source, reading.folders, top)


def module_value(reading: Reading, dotted: str, place: Place) -> Value:
    """Return what ``import dotted`` binds: a module of the project, or a name from outside."""
    if path_of_module(reading.source, reading.folders, dotted):
        return Module(dotted, place)
    if is_package(reading.source, reading.folders, dotted):
        return Module(dotted, place)
    return Symbol(dotted, place)


def attribute_of_module(frame: Frame, module: Module, name: str, place: Place) -> Value | None:
    """Return ``module.name``: something that it binds, or a module inside it."""
    loaded = load(frame.reading, module.dotted)
    if loaded is not None:
        binding = loaded.names.get(name)
        if binding is not None:
            return binding.value
    inner = f"{module.dotted}.{name}"
    if path_of_module(frame.reading.source, frame.reading.folders, inner):
        return Module(inner, place)
    return None


def absolute(frame: Frame, level: int, module: str | None) -> str:
    """Return the dotted name that a relative import means."""
    if level == 0:
        return module or ""
    parts = frame.package.split(".") if frame.package else []
    base = parts[: len(parts) - (level - 1)] if level > 1 else parts
    return ".".join([*base, *([module] if module else [])])
