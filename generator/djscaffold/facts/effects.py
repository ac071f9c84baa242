"""What a call that stands alone changes: lists, dictionaries, names, search paths."""

from __future__ import annotations

import ast
import posixpath
from dataclasses import replace

from djscaffold.facts import evaluate, execute, modules, operations
from djscaffold.facts.model import Place
from djscaffold.facts.names import Frame
from djscaffold.facts.values import (
    Choice,
    Items,
    Known,
    Mapping,
    Reader,
    Symbol,
    Value,
    alternatives,
    plain_or_none,
    repository_path,
    unset,
)


def run_call(node: ast.Call, frame: Frame) -> execute.Flow | None:
    """Follow a call whose result nobody keeps."""
    if isinstance(node.func, ast.Name) and node.func.id in ("include", "exec", "execfile"):
        return _include(node, frame)
    if isinstance(node.func, ast.Attribute):
        if execute.is_namespace(node.func.value) and node.func.attr == "update":
            _update_names(node, frame)
            return None
        if _changes(node, node.func, frame):
            return None
    value = evaluate.evaluate(node, frame)
    if isinstance(value, Symbol) and value.name in ("sys.exit", "builtins.exit"):
        return execute.Flow("raise")
    return None


def _changes(node: ast.Call, function: ast.Attribute, frame: Frame) -> bool:
    """Change the list or dictionary that a method is called on; return whether it was one."""
    if function.attr not in _METHODS:
        return False
    if ast.unparse(function.value) == "sys.path":
        _search(node, frame)
        return True
    container = evaluate.evaluate(function.value, frame)
    if isinstance(container, Reader):
        return False
    values = [evaluate.evaluate(argument, frame) for argument in node.args]
    named = {
        keyword.arg: evaluate.evaluate(keyword.value, frame)
        for keyword in node.keywords
        if keyword.arg
    }
    if function.attr == "update" and named:
        entries = tuple(named.items())
        values = [Mapping(entries, frame.place(node.lineno)), *values]
    changed = changed_by(container, function.attr, values, frame.place(node.lineno))
    if changed is not container:
        execute.assign(function.value, changed, frame)
    return True


def changed_by(container: Value, method: str, values: list[Value], place: Place) -> Value:
    """Return what a list or dictionary is after ``container.method(*values)``."""
    if isinstance(container, Choice) and len(alternatives(container)) <= operations.MAX_LIFTED:
        return replace(
            container,
            then=changed_by(container.then, method, values, place),
            otherwise=changed_by(container.otherwise, method, values, place),
        )
    if isinstance(container, Items):
        return _changed_list(container, method, values, place)
    if isinstance(container, Mapping):
        return _changed_mapping(container, method, values)
    return container


def _changed_list(items: Items, method: str, values: list[Value], place: Place) -> Items:
    if method in ("append", "add") and values:
        return replace(items, items=(*items.items, values[0]))
    if method == "insert" and len(values) == 2:
        position = plain_or_none(values[0])
        at = position if isinstance(position, int) else len(items.items)
        front, back = items.items[:at], items.items[at:]
        return replace(items, items=(*front, values[1], *back))
    if method in ("extend", "update") and values:
        grown = operations.binary_of("Add", items, values[0], place)
        return grown if isinstance(grown, Items) else items
    if method in ("remove", "discard") and values:
        kept = tuple(item for item in items.items if not _same(item, values[0]))
        return replace(items, items=kept)
    return items


def _same(left: Value, right: Value) -> bool:
    return isinstance(left, Known) and isinstance(right, Known) and left.value == right.value


def _changed_mapping(mapping: Mapping, method: str, values: list[Value]) -> Mapping:
    if method == "update":
        for value in values:
            mapping = operations.merged_mapping(mapping, value)
    elif method == "setdefault" and len(values) == 2 and isinstance(values[0], Known):
        if mapping.get(values[0].value) is None:
            mapping = mapping.set(values[0].value, values[1])
    elif method == "pop" and values and isinstance(values[0], Known):
        name = values[0].value
        mapping = replace(mapping, entries=tuple(e for e in mapping.entries if e[0] != name))
    return mapping


_METHODS = frozenset(
    {"add", "append", "discard", "extend", "insert", "pop", "remove", "setdefault", "update"}
)


def with_key(container: Value, key: Value | None, value: Value, place: Place) -> Value:
    """Return *container* after ``container[key] = value``."""
    if isinstance(container, Choice) and len(alternatives(container)) <= operations.MAX_LIFTED:
        return replace(
            container,
            then=with_key(container.then, key, value, place),
            otherwise=with_key(container.otherwise, key, value, place),
        )
    if isinstance(container, Mapping):
        if isinstance(key, Known):
            return container.set(key.value, value)
        return replace(container, complete=False)
    if isinstance(container, Items) and isinstance(key, Known) and isinstance(key.value, int):
        items = list(container.items)
        if -len(items) <= key.value < len(items):
            items[key.value] = value
        return replace(container, items=tuple(items))
    return container


def _search(node: ast.Call, frame: Frame) -> None:
    """Follow ``sys.path.insert(0, BASE_DIR / "apps")``."""
    folder = repository_path(evaluate.evaluate(node.args[-1], frame)) if node.args else None
    folders = frame.reading.folders
    if folder is not None and folder not in folders and folder in frame.reading.source.folders:
        folders.append(folder)


def _update_names(node: ast.Call, frame: Frame) -> None:
    for argument in node.args:
        value = evaluate.evaluate(argument, frame)
        if isinstance(value, Mapping):
            for key, item in value.entries:
                if isinstance(key, str):
                    frame.names.set(key, item, frame.place(node.lineno))
    for keyword in node.keywords:
        if keyword.arg:
            value = evaluate.evaluate(keyword.value, frame)
            frame.names.set(keyword.arg, value, frame.place(node.lineno))


def _include(node: ast.Call, frame: Frame) -> execute.Flow | None:
    """Follow ``include("base.py", optional("local.py"))`` and ``exec(open("x.py").read())``."""
    folder = posixpath.dirname(frame.path)
    for argument in node.args:
        inner = argument
        optional = isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith(
            "optional"
        )
        if isinstance(argument, ast.Call) and argument.args and optional:
            inner = argument.args[0]
        for pattern in _patterns(inner, frame):
            for path in _matching(pattern, folder, frame):
                _run_in_place(path, frame)
    return None


def _patterns(node: ast.expr, frame: Frame) -> list[str]:
    """Return the paths that an argument of include() or exec() names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and ast.unparse(part.func) in ("open", "io.open"):
            node = part.args[0] if part.args else node
            break
    value = evaluate.evaluate(node, frame)
    found = [repository_path(unset(one)) for one in alternatives(value)]
    return [path for path in found if path]


def _matching(pattern: str, folder: str, frame: Frame) -> list[str]:
    from fnmatch import fnmatchcase

    joined = posixpath.normpath(posixpath.join(folder, pattern))
    files = frame.reading.source.files
    for candidate in (joined, pattern):
        if candidate in files:
            return [candidate]
    if any(mark in joined for mark in "*?["):
        return sorted(
            path
            for path in files
            if fnmatchcase(path, joined) and path.count("/") == joined.count("/")
        )
    return []


def _run_in_place(path: str, frame: Frame) -> None:
    """Follow another file's statements as if they stood here."""
    reading = frame.reading
    if path in reading.chain or len(reading.chain) > modules.MAX_MODULES:
        return
    reading.chain.append(path)
    inner = replace(frame, path=path)
    execute.run_block(reading.source.tree(path).body, inner)
