"""Python of any version, and files that no Python understands."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from djscaffold.facts.syntax import _Recovery, parse_python

HERE = Path(__file__)
SOURCES = sorted((HERE.parents[2] / "generator" / "djscaffold" / "facts").glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_statement_by_statement_gives_the_same_tree(path: Path) -> None:
    """What is cut apart and parsed in pieces is what the whole would have been."""
    text = path.read_text(encoding="utf-8")

    tree, broken = _Recovery(text).module()

    assert broken == []
    assert ast.dump(tree) == ast.dump(ast.Module(body=ast.parse(text).body, type_ignores=[]))


def test_a_broken_line_in_a_nested_block_costs_only_itself() -> None:
    text = "class A(B):\n    x = 1\n    if y:\n        z = = 2\n        w = 3\n    else:\n        v = 4\n"  # noqa: E501

    tree, broken = parse_python(text)

    assert broken == [4]
    assert (
        ast.unparse(tree)
        == "class A(B):\n    x = 1\n    if y:\n        w = 3\n    else:\n        v = 4"
    )


def test_lines_keep_their_numbers() -> None:
    tree, _ = parse_python("x = (\n\n\ny = 1\ndef f():\n    z = 2\n")

    lines = {
        node.targets[0].id: node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert lines.get("z", 6) == 6


@pytest.mark.parametrize("text", ["", "\0", "(" * 5000, "if " * 300, "\x0c\n", "def f(:\n" * 200])
def test_nothing_is_too_odd(text: str) -> None:
    tree, _ = parse_python(text)

    assert isinstance(tree, ast.Module)
