"""Parse Python of any version, whichever interpreter runs us.

The running interpreter's own parser is the fastest, and understands most files. What it refuses
(newer syntax, broken files) is cut into statements by tree-sitter, which tolerates errors, and
every statement that can be understood is kept: a broken one costs only itself.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tree_sitter import Node

_BLOCKS = frozenset({"block", "module"})
_COMPOUND = frozenset(
    {
        "class_definition",
        "decorated_definition",
        "for_statement",
        "function_definition",
        "if_statement",
        "try_statement",
        "while_statement",
        "with_statement",
    }
)
MAX_NESTING = 60
Statement = TypeVar("Statement", bound=ast.stmt)


def parse_python(text: str) -> tuple[ast.Module, list[int]]:
    """Return the tree and the lines that were left out because nothing understands them."""
    tree = _parse(text)
    if tree is not None:
        return tree, []
    return _Recovery(text).module()


def _parse(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        # An invalid escape in the project's text is none of our user's business here.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text.replace("\0", ""))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class _Recovery:
    """One file that does not parse as a whole."""

    def __init__(self, text: str) -> None:
        self.content = text.encode("utf-8", "replace")
        self.broken: list[int] = []

    def module(self) -> tuple[ast.Module, list[int]]:
        import tree_sitter_python
        from tree_sitter import Language, Parser

        parser = Parser(Language(tree_sitter_python.language()))
        root = parser.parse(self.content).root_node
        body = self.statements(root, 0)
        return ast.Module(body=body, type_ignores=[]), sorted(self.broken)

    def statements(self, block: Node, depth: int) -> list[ast.stmt]:
        """Return the statements of a block that can be understood."""
        found: list[ast.stmt] = []
        for node in block.named_children:
            if node.type != "comment" and depth < MAX_NESTING:
                found += self.statement(node, depth)
        return found

    def statement(self, node: Node, depth: int) -> list[ast.stmt]:
        whole = self.parsed(self.text(node), node.start_point[0], node.start_point[1])
        if whole:
            return whole
        if node.type in _COMPOUND:
            return self.compound(node, depth)
        if node.type in _BLOCKS or (node.type == "ERROR" and node.named_child_count > 1):
            return self.statements(node, depth + 1)
        if node.type != "type_alias_statement":
            self.broken.append(node.start_point[0] + 1)
        return []

    def text(self, node: Node, end: int | None = None) -> str:
        return self.content[node.start_byte : end or node.end_byte].decode("utf-8", "replace")

    def parsed(self, text: str, row: int, column: int) -> list[ast.stmt]:
        """Return the statements of *text*, which stands at *row*, indented by *column*."""
        lead = "if 1:\n" + " " * column if column else ""
        tree = _parse(lead + text)
        if tree is None:
            return []
        body = tree.body
        if column and body and isinstance(body[0], ast.If):
            body = body[0].body
        for statement in body:
            ast.increment_lineno(statement, row - (1 if column else 0))
        return body

    def compound(self, node: Node, depth: int) -> list[ast.stmt]:
        """Return a statement with a body of its own, made of the parts that are understood."""
        if node.type == "decorated_definition":
            inner = node.child_by_field_name("definition")
            return self.statement(inner, depth + 1) if inner else []
        if node.type == "try_statement":
            return [self.try_statement(node, depth)]
        header = self.header(node)
        if header is None:
            self.broken.append(node.start_point[0] + 1)
            return self.body(node, depth)
        if hasattr(header, "body"):
            header.body = self.body(node, depth) or [self.empty(node)]
        if isinstance(header, ast.If):
            header.orelse = self.alternatives(node, depth)
        return [header]

    def header(self, node: Node) -> ast.stmt | None:
        """Return ``class X(Y): ...``, parsed alone, or None if that cannot be understood either."""
        block = self.block(node)
        if block is None:
            return None
        text = self.text(node, block.start_byte).split("#")[0].rstrip()
        text = text if text.endswith(":") else self.text(node, block.start_byte).rstrip()
        parsed = self.parsed(f"{text} pass", node.start_point[0], 0)
        return parsed[0] if parsed else None

    def block(self, node: Node) -> Node | None:
        return next((child for child in node.named_children if child.type == "block"), None)

    def body(self, node: Node, depth: int) -> list[ast.stmt]:
        block = self.block(node)
        return self.statements(block, depth + 1) if block else []

    def empty(self, node: Node) -> ast.stmt:
        statement = ast.Pass()
        statement.lineno, statement.col_offset = node.start_point[0] + 1, node.start_point[1]
        return statement

    def alternatives(self, node: Node, depth: int) -> list[ast.stmt]:
        """Return what stands in the ``elif`` and ``else`` parts, nested as ast nests them."""
        result: list[ast.stmt] = []
        for child in reversed(node.named_children):
            if child.type == "else_clause":
                result = self.body(child, depth)
            elif child.type == "elif_clause":
                result = [self.elif_clause(child, depth, result)]
        return result

    def elif_clause(self, node: Node, depth: int, otherwise: list[ast.stmt]) -> ast.stmt:
        condition = node.child_by_field_name("condition")
        text = self.text(condition) if condition else "None"
        parsed = self.parsed(f"if ({text}): pass", node.start_point[0], 0)
        branch = parsed[0] if parsed else ast.parse("if None: pass").body[0]
        assert isinstance(branch, ast.If)
        branch.body = self.body(node, depth) or [self.empty(node)]
        branch.orelse = otherwise
        return branch

    def try_statement(self, node: Node, depth: int) -> ast.stmt:
        statement = ast.Try(
            body=self.body(node, depth) or [self.empty(node)],
            handlers=[self.handler(c, depth) for c in node.children if "except" in c.type[:6]],
            orelse=[],
            finalbody=[],
        )
        statement.lineno, statement.col_offset = node.start_point[0] + 1, node.start_point[1]
        for child in node.named_children:
            if child.type == "else_clause":
                statement.orelse = self.body(child, depth)
            elif child.type == "finally_clause":
                statement.finalbody = self.body(child, depth)
        return statement

    def handler(self, node: Node, depth: int) -> ast.ExceptHandler:
        """Return an except clause; ``except A, B:`` catches both."""
        names = [self.text(c) for c in node.named_children if c.type in ("identifier", "attribute")]
        catches = ast.parse(f"({', '.join(names)},)", mode="eval").body if names else None
        body = self.body(node, depth) or [self.empty(node)]
        row = node.start_point[0] + 1
        if catches is not None:
            ast.increment_lineno(catches, row - 1)
        return ast.ExceptHandler(type=catches, name=None, body=body, lineno=row, col_offset=0)
