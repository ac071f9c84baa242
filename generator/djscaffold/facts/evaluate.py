"""Evaluate expressions as far as they can be known, without running anything."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Any

from djscaffold.facts import calls, execute
from djscaffold.facts.compute import (
    CannotComputeError,
    compute_attribute,
)
from djscaffold.facts.environment import READERS, contains
from djscaffold.facts.likelihood import assume
from djscaffold.facts.model import Place
from djscaffold.facts.names import MAYBE, UNLIKELY, Frame
from djscaffold.facts.operations import (
    MAX_LIFTED,
    binary_of,
    boolean_of,
    compute,
    item_of,
    items_of,
    lift,
    lifted,
    merged_mapping,
    negated,
    spread_of,
    text_of,
)
from djscaffold.facts.values import (
    ROOT,
    Bound,
    Choice,
    Computed,
    Function,
    Instance,
    Items,
    Known,
    Mapping,
    Reader,
    Symbol,
    UnknownError,
    Value,
    alternatives,
    plain,
    truth,
    wrap,
)

MAX_UNROLLED = 200
_DEPTH = 80


def evaluate(node: ast.expr | None, frame: Frame) -> Value:
    """Return what *node* can be known to be."""
    place = frame.place(getattr(node, "lineno", 1))
    if node is None:
        return Known(None, place)
    reading = frame.reading
    if reading.exhausted or reading.depth > _DEPTH:
        return Computed("too much", (), place)
    reading.depth += 1
    try:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            return _unknown(node, frame)
        return handler(node, frame, place)
    finally:
        reading.depth -= 1


def _unknown(node: ast.expr, frame: Frame) -> Value:
    parts = tuple(
        evaluate(child, frame)
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.expr)
    )
    return Computed(type(node).__name__, parts, frame.place(node.lineno))


def _constant(node: ast.Constant, frame: Frame, place: Place) -> Value:
    if isinstance(node.value, str | int | float | bytes | bool) or node.value is None:
        return Known(node.value, place)
    return Symbol("..." if node.value is ... else str(type(node.value)), place)


def _name(node: ast.Name, frame: Frame, place: Place) -> Value:
    binding = frame.names.get(node.id)
    if binding is not None:
        return calls.force(binding.value, frame)
    if node.id == "__file__":
        return Known(str(ROOT / frame.path), place)
    if node.id == "__name__":
        return Known(frame.dotted, place)
    if hasattr(builtins, node.id):
        return Symbol(f"builtins.{node.id}", place)
    return Symbol(f"?{node.id}", place)


def _attribute(node: ast.Attribute, frame: Frame, place: Place) -> Value:
    receiver = evaluate(node.value, frame)
    found = attribute_of(receiver, node.attr, frame, place)
    if isinstance(found, Bound) and not isinstance(found.receiver, Reader | Known):
        return computed_attribute(receiver, node.attr, frame, place)
    return found


def computed_attribute(receiver: Value, name: str, frame: Frame, place: Place) -> Value:
    """Return an attribute of something that is not known yet."""

    def again(receiver: Value) -> Value:
        found = attribute_of(receiver, name, frame, place)
        return Computed(f"attribute {name}", (receiver,), place) if found == receiver else found

    return Computed(f"attribute {name}", (receiver,), place, again)


def attribute_of(value: Value, name: str, frame: Frame, place: Place) -> Value:
    """Return ``value.name``."""
    value = calls.force(value, frame)
    if isinstance(value, Symbol):
        return symbol(f"{value.name}.{name}", place)
    if isinstance(value, Choice) and len(alternatives(value)) <= MAX_LIFTED:
        return lift(value, lambda one: attribute_of(one, name, frame, place))
    found = calls.find_attribute(value, name, frame, place)
    if found is not None:
        return found
    if isinstance(value, Known):
        try:
            return wrap(compute_attribute(value.value, name), place)
        except CannotComputeError:
            return Bound(value, name, place)
    if isinstance(value, Computed) and value.how == "missing module":
        return Computed("configuration file", (value, Known(name, place)), place)
    return Bound(value, name, place)


def symbol(name: str, place: Place) -> Value:
    """Return an imported name; a reader if that is what it is."""
    if name in READERS:
        return Reader(READERS[name], place)
    return Symbol(name, place)


def _subscript(node: ast.Subscript, frame: Frame, place: Place) -> Value:
    value = evaluate(node.value, frame)
    key = _slice(node.slice, frame)
    return subscript_of(value, key, frame, place)


def _slice(node: ast.expr, frame: Frame) -> Value | slice:
    if not isinstance(node, ast.Slice):
        return evaluate(node, frame)
    limits = [evaluate(part, frame) for part in (node.lower, node.upper, node.step)]
    try:
        return slice(*(plain(limit) for limit in limits))
    except UnknownError:
        return Computed("slice", tuple(limits), frame.place(node.lineno))


def subscript_of(value: Value, key: Value | slice, frame: Frame, place: Place) -> Value:
    """Return ``value[key]``."""
    if isinstance(value, Choice) and len(alternatives(value)) <= MAX_LIFTED:
        return lift(value, lambda one: subscript_of(one, key, frame, place))
    if isinstance(value, Reader) and not isinstance(key, slice):
        return calls.call_value(Bound(value, "__getitem__", place), (key,), {}, frame, place)
    if isinstance(value, Instance) and not isinstance(key, slice):
        found = calls.item_of_instance(value, key, frame, place)
        if found is not None:
            return found
    found = item_of(value, key)
    if found is not None:
        return found
    parts = (value,) if isinstance(key, slice) else (value, key)
    return compute("subscript", parts, place, key if isinstance(key, slice) else None)


def _binary(node: ast.BinOp, frame: Frame, place: Place) -> Value:
    left, right = evaluate(node.left, frame), evaluate(node.right, frame)
    return binary_of(type(node.op).__name__, left, right, place)


def _boolean(node: ast.BoolOp, frame: Frame, place: Place) -> Value:
    is_or = isinstance(node.op, ast.Or)
    first = evaluate(node.values[0], frame)
    for part in node.values[1:]:
        if truth(first) is is_or:
            return first
        if truth(first) is not None:
            first = evaluate(part, frame)
            continue
        with frame.reading.at_most(MAYBE):
            second = evaluate(part, frame)
        first = boolean_of("or" if is_or else "and", first, second, place)
    return first


def _unary(node: ast.UnaryOp, frame: Frame, place: Place) -> Value:
    operand = evaluate(node.operand, frame)
    if isinstance(node.op, ast.Not):
        return negated(operand, place)
    number = operand.value if isinstance(operand, Known) else None
    if isinstance(node.op, ast.USub) and isinstance(number, int | float):
        return Known(-number, place)
    return Computed("unary", (operand,), place)


def _compare(node: ast.Compare, frame: Frame, place: Place) -> Value:
    left = evaluate(node.left, frame)
    results = []
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = evaluate(comparator, frame)
        if isinstance(right, Reader) and isinstance(operator, ast.In | ast.NotIn):
            found = contains(frame.reading, left, place)
            results.append(negated(found, place) if isinstance(operator, ast.NotIn) else found)
        else:
            results.append(compute(type(operator).__name__, (left, right), place))
        left = right
    result = results[0]
    for other in results[1:]:
        result = boolean_of("and", result, other, place)
    return result


def _conditional(node: ast.IfExp, frame: Frame, place: Place) -> Value:
    test = evaluate(node.test, frame)
    decided = truth(test)
    if decided is not None:
        return evaluate(node.body if decided else node.orelse, frame)
    prefer = assume(test)
    with frame.reading.at_most(branch_certainty(prefer, taken=True)):
        then = evaluate(node.body, frame)
    with frame.reading.at_most(branch_certainty(prefer, taken=False)):
        otherwise = evaluate(node.orelse, frame)
    return Choice(test, then, otherwise, place, prefer)


def branch_certainty(prefer: bool | None, *, taken: bool) -> int:
    """Return how certain it is that production gets into one branch of a condition."""
    if prefer is None:
        return MAYBE
    return 2 if prefer is taken else UNLIKELY


def _sequence(node: ast.List | ast.Tuple | ast.Set, frame: Frame, place: Place) -> Value:
    items: list[Value] = []
    complete = True
    for element in node.elts:
        if isinstance(element, ast.Starred):
            value = evaluate(element.value, frame)
            spread = items_of(value) or spread_of(value)
            items += spread.items
            complete = complete and spread.complete
        else:
            items.append(evaluate(element, frame))
    return Items(tuple(items), place, type(node).__name__.lower(), complete)


def _dict(node: ast.Dict, frame: Frame, place: Place) -> Value:
    result = Mapping((), place)
    for key, item in zip(node.keys, node.values, strict=True):
        value = evaluate(item, frame)
        if key is None:
            result = merged_mapping(result, value)
            continue
        name = evaluate(key, frame)
        if isinstance(name, Known):
            result = result.set(name.value, value)
        else:
            result = Mapping((*result.entries, (None, value)), place, complete=False)
    return result


def _joined(node: ast.JoinedStr, frame: Frame, place: Place) -> Value:
    parts = tuple(evaluate(part, frame) for part in node.values)
    return text_of(parts, place)


def _formatted(node: ast.FormattedValue, frame: Frame, place: Place) -> Value:
    value = evaluate(node.value, frame)
    if node.format_spec is not None or node.conversion == ord("r"):
        return Computed("format", (value,), place)
    return value


def _comprehension(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame, place: Place
) -> Value:
    generator = node.generators[0]
    return each_of(evaluate(generator.iter, frame), node, frame, place)


def each_of(
    iterable: Value,
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp,
    frame: Frame,
    place: Place,
) -> Value:
    """Return the list that a comprehension makes of *iterable*."""
    generator = node.generators[0]
    if not isinstance(iterable, Items) or len(node.generators) > 1 or len(iterable.items) > 500:
        inner = frame.inner()
        execute.assign(generator.target, Computed("item", (iterable,), place), inner)
        element = evaluate(node.elt, inner)
        return Computed(
            "each", (iterable, element), place, lambda again, _: each_of(again, node, frame, place)
        )
    items = []
    complete = iterable.complete
    for item in iterable.items:
        inner = frame.inner()
        execute.assign(generator.target, item, inner)
        kept = [truth(evaluate(test, inner)) for test in generator.ifs]
        complete = complete and None not in kept
        if False not in kept:
            items.append(evaluate(node.elt, inner))
    return Items(tuple(items), place, "list", complete)


def _dict_comprehension(node: ast.DictComp, frame: Frame, place: Place) -> Value:
    inner = frame.inner()
    iterable = evaluate(node.generators[0].iter, frame)
    execute.assign(node.generators[0].target, Computed("item", (iterable,), place), inner)
    parts = (iterable, evaluate(node.key, inner), evaluate(node.value, inner))
    return Computed("each", parts, place)


def _lambda(node: ast.Lambda, frame: Frame, place: Place) -> Value:
    return Function(node, frame, place)


def _walrus(node: ast.NamedExpr, frame: Frame, place: Place) -> Value:
    value = evaluate(node.value, frame)
    frame.names.set(node.target.id, value, place)
    return value


def _callee(node: ast.expr, frame: Frame) -> Value:
    """Return what is called: a method stays with what it is a method of."""
    if not isinstance(node, ast.Attribute):
        return evaluate(node, frame)
    place = frame.place(node.lineno)
    return attribute_of(evaluate(node.value, frame), node.attr, frame, place)


def _call(node: ast.Call, frame: Frame, place: Place) -> Value:
    function = _callee(node.func, frame)
    values: list[Value] = []
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            spread = items_of(evaluate(argument.value, frame))
            values += spread.items if spread else ()
        else:
            values.append(evaluate(argument, frame))
    named: dict[str, Value] = {}
    for keyword in node.keywords:
        value = evaluate(keyword.value, frame)
        if keyword.arg is not None:
            named[keyword.arg] = value
        elif isinstance(value, Mapping):
            named.update({key: item for key, item in value.entries if isinstance(key, str)})
    if isinstance(function, Choice) and len(alternatives(function)) <= MAX_LIFTED:
        return lifted(
            function, lambda one: calls.call_value(one, tuple(values), named, frame, place)
        )
    return calls.call_value(function, tuple(values), named, frame, place)


_HANDLERS: dict[type, Callable[[Any, Frame, Place], Value]] = {
    ast.Attribute: _attribute,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Dict: _dict,
    ast.DictComp: _dict_comprehension,
    ast.FormattedValue: _formatted,
    ast.GeneratorExp: _comprehension,
    ast.IfExp: _conditional,
    ast.JoinedStr: _joined,
    ast.Lambda: _lambda,
    ast.List: _sequence,
    ast.ListComp: _comprehension,
    ast.Name: _name,
    ast.NamedExpr: _walrus,
    ast.Set: _sequence,
    ast.SetComp: _comprehension,
    ast.Subscript: _subscript,
    ast.Tuple: _sequence,
    ast.UnaryOp: _unary,
}
