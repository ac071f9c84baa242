"""The tool in a temporary repository, with a history, and projects that were scaffolded by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from real_changes import REAL_CHANGES, as_they_are, other_numbers_for_gunicorn
from template_history import CHANGES, Tool, make_history, tree_of


@pytest.fixture(scope="session")
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which git has a name and nothing else."""
    home = tmp_path_factory.mktemp("home")
    config = home / "gitconfig"
    config.write_text(
        "[user]\nname=t\nemail=t@example.org\n[init]\ndefaultBranch=main\n[maintenance]\nauto=false\n"
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "COPIER_CACHE_DIR": str(home / "cache"),
        "HOME": str(home),
    }


@pytest.fixture(scope="session")
def tool(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Tool:
    """Return the tool with small templates in six versions."""
    return make_history(tmp_path_factory.mktemp("tool"), clean_environment, CHANGES)


@pytest.fixture(scope="session")
def real_tool(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Tool:
    """Return the tool with its own templates, and five later versions of them."""
    return make_history(tmp_path_factory.mktemp("real"), clean_environment, REAL_CHANGES)


@pytest.fixture(scope="session")
def session_tool(
    tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]
) -> Tool:
    """Return the tool with its own templates, and the next version of docs/updating.md."""
    changes = (as_they_are, other_numbers_for_gunicorn)
    folder = tmp_path_factory.mktemp("session")
    return make_history(folder, clean_environment, changes, ("v0.1.0", "v0.2.0"))


@pytest.fixture(scope="session")
def tree() -> Callable[[Path], dict[str, tuple[bytes, bool]]]:
    return tree_of
