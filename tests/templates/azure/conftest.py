"""The files of a project on Azure, rendered into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[3]
ANSWERS = {
    "platform": "azure",
    "topology": "azure-aca-small",
    "project_slug": "shop",
    "domain": "shop.example.org",
}
Render = Callable[..., Path]


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Return a function: answers in, the folder ``deploy`` out."""

    def write(**answers: Any) -> Path:
        for file in render_files({**ANSWERS, **answers}, template=ROOT):
            target = tmp_path / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)
            target.chmod(0o755 if file.executable else 0o644)
        return tmp_path / "deploy"

    return write
