"""The commands of a rendered runbook, as a person copies them out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^( *)```sh\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Commands that stand together; *on_server* says where the runbook wants them typed."""

    text: str
    on_server: bool


def blocks(readme: Path, section: str) -> list[Block]:
    """Return the shell blocks of the section whose heading begins with *section* ("2.")."""
    text = readme.read_text()
    found = re.search(
        rf"^## {re.escape(section)}.*?\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"no section {section} in {readme}"
    body = found[1]
    result = []
    for match in BLOCK.finditer(body):
        lines = [line.removeprefix(match[1]) for line in match[2].splitlines()]
        before = body[: match.start()].rstrip().rpartition("\n\n")[2]
        result.append(Block("\n".join(lines) + "\n", "on the server" in before.lower()))
    assert result, f"section {section} of {readme} has no commands"
    return result
