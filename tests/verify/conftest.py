"""Small trees, written inline, for the real tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from djscaffold.verify.checks import checks_named, run_checks
from djscaffold.verify.model import CheckResult, Tree
from djscaffold.verify.tools import find_tool

RunCheck = Callable[..., list[CheckResult]]


@pytest.fixture
def run_check(tmp_path: Path) -> RunCheck:
    """Write files, run one check on them; skip the test if its tool is not installed."""

    def run(
        name: str, files: Mapping[str, str], answers: Mapping[str, Any] | None = None, **given: Any
    ) -> list[CheckResult]:
        (check,) = checks_named([name])
        if check.tool and find_tool(check.tool) is None:
            pytest.skip(f"{check.tool} is not installed")
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        tree = Tree(root=tmp_path, answers={"project_slug": "shop", **(answers or {})}, **given)
        return list(run_checks(tree, [check]))

    return run
