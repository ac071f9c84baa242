"""`djscaffold verify --build` as its own process, with the engine of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from container_engine import Engine
from shop import BUILD_OPTIONS


def verify(engine: Engine, project: Path, *more_options: str) -> dict[str, dict[str, Any]]:
    """Return each result by its name."""
    options = [f"--build-option={option}" for option in (*BUILD_OPTIONS, *more_options)]
    done = subprocess.run(
        [sys.executable, "-m", "djscaffold", "verify", "--only=image", "--format=json", *options],
        cwd=project,
        env=engine.environment | {"PATH": f"{engine.root}/usr/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr[-3000:]
    return {result["check"]: result for result in json.loads(done.stdout)["results"]}
