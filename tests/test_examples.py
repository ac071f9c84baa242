"""The rendered trees in the repository are what is rendered today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_rendered_examples_are_current() -> None:
    """`make examples` writes them; the difference is reviewed like code."""
    result = subprocess.run(
        [sys.executable, "examples/regenerate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout
