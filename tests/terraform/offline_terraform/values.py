"""Terraform's values as Python data, with one mark for what is known only after apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgpack

#: (path inside the resource, the attribute's schema, its present value) -> its new value
Choose = Callable[[tuple[str, ...], dict[str, Any], Any], Any]


class _Unknown:
    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN = _Unknown()


def unpack(data: bytes) -> Any:
    """Return the value of msgpack bytes; empty bytes are null."""
    if not data:
        return None
    return msgpack.unpackb(data, ext_hook=lambda code, payload: UNKNOWN, strict_map_key=False)


def pack(value: Any) -> bytes:
    """Return a value as msgpack bytes."""
    return msgpack.packb(value, default=lambda unknown: msgpack.ExtType(0, b"\0"))


def is_known(value: Any) -> bool:
    """Return whether no part of a value waits for apply."""
    match value:
        case dict():
            return all(is_known(part) for part in value.values())
        case list():
            return all(is_known(part) for part in value)
        case _:
            return value is not UNKNOWN


def rebuild(
    block: dict[str, Any], value: dict[str, Any], choose: Choose, at: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return an object with every attribute of its schema, each as *choose* says."""
    built = {
        name: choose((*at, name), schema, value.get(name))
        for name, schema in block.get("attributes", {}).items()
    }
    for name, nested in block.get("block_types", {}).items():
        inside = (*at, name)
        built[name] = _rebuild_nested(nested, value.get(name), choose, inside)
    return built


def _rebuild_nested(nested: dict[str, Any], value: Any, choose: Choose, at: tuple[str, ...]) -> Any:
    if value is UNKNOWN:
        return value

    def one(item: Any) -> Any:
        return item if item is UNKNOWN else rebuild(nested["block"], item, choose, at)

    match nested["nesting_mode"]:
        case "single" | "group":
            return None if value is None else one(value)
        case "map":
            return {key: one(item) for key, item in (value or {}).items()}
        case _:
            return [one(item) for item in value or []]
