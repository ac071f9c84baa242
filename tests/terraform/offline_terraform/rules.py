"""What real providers check in code, held against one configured resource.

``rules/<provider>.json`` maps kind, type and path (nested blocks joined by dots, "" for the
resource itself) to a rule. A rule about a value: ``pattern`` (the whole text), ``length``,
``range``, ``one_of``, ``json`` (object, array), ``cidr``. A rule about a block: groups of
arguments (``exactly_one_of``, ``at_most_one_of``, ``at_least_one_of``), ``requires``, ``when``
(if, require, forbid), ``combinations`` (of, allowed, if), ``items`` (how often it occurs).
``why`` ends the message. What is not known yet is never complained about.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from offline_terraform.values import UNKNOWN

Rule = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint, and the way to the argument it is about: names, and numbers in lists."""

    text: str
    steps: tuple[str | int, ...]


def find_problems(rules: dict[str, Rule], block: dict[str, Any], value: Any) -> Iterator[Problem]:
    """Yield what a real provider would refuse about one resource."""
    yield from _in_block(rules, block, value, "", ())


def _in_block(
    rules: dict[str, Rule],
    block: dict[str, Any],
    value: dict[str, Any],
    path: str,
    steps: tuple[str | int, ...],
) -> Iterator[Problem]:
    rule = rules.get(path, {})
    for text in _between_arguments(rule, value):
        yield Problem(text, steps)
    for name, schema in block.get("attributes", {}).items():
        own = rules.get(f"{path}.{name}".lstrip("."), {})
        for text in _in_argument(name, schema, own, value.get(name)):
            yield Problem(_with_reason(text, own), (*steps, name))
    for name, nested in block.get("block_types", {}).items():
        inside = f"{path}.{name}".lstrip(".")
        yield from _in_nested(rules, nested, value.get(name), inside, (*steps, name))


def _in_nested(
    rules: dict[str, Rule],
    nested: dict[str, Any],
    found: Any,
    path: str,
    steps: tuple[str | int, ...],
) -> Iterator[Problem]:
    if found is UNKNOWN or found is None:
        return
    items = found if isinstance(found, list) else [found]
    low, high = rules.get(path, {}).get("items", (0, None))
    if len(items) < low or (high is not None and len(items) > high):
        name = path.rpartition(".")[2]
        text = f'"{name}" occurs {len(items)} times; allowed: {low} to {high or "any number"}.'
        yield Problem(_with_reason(text, rules.get(path, {})), steps[:-1])
    for index, item in enumerate(items):
        if item is not UNKNOWN:
            # The elements of a set have no address of their own.
            at = (*steps, index) if nested["nesting_mode"] == "list" else steps
            yield from _in_block(rules, nested["block"], item, path, at)


def _in_argument(name: str, schema: dict[str, Any], rule: Rule, value: Any) -> Iterator[str]:
    if value is not None and not (schema.get("required") or schema.get("optional")):
        yield f'"{name}" is read-only: the provider decides it.'
    elif value is None and schema.get("required"):
        yield f'"{name}" is required and cannot be null.'
    else:
        for item in value if isinstance(value, list) else [value]:
            if item is not None and item is not UNKNOWN:
                yield from _refused(name, rule, item)


def _refused(name: str, rule: Rule, value: Any) -> Iterator[str]:
    for kind, (is_fine, demand) in _VALUE_RULES.items():
        if kind in rule and not is_fine(rule[kind], value):
            yield f'"{name}" must {demand(rule[kind])}, got {_text(value)!r}.'


def _is_json(kind: str, text: str) -> bool:
    try:
        return isinstance(json.loads(text), {"object": dict, "array": list}[kind])
    except ValueError:
        return False


def _is_cidr(_: Any, text: str) -> bool:
    try:
        return "/" in text and bool(ipaddress.ip_network(text))
    except ValueError:
        return False


def _is_between(limits: list[float], value: Any) -> bool:
    try:
        return limits[0] <= float(value) <= limits[1]
    except ValueError:
        return False


#: rule -> (does the value keep it, what it demands, in words)
_VALUE_RULES: dict[str, tuple[Callable[[Any, Any], bool], Callable[[Any], str]]] = {
    "pattern": (
        lambda pattern, value: re.fullmatch(pattern, _text(value)) is not None,
        lambda pattern: f"match {pattern}",
    ),
    "length": (
        lambda limits, value: limits[0] <= len(_text(value)) <= limits[1],
        lambda limits: f"be {limits[0]} to {limits[1]} characters long",
    ),
    "range": (_is_between, lambda limits: f"be between {limits[0]} and {limits[1]}"),
    "json": (_is_json, lambda kind: f"hold a JSON {kind}"),
    "cidr": (_is_cidr, lambda _: "be an address range without host bits"),
    "one_of": (
        lambda allowed, value: value in allowed,
        lambda allowed: f"be one of {', '.join(map(str, allowed))}",
    ),
}


def _between_arguments(rule: Rule, value: dict[str, Any]) -> Iterator[str]:
    for text in (*_groups(rule, value), *_needed(rule, value)):
        yield _with_reason(text, rule)
    for condition in rule.get("when", []):
        for text in _conditional(condition, value):
            yield _with_reason(text, condition)
    for pair in rule.get("combinations", []):
        for text in _mismatch(pair, value):
            yield _with_reason(text, pair)


def _groups(rule: Rule, value: dict[str, Any]) -> Iterator[str]:
    for kind in ("exactly_one_of", "at_most_one_of", "at_least_one_of"):
        for group in rule.get(kind, []):
            given = [name for name in group if _is_given(value.get(name))]
            is_open = any(value.get(name) is UNKNOWN for name in group)
            if kind != "at_least_one_of" and len(given) > 1:
                yield f"only one of {_names(group)} can be given."
            if kind != "at_most_one_of" and not given and not is_open:
                yield f"one of {_names(group)} must be given."


def _needed(rule: Rule, value: dict[str, Any]) -> Iterator[str]:
    for name, others in rule.get("requires", {}).items():
        missing = [other for other in others if _is_missing(value.get(other))]
        if missing and _is_given(value.get(name)):
            yield f'"{name}" requires {_names(missing)}.'


def _conditional(condition: Rule, value: dict[str, Any]) -> Iterator[str]:
    if not _holds(condition.get("if", {}), value):
        return
    missing = [name for name in condition.get("require", []) if _is_missing(value.get(name))]
    extra = [name for name in condition.get("forbid", []) if not _is_missing(value.get(name))]
    if missing:
        yield f"{_names(missing)} must be given."
    if extra:
        yield f"{_names(extra)} cannot be given."


def _mismatch(pair: Rule, value: dict[str, Any]) -> Iterator[str]:
    first, second = pair["of"]
    if not (_holds(pair.get("if", {}), value) and _is_given(value.get(first))):
        return
    allowed = pair["allowed"].get(_text(value[first]), [])
    if _is_given(value.get(second)) and _text(value[second]) not in allowed:
        yield (
            f'"{first}" = {_text(value[first])!r} and "{second}" = {_text(value[second])!r} '
            "do not go together."
        )


def _holds(patterns: dict[str, str], value: dict[str, Any]) -> bool:
    """Return whether every argument matches its pattern; ``.+`` only asks that it is given."""
    for name, pattern in patterns.items():
        actual = value.get(name)
        if actual is UNKNOWN:
            if pattern != ".+":
                return False
            continue
        texts = actual if isinstance(actual, list) else [actual]
        if not any(re.fullmatch(pattern, _text(text)) for text in texts):
            return False
    return True


def _is_missing(value: Any) -> bool:
    return value is None or value == [] or value == {}


def _is_given(value: Any) -> bool:
    return value is not UNKNOWN and not _is_missing(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _names(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _with_reason(text: str, rule: Rule) -> str:
    return f"{text} {rule.get('why', '')}".strip()
