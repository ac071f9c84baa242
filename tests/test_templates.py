"""What holds for every template, whatever it renders."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
ALLOWED = (
    nodes.Const,
    nodes.For,
    nodes.Getattr,
    nodes.If,
    nodes.Include,
    nodes.Name,
    nodes.Not,
    nodes.Output,
    nodes.Template,
    nodes.TemplateData,
)
ALLOWED_FILTERS = {"indent", "to_json", "to_nice_yaml", "to_yaml"}


def jinja_files() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in TEMPLATES.rglob("*.jinja"))


@pytest.mark.parametrize("path", jinja_files())
def test_a_template_holds_no_logic(path: str) -> None:
    """A comparison, a filter or a `set` belongs in a derived answer instead."""
    tree = Environment().parse((ROOT / path).read_text(encoding="utf-8"))

    surprises = [
        f"line {node.lineno}: {type(node).__name__}"
        for node in tree.find_all(nodes.Node)
        if not isinstance(node, (*ALLOWED, nodes.Keyword))
        and not (isinstance(node, nodes.Filter) and node.name in ALLOWED_FILTERS)
        and not isinstance(node, nodes.EvalContextModifier)
    ]

    assert surprises == []
