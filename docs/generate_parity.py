"""Write docs/parity.md: what each platform gives, and where; or check it (``--check``).

docs/parity.yml holds the rows. A cell names a file of the platform's templates and a text that
stands in it, or the reason why there is none. A file that lost the text makes this script fail:
no cell can go stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
ROWS = ROOT / "docs" / "parity.yml"
TARGET = ROOT / "docs" / "parity.md"
PLATFORMS = {"onprem": "own servers", "aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
HEAD = """# The four platforms side by side

Each cell names the file of your repository that does it, or says why there is none. The commands in
`deploy/bin` are the same everywhere, and on the clouds so are the headings of the runbook.

This page is generated from the templates by `make docs`.

"""


def cell_of(platform: str, cell: list[str] | str) -> str:
    """Return a cell as text; ValueError if its file does not do what it says."""
    if isinstance(cell, str):
        return cell.strip()
    path, text = cell
    file = ROOT / "templates" / platform / path
    if not file.is_file():
        raise ValueError(f"{platform}: there is no {path}")
    if text not in file.read_text(encoding="utf-8"):
        raise ValueError(f"{platform}: {path} does not hold {text!r}")
    return f"`{path.removesuffix('.jinja').replace('{{ project_slug }}', 'NAME')}`"


def page() -> str:
    """Return the whole page."""
    lines = ["| | " + " | ".join(PLATFORMS.values()) + " |", "| --- " * 5 + "|"]
    for name, cells in yaml.safe_load(ROWS.read_text(encoding="utf-8")).items():
        texts = [cell_of(platform, cells[platform]) for platform in PLATFORMS]
        if not all(texts):
            raise ValueError(f"{name}: an empty cell needs a reason")
        lines.append(f"| {name} | " + " | ".join(texts) + " |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    written = page()
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text(encoding="utf-8") != written)
    TARGET.write_text(written, encoding="utf-8")
