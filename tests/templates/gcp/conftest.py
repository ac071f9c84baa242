"""The files of a project on Google Cloud, rendered into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clouds.gcp import CLOUD

Render = Callable[..., Path]


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Return a function: answers in, the folder ``deploy`` out."""

    def write(**answers: Any) -> Path:
        return CLOUD.write(tmp_path, answers).parent

    return write
