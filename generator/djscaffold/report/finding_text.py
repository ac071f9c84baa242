"""What a rule would say, read from its source: no project is at hand when it is explained."""

from __future__ import annotations

import ast
import inspect
from functools import cache

from djscaffold.findings import RULES


@cache
def finding_names() -> dict[str, str]:
    """Return every finding with what its rule looks for."""
    return {name: looks_for for name, (looks_for, _) in _read().items()}


def finding_text(name: str) -> str | None:
    """Return what a finding means, its consequence, the fix, and whether it is handled."""
    if name not in _read():
        return None
    looks_for, said = _read()[name]
    handled = said.get("handled")
    if handled is None:
        care = "no, the project has to be repaired"
    elif isinstance(handled, ast.Constant):
        care = "yes, by the files that `djscaffold init` writes"
    else:
        care = "in some projects; `djscaffold inspect` tells whether in yours"
    return "\n".join(
        [
            f"{name} ({_severity(said['severity'])}): {looks_for}",
            "",
            f"In production: {_words(said['message'])}",
            f"Fix: {_words(said['fix'])}",
            f"Handled: {care}.",
            "",
            "Where it is in your project: djscaffold inspect",
        ]
    )


@cache
def _read() -> dict[str, tuple[str, dict[str, ast.expr]]]:
    """Return what each rule looks for, and the parts of the finding that it makes."""
    found = {}
    for rule in RULES:
        tree = ast.parse(inspect.getsource(rule))
        said = next(
            {word.arg or "": word.value for word in node.keywords}
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
        )
        looks_for = (rule.__doc__ or "").partition("\n")[0].removeprefix("Find ")
        found[_words(said["id"])] = (looks_for[:1].upper() + looks_for[1:], said)
    return found


def _severity(node: ast.expr) -> str:
    if isinstance(node, ast.IfExp):
        return f"{_severity(node.body)} or {_severity(node.orelse)}"
    return ast.unparse(node).lower()


def _words(node: ast.expr) -> str:
    """Return a text as written; what only a project can fill in stands in angle brackets."""
    match node:
        case ast.Constant():
            return str(node.value)
        case ast.JoinedStr():
            return "".join(map(_words, node.values))
        case ast.FormattedValue():
            return _words(node.value)
        case ast.BinOp():
            return _words(node.left) + _words(node.right)
        case ast.IfExp():
            return _words(node.body)
        case _:
            return _blank(node)


def _blank(node: ast.expr) -> str:
    """Return a name for what only a project can fill in."""
    match node:
        case ast.Attribute():
            return f"<{node.attr.replace('_', ' ')}>"
        case ast.Name():
            return f"<{node.id.strip('_').replace('_', ' ').lower()}>"
        case ast.Call() if "how_to_add" in ast.unparse(node.func):
            return f"Add {_words(node.args[-1])} to the dependencies."
        case _:
            return "<...>"
