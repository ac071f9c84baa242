"""Run commands as a shell would: arguments in; exit code and both streams out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from djscaffold.cli import main
from djscaffold.render.direct import render_files
from djscaffold.render.write import compare, write

from .projects import BEGINNER, make_repository


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Command: TypeAlias = Callable[..., Ran]


@pytest.fixture
def djscaffold(capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs djscaffold, error boundary and all."""

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        caught = capsys.readouterr()
        assert "Traceback" not in caught.err
        return Ran(int(stopped.value.code or 0), caught.out, caught.err)

    return run


@pytest.fixture
def git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Return a function that runs git with a name and nothing else configured."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname=t\nemail=t@example.org\n[init]\ndefaultBranch=main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    def run(folder: Path, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)

    return run


@pytest.fixture
def project(tmp_path: Path, git: Callable[..., None]) -> Path:
    """Return a committed project as this version renders it."""
    folder = tmp_path / "site"
    folder.mkdir()
    write(compare(render_files({"platform": "onprem"}), folder), folder)
    git(folder, "init", "--quiet")
    commit(git, folder)
    return folder


def commit(git: Callable[..., None], folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "change")


@pytest.fixture
def beginner(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    return make_repository(folder, BEGINNER)
