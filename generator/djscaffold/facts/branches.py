"""Follow both sides of a condition and keep what each would bind."""

from __future__ import annotations

import ast
from dataclasses import replace

from djscaffold.facts import calls, evaluate, execute
from djscaffold.facts.likelihood import assume
from djscaffold.facts.model import Place
from djscaffold.facts.names import Binding, Frame, Read, Reading
from djscaffold.facts.values import (
    Choice,
    Env,
    Items,
    Known,
    Mapping,
    Symbol,
    Value,
    truth,
    unset,
    walk,
)

ABSENT = "(absent)"


def run_if(node: ast.If, rest: list[ast.stmt], frame: Frame) -> tuple[execute.Flow | None, bool]:
    """Follow an ``if``; return how it ended, and whether *rest* was followed with it."""
    test = evaluate.evaluate(node.test, frame)
    decided = _decided(node.test, test)
    if decided is not None:
        return execute.run_block(node.body if decided else node.orelse, frame), False
    prefer = _of_literal_debug(node.test, test)
    prefer = assume(test) if prefer is None else prefer
    before = frame.names.bindings
    then_flow, then = _side(node.body, frame, before, (test, prefer, True))
    else_flow, otherwise = _side(node.orelse, frame, before, (test, prefer, False))
    _note_needed(test, prefer, (then_flow, else_flow), frame)
    return _joined(_Sides(test, prefer, then_flow, then, else_flow, otherwise), rest, frame)


class _Sides:
    """What both sides of a condition gave."""

    def __init__(
        self,
        test: Value,
        prefer: bool | None,
        then_flow: execute.Flow | None,
        then: dict[str, Binding],
        else_flow: execute.Flow | None,
        otherwise: dict[str, Binding],
    ) -> None:
        self.test, self.prefer = test, prefer
        self.then_flow, self.then = then_flow, then
        self.else_flow, self.otherwise = else_flow, otherwise


def _decided(node: ast.expr, test: Value) -> bool | None:
    """Return how the condition goes, if that is certain."""
    if _of_literal_debug(node, test) is not None:
        return None
    if any(isinstance(part, Choice) for part in walk(test)):
        return None
    return truth(test)


def _of_literal_debug(node: ast.expr, test: Value) -> bool | None:
    """Return how ``if DEBUG:`` goes in production where DEBUG is on in the code.

    It has to be turned off there, so both sides are of interest, and the other one is meant.
    """
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _of_literal_debug(node.operand, Known(truth(test) is False, test.place))
        return None if inner is None else not inner
    if isinstance(node, ast.Name) and node.id == "DEBUG" and truth(test) is True:
        return False
    return None


def _side(
    block: list[ast.stmt],
    frame: Frame,
    before: dict[str, Binding],
    condition: tuple[Value, bool | None, bool],
) -> tuple[execute.Flow | None, dict[str, Binding]]:
    """Follow one side; *condition* is the test, how production goes, and which side this is."""
    test, prefer, taken = condition
    frame.names.bindings = dict(before)
    frame.reading.conditions.append((test, taken))
    with frame.reading.at_most(evaluate.branch_certainty(prefer, taken=taken)):
        flow = execute.run_block(block, frame)
    frame.reading.conditions.pop()
    after = frame.names.bindings
    frame.names.bindings = before
    return flow, after


def _note_needed(
    test: Value,
    prefer: bool | None,
    flows: tuple[execute.Flow | None, execute.Flow | None],
    frame: Frame,
) -> None:
    """Remember variables without which the condition leads to an error."""
    raises = [flow is not None and flow.kind == "raise" for flow in flows]
    if raises[0] == raises[1] or frame.reading.certainty < 1:
        return
    if prefer is raises[0]:
        _note_around(frame)
    for env in [part for part in walk(test) if isinstance(part, Env)]:
        if truth(_alone_unset(test, env)) is raises[0]:
            frame.reading.needed.setdefault(env.name, env.place)


def _note_around(frame: Frame) -> None:
    """Remember variables of the conditions around an error that production runs into."""
    for test, taken in frame.reading.conditions:
        for env in [part for part in walk(test) if isinstance(part, Env)]:
            if assume(env) is None and truth(_alone_unset(test, env)) is taken:
                frame.reading.needed.setdefault(env.name, env.place)


def _alone_unset(test: Value, missing: Env) -> Value:
    """Return the condition where *missing* is not set, and production's switches are as usual."""
    from djscaffold.facts.values import substitute

    def known(env: Env) -> Value:
        if env.name == missing.name:
            return unset(env)
        switch = assume(env)
        return Known(switch, env.place) if switch is not None else env

    return substitute(test, known)


def _joined(sides: _Sides, rest: list[ast.stmt], frame: Frame) -> tuple[execute.Flow | None, bool]:
    then_ended, else_ended = sides.then_flow is not None, sides.else_flow is not None
    place = sides.test.place
    if not then_ended and not else_ended:
        frame.names.bindings = merged(sides.test, sides.then, sides.otherwise, sides.prefer, frame)
        return None, False
    if then_ended and else_ended:
        frame.names.bindings = sides.then
        return _either(sides, sides.then_flow, sides.else_flow), True
    ended = sides.then_flow or sides.else_flow
    frame.names.bindings = sides.otherwise if then_ended else sides.then
    if ended is None or ended.kind != "return":
        return None, False
    flow = execute.run_block(rest, frame) or execute.Flow("return", Known(None, place))
    first, second = (ended, flow) if then_ended else (flow, ended)
    return _either(sides, first, second), True


def _either(
    sides: _Sides, first: execute.Flow | None, second: execute.Flow | None
) -> execute.Flow | None:
    """Return one end of two."""
    if first is None or first.kind != "return" or first.value is None:
        return second if second is not None and second.kind == "return" else first
    if second is None or second.kind != "return" or second.value is None:
        return first
    value = Choice(sides.test, first.value, second.value, sides.test.place, sides.prefer)
    return execute.Flow("return", value)


def merged(
    test: Value,
    then: dict[str, Binding],
    otherwise: dict[str, Binding],
    prefer: bool | None,
    frame: Frame,
) -> dict[str, Binding]:
    """Return the names after a condition: what both sides agree on, and choices for the rest."""
    place = test.place
    result = dict(otherwise)
    for name, binding in then.items():
        other = otherwise.get(name)
        if other is binding:
            continue
        if other is None:
            absent = Symbol(ABSENT, place)
            value: Value = Choice(test, binding.value, absent, place, prefer)
            result[name] = Binding(value, binding.place)
        else:
            sides = calls.force(binding.value, frame), calls.force(other.value, frame)
            value = either(test, *sides, prefer)
            result[name] = Binding(value, _last(binding, other, prefer))
    for name in otherwise.keys() - then.keys():
        binding = otherwise[name]
        absent = Symbol(ABSENT, place)
        result[name] = Binding(Choice(test, absent, binding.value, place, prefer), binding.place)
    return result


def _last(binding: Binding, other: Binding, prefer: bool | None) -> Place:
    return other.place if prefer is False else binding.place


def either(test: Value, then: Value, otherwise: Value, prefer: bool | None) -> Value:
    """Return *then* or *otherwise*; lists and dictionaries that grew keep what they share."""
    if then is otherwise or then == otherwise:
        return then
    place = test.place
    if isinstance(then, Items) and isinstance(otherwise, Items):
        grown = _grown(test, then, otherwise, prefer)
        if grown is not None:
            return grown
    if isinstance(then, Mapping) and isinstance(otherwise, Mapping) and _shares(then, otherwise):
        return _grown_mapping(test, then, otherwise, prefer)
    return Choice(test, then, otherwise, place, prefer)


def _shares(then: Mapping, otherwise: Mapping) -> bool:
    """Return whether one dictionary is the other, changed in places, and not another one."""
    if not {key for key, _ in otherwise.entries} <= {key for key, _ in then.entries}:
        return False
    if not otherwise.entries:
        return len(then.entries) > 0 and otherwise.place == then.place
    same = [then.get(key) is value for key, value in otherwise.entries]
    return then.place == otherwise.place or all(same)


def _grown(test: Value, then: Items, otherwise: Items, prefer: bool | None) -> Items | None:
    """Return the longer list, with what only it has marked as conditional."""
    swapped = len(then.items) < len(otherwise.items)
    long, short = (otherwise, then) if swapped else (then, otherwise)
    absent = Symbol(ABSENT, test.place)
    items: list[Value] = []
    position = 0
    for item in long.items:
        if position < len(short.items) and (
            item is short.items[position] or item == short.items[position]
        ):
            items.append(item)
            position += 1
        else:
            left, right = (absent, item) if swapped else (item, absent)
            items.append(Choice(test, left, right, test.place, prefer))
    if position < len(short.items) or not short.items:
        return None
    return replace(long, items=tuple(items), complete=long.complete and short.complete)


def _grown_mapping(test: Value, then: Mapping, otherwise: Mapping, prefer: bool | None) -> Mapping:
    absent = Symbol(ABSENT, test.place)
    entries = []
    for key, value in then.entries:
        other = otherwise.get(key) or absent
        entries.append((key, either(test, value, other, prefer)))
    return replace(then, entries=tuple(entries), complete=then.complete and otherwise.complete)


def filled(value: Value, before: Value) -> Value:
    """Return *value* where it is bound at all, and what the name meant *before* elsewhere."""
    if isinstance(value, Symbol) and value.name == ABSENT:
        return before
    if isinstance(value, Choice):
        then, otherwise = filled(value.then, before), filled(value.otherwise, before)
        return replace(value, then=then, otherwise=otherwise)
    return value


def make_optional(reading: Reading, first: int) -> None:
    """Say of all reads since *first* that failing is not the end: it is caught."""
    for position in range(first, len(reading.reads)):
        read = reading.reads[position]
        reading.reads[position] = Read(replace(read.env, required=False), read.certainty)
