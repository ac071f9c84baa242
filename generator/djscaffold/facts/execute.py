"""Follow statements in order, both ways where a condition is not known."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from djscaffold.facts import branches, configurations, effects, evaluate, imports, operations
from djscaffold.facts.model import Place
from djscaffold.facts.names import MAYBE, UNLIKELY, Binding, Frame
from djscaffold.facts.values import (
    Class,
    Computed,
    Function,
    Instance,
    Items,
    Known,
    Mapping,
    Reader,
    Symbol,
    Value,
)

MAX_LOOPS = 100


@dataclass(frozen=True, slots=True)
class Flow:
    """How a block ended before its last line: ``return``, ``raise``, ``break``, ``missing``.

    ``missing`` is the ImportError of a module that the project does not have.
    """

    kind: str
    value: Value | None = None


def run_block(statements: list[ast.stmt], frame: Frame) -> Flow | None:
    """Follow *statements*; return how the block ended, or None if it ran to its end."""
    for position, statement in enumerate(statements):
        if frame.reading.exhausted:
            return None
        if isinstance(statement, ast.If):
            rest = statements[position + 1 :]
            flow, rest_done = branches.run_if(statement, rest, frame)
            if flow is not None or rest_done:
                return flow
            continue
        handler = _HANDLERS.get(type(statement))
        flow = handler(statement, frame) if handler else None
        if flow is not None:
            return flow
    return None


def assign(target: ast.expr, value: Value, frame: Frame) -> None:
    """Bind *target*: a name, a tuple of names, ``NAME[key]``, ``object.name``."""
    place = frame.place(getattr(target, "lineno", 1))
    match target:
        case ast.Name():
            if frame.is_class:
                value = configurations.named_by(value, target.id, frame)
            frame.names.set(target.id, value, place)
        case ast.Tuple() | ast.List():
            _unpack(target.elts, value, frame)
        case ast.Starred():
            assign(target.value, value, frame)
        case ast.Subscript():
            _assign_key(target, value, frame, place)
        case ast.Attribute():
            _assign_attribute(target, value, frame)


def _unpack(targets: list[ast.expr], value: Value, frame: Frame) -> None:
    known = isinstance(value, Items) and len(value.items) == len(targets)
    for position, target in enumerate(targets):
        place = frame.place(target.lineno)
        item = (
            value.items[position]
            if known and isinstance(value, Items)
            else evaluate.subscript_of(value, Known(position, place), frame, place)
        )
        assign(target, item, frame)


def _assign_key(target: ast.Subscript, value: Value, frame: Frame, place: Place) -> None:
    container = evaluate.evaluate(target.value, frame)
    key = (
        evaluate.evaluate(target.slice, frame) if not isinstance(target.slice, ast.Slice) else None
    )
    if isinstance(container, Reader):
        return
    if is_namespace(target.value) and isinstance(key, Known) and isinstance(key.value, str):
        frame.names.set(key.value, value, place)
        return
    updated = effects.with_key(container, key, value, place)
    if updated is not container:
        assign(target.value, updated, frame)


def is_namespace(node: ast.expr) -> bool:
    """Return whether *node* is ``globals()`` or one of its synonyms."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("globals", "locals", "vars")
    )


def _assign_attribute(target: ast.Attribute, value: Value, frame: Frame) -> None:
    receiver = evaluate.evaluate(target.value, frame)
    if isinstance(receiver, Instance):
        receiver.attributes[target.attr] = value
    elif isinstance(receiver, Reader) and target.attr == "prefix" and isinstance(value, Known):
        assign(target.value, replace(receiver, prefix=str(value.value)), frame)


def _assign(node: ast.Assign, frame: Frame) -> None:
    value = evaluate.evaluate(node.value, frame)
    for target in node.targets:
        assign(target, value, frame)


def _annotated(node: ast.AnnAssign, frame: Frame) -> None:
    if frame.is_class and isinstance(node.target, ast.Name):
        place = frame.place(node.lineno)
        known = frame.names.bindings.get("__annotations__")
        fields = known.value if known and isinstance(known.value, Mapping) else Mapping((), place)
        annotation = Symbol(ast.unparse(node.annotation), place)
        if not annotation.name.startswith(("ClassVar", "typing.ClassVar")):
            fields = fields.set(node.target.id, annotation)
        frame.names.set("__annotations__", fields, place)
    if node.value is not None:
        assign(node.target, evaluate.evaluate(node.value, frame), frame)


def _augmented(node: ast.AugAssign, frame: Frame) -> None:
    left = evaluate.evaluate(node.target, frame)
    right = evaluate.evaluate(node.value, frame)
    name = type(node.op).__name__
    value = operations.binary_of(name, left, right, frame.place(node.lineno))
    assign(node.target, value, frame)


def _expression(node: ast.Expr, frame: Frame) -> Flow | None:
    if isinstance(node.value, ast.Call):
        return effects.run_call(node.value, frame)
    evaluate.evaluate(node.value, frame)
    return None


def _return(node: ast.Return, frame: Frame) -> Flow:
    return Flow("return", evaluate.evaluate(node.value, frame))


def _raise(node: ast.Raise, frame: Frame) -> Flow:
    name = ast.unparse(node.exc).partition("(")[0] if node.exc else ""
    return Flow("raise", Symbol(name, frame.place(node.lineno)))


def _break(node: ast.stmt, frame: Frame) -> Flow:
    return Flow("break")


def _continue(node: ast.stmt, frame: Frame) -> Flow:
    return Flow("continue")


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    place = frame.place(node.lineno)
    home = frame
    if frame.is_class and frame.names.parent is not None:
        # The body of a method does not see the names of its class.
        home = Frame(frame.reading, frame.path, frame.dotted, frame.names.parent)
    frame.names.set(node.name, Function(node, home, place), place)


def _class(node: ast.ClassDef, frame: Frame) -> None:
    inner = frame.inner(is_class=True)
    bases = tuple(evaluate.evaluate(base, frame) for base in node.bases)
    run_block(node.body, inner)
    place = frame.place(node.lineno)
    cls = Class(node.name, bases, inner.names, place)
    frame.names.set(node.name, cls, place)


def _for(node: ast.For | ast.AsyncFor, frame: Frame) -> Flow | None:
    iterable = evaluate.evaluate(node.iter, frame)
    place = frame.place(node.lineno)
    if isinstance(iterable, Items) and len(iterable.items) <= MAX_LOOPS:
        for item in iterable.items:
            assign(node.target, item, frame)
            flow = run_block(node.body, frame)
            if flow is not None and flow.kind == "break":
                break
            if flow is not None and flow.kind != "continue":
                return flow
        if iterable.complete:
            return None
    assign(node.target, Computed("item", (iterable,), place), frame)
    return _once(node.body, frame, iterable)


def _while(node: ast.While, frame: Frame) -> Flow | None:
    return _once(node.body, frame, evaluate.evaluate(node.test, frame))


def _once(body: list[ast.stmt], frame: Frame, test: Value) -> Flow | None:
    """Follow a loop's body as something that may happen."""
    before = dict(frame.names.bindings)
    with frame.reading.at_most(MAYBE):
        flow = run_block(body, frame)
    after = frame.names.bindings
    frame.names.bindings = branches.merged(test, after, before, None, frame)
    if flow is not None and flow.kind == "return" and flow.value is not None:
        return Flow("return", Computed("found in a loop", (test, flow.value), test.place))
    return None


def _with(node: ast.With | ast.AsyncWith, frame: Frame) -> Flow | None:
    restored: list[tuple[str, Binding]] = []
    for item in node.items:
        value = evaluate.evaluate(item.context_expr, frame)
        if isinstance(item.context_expr, ast.Call) and isinstance(value, Reader):
            restored += _prefixed(item.context_expr.func, value, frame)
        if item.optional_vars is not None:
            assign(item.optional_vars, value, frame)
    flow = run_block(node.body, frame)
    for name, binding in restored:
        frame.names.bindings[name] = binding
    return flow


def _prefixed(function: ast.expr, reader: Reader, frame: Frame) -> list[tuple[str, Binding]]:
    """Let ``env`` have a prefix inside ``with env.prefixed("X_"):``."""
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return []
    name = function.value.id
    binding = frame.names.get(name)
    if binding is None:
        return []
    frame.names.set(name, reader, binding.place)
    return [(name, binding)]


def _try(node: ast.Try, frame: Frame) -> Flow | None:
    before = dict(frame.names.bindings)
    reads = len(frame.reading.reads)
    flow = run_block(node.body, frame)
    caught = _handler_of(node, flow)
    if flow is not None and flow.kind in ("missing", "raise") and caught is not None:
        flow = run_block(caught.body, frame)
    elif flow is None:
        flow = run_block(node.orelse, frame)
        _follow_handlers(node, frame, before, reads)
    final = run_block(node.finalbody, frame)
    return final or flow


def _handler_of(node: ast.Try, flow: Flow | None) -> ast.ExceptHandler | None:
    """Return the except clause that catches what ended the body."""
    if flow is None or not node.handlers:
        return None
    names = {"ImportError", "ModuleNotFoundError"} if flow.kind == "missing" else set()
    if isinstance(flow.value, Symbol):
        names.add(flow.value.name)
    for handler in node.handlers:
        caught = ast.unparse(handler.type) if handler.type else "Exception"
        if any(name in caught for name in (*names, "Exception")):
            return handler
    return None


def _follow_handlers(
    node: ast.Try, frame: Frame, before: dict[str, Binding], first_read: int
) -> None:
    """Follow the except clauses as something that may happen instead of the body."""
    for handler in node.handlers:
        after = frame.names.bindings
        frame.names.bindings = dict(before)
        place = frame.place(handler.lineno)
        with frame.reading.at_most(UNLIKELY):
            flow = run_block(handler.body, frame)
        if flow is not None and flow.kind == "raise":
            frame.names.bindings = after
            continue
        branches.make_optional(frame.reading, first_read)
        test = Computed("no exception", (), place)
        if flow is not None and flow.kind == "return":
            frame.names.bindings = after
            continue
        other = frame.names.bindings
        frame.names.bindings = branches.merged(test, after, other, True, frame)


def _match(node: ast.Match, frame: Frame) -> None:
    subject = evaluate.evaluate(node.subject, frame)
    for case in node.cases:
        before = dict(frame.names.bindings)
        with frame.reading.at_most(MAYBE):
            run_block(case.body, frame)
        after = frame.names.bindings
        frame.names.bindings = branches.merged(subject, after, before, None, frame)


def _delete(node: ast.Delete, frame: Frame) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.names.bindings.pop(target.id, None)


_HANDLERS: dict[type, Callable[[Any, Frame], Flow | None]] = {
    ast.AnnAssign: _annotated,
    ast.Assign: _assign,
    ast.AsyncFor: _for,
    ast.AsyncFunctionDef: _function,
    ast.AsyncWith: _with,
    ast.AugAssign: _augmented,
    ast.Break: _break,
    ast.ClassDef: _class,
    ast.Continue: _continue,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.Import: imports.run_import,
    ast.ImportFrom: imports.run_import_from,
    ast.Match: _match,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Try: _try,
    ast.While: _while,
    ast.With: _with,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = _try
