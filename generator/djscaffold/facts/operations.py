"""Operations on values that need no names: operators, containers, texts, both sides of a choice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from djscaffold.facts.compute import CannotComputeError, compute_operator
from djscaffold.facts.model import Place
from djscaffold.facts.values import (
    Choice,
    Computed,
    Items,
    Known,
    Mapping,
    Symbol,
    UnknownError,
    Value,
    alternatives,
    plain,
    truth,
    wrap,
)

MAX_LIFTED = 8


def lift(choice: Choice, function: Callable[[Value], Value]) -> Value:
    """Return *function* of both sides of a choice."""
    then, otherwise = function(choice.then), function(choice.otherwise)
    return Choice(choice.test, then, otherwise, choice.place, choice.prefer)


def lifted(value: Value, function: Callable[[Value], Value]) -> Value:
    """Return *function* of a value, on all sides of it if they are few."""
    if isinstance(value, Choice) and len(alternatives(value)) <= MAX_LIFTED:
        return lift(value, lambda one: lifted(one, function))
    return function(value)


def item_of(value: Value, key: Value | slice) -> Value | None:
    """Return the item of a list or dictionary that is known to be in it, or None."""
    if not isinstance(key, Known):
        return None
    if isinstance(value, Mapping):
        return value.get(key.value)
    if isinstance(value, Items) and isinstance(key.value, int):
        position = key.value if key.value >= 0 else key.value + len(value.items)
        return dict(enumerate(value.items)).get(position)
    return None


def compute(name: str, parts: tuple[Value, ...], place: Place, fixed: Any = None) -> Value:
    """Return the result of an operator; computed if the operands are not known."""

    def again(*values: Value) -> Value:
        return compute(name, values, place, fixed)

    try:
        operands = [plain(part) for part in parts]
        operands += [fixed] if len(operands) == 1 else []
        return wrap(compute_operator(name, *operands), place)
    except (UnknownError, CannotComputeError):
        return Computed(name, parts, place, again)


def binary_of(name: str, left: Value, right: Value, place: Place) -> Value:
    """Return ``left OP right``."""
    if name == "Add" and isinstance(left, Items):
        more = items_of(right) or spread_of(right)
        items = (*left.items, *more.items)
        return Items(items, left.place, left.kind, left.complete and more.complete)
    if name == "Add" and isinstance(right, Items) and not isinstance(left, Known | Choice):
        return Items((*spread_of(left).items, *right.items), place, right.kind, complete=False)
    if name == "BitOr" and isinstance(left, Mapping):
        return merged_mapping(left, right)
    if name == "Sub" and isinstance(left, Known) and isinstance(left.value, PurePosixPath):
        return _up(left, right, place)
    if isinstance(left, Choice) and len(alternatives(left)) <= MAX_LIFTED:
        return lift(left, lambda one: binary_of(name, one, right, place))
    return compute(name, (left, right), place)


def _up(path: Known, levels: Value, place: Place) -> Value:
    """Return ``environ.Path(...) - 3``: three folders up."""
    if not isinstance(levels, Known) or not isinstance(levels.value, int):
        return Computed("Sub", (path, levels), place)
    assert isinstance(path.value, PurePosixPath)
    parents = path.value.parents
    return Known(parents[min(levels.value, len(parents)) - 1], place)


def items_of(value: Value) -> Items | None:
    """Return *value* as a list: several possible lists become one of conditional items."""
    if isinstance(value, Items):
        return value
    if isinstance(value, Choice):
        then, otherwise = items_of(value.then), items_of(value.otherwise)
        if then is not None and otherwise is not None:
            absent = Symbol("(absent)", value.place)
            kept = tuple(
                Choice(value.test, item, absent, value.place, value.prefer) for item in then.items
            )
            others = tuple(
                Choice(value.test, absent, item, value.place, value.prefer)
                for item in otherwise.items
            )
            complete = then.complete and otherwise.complete
            return Items((*kept, *others), value.place, then.kind, complete)
    return None


def spread_of(value: Value) -> Items:
    """Return a list of which only the origin is known."""
    return Items((Computed("spread", (value,), value.place),), value.place, "list", complete=False)


def merged_mapping(left: Mapping, right: Value) -> Mapping:
    """Return *left* updated by *right*."""
    if not isinstance(right, Mapping):
        return Mapping(left.entries, left.place, complete=False)
    for key, value in right.entries:
        left = left.set(key, value)
    return left if right.complete else Mapping(left.entries, left.place, complete=False)


def boolean_of(name: str, left: Value, right: Value, place: Place) -> Value:
    """Return ``left or right``, ``left and right``."""
    decided = truth(left)
    if decided is not None:
        return left if decided is (name == "or") else right

    def again(left: Value, right: Value) -> Value:
        return boolean_of(name, left, right, place)

    return Computed(name, (left, right), place, again)


def negated(value: Value, place: Place) -> Value:
    """Return ``not value``."""
    decided = truth(value)
    if decided is not None:
        return Known(not decided, place)
    return Computed("not", (value,), place, lambda again: negated(again, place))


def text_of(parts: tuple[Value, ...], place: Place) -> Value:
    """Return the text that an f-string makes of its parts."""
    try:
        texts = [plain(part) for part in parts]
        # "None" in a text is a variable that nobody has set, and no value.
        if None not in texts:
            return Known("".join(str(text) for text in texts), place)
        raise UnknownError
    except UnknownError:
        return Computed("text", parts, place, lambda *again: text_of(again, place))
