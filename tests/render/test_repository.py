"""What git says about the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from djscaffold.render.repository import (
    has_git,
    ignored,
    modified_files,
    restorable,
    top_of,
)


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "my shop"
    (root / "deploy").mkdir(parents=True)
    (root / ".gitignore").write_text("*.log\n")
    (root / "deploy/a.conf").write_text("a\n")
    (root / "deploy/b.conf").write_text("b\n")
    git(root.parent, "init", "-q", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "deploy/b.conf").write_text("changed\n")
    (root / "deploy/new.conf").write_text("new\n")
    return root


def test_the_top_is_found_from_a_folder_below(repository: Path, tmp_path: Path) -> None:
    assert top_of(repository / "deploy") == repository.resolve()
    assert top_of(tmp_path) is None
    assert not has_git(tmp_path)


def test_only_tracked_files_count_as_modified(repository: Path) -> None:
    """A stray database beside the code is nobody's edit."""
    assert modified_files(repository) == [" M deploy/b.conf"]


def test_only_what_git_can_bring_back_is_restorable(repository: Path) -> None:
    paths = ["deploy/a.conf", "deploy/b.conf", "deploy/new.conf", "deploy/none.conf"]

    assert restorable(repository, paths) == {"deploy/a.conf"}


def test_ignored_paths_are_named_before_they_exist(repository: Path) -> None:
    assert ignored(repository, ["deploy/x.log", "deploy/a.conf"]) == ["deploy/x.log"]


def test_a_hook_does_not_lead_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from a hook, git would look into the repository of the hook."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))

    assert has_git(repository)
