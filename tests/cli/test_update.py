"""`djscaffold update`: how it refuses. What it does to files: tests/updates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from .projects import files_of

Git = Callable[..., None]


def test_the_version_that_is_there_already_is_nothing_to_do(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("update", project)

    assert ran.code == 0
    assert "nothing to do" in ran.out


def not_scaffolded(project: Path, git: Git) -> str:
    (project / ".copier-answers.yml").unlink()
    return "djscaffold init"


def not_in_git(project: Path, git: Git) -> str:
    (project / ".git").rename(project.parent / "elsewhere")
    return "git"


def uncommitted(project: Path, git: Git) -> str:
    (project / "deploy/env.example").write_text("mine\n")
    return "deploy/env.example"


def untracked_in_the_way(project: Path, git: Git) -> str:
    git(project, "rm", "--quiet", "--cached", "deploy/env.example")
    git(project, "commit", "--quiet", "--message", "no longer tracked")
    return "deploy/env.example"


def from_a_version_nobody_knows(project: Path, git: Git) -> str:
    answers = project / ".copier-answers.yml"
    content = yaml.safe_load(answers.read_text())
    answers.write_text(answers.read_text().replace(content["_commit"], "v999.0.0"))
    git(project, "commit", "--quiet", "--all", "--message", "from the future")
    return "does not know version v999.0.0"


@pytest.mark.parametrize(
    "prepare",
    [
        not_scaffolded,
        not_in_git,
        uncommitted,
        untracked_in_the_way,
        from_a_version_nobody_knows,
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_it_refuses_with_the_reason_and_changes_nothing(
    djscaffold: Any, project: Path, git: Git, prepare: Any, dry: tuple[str, ...]
) -> None:
    says = prepare(project, git)
    before = files_of(project)

    ran = djscaffold("update", project, *dry)

    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err
    assert files_of(project) == before


def test_a_version_that_does_not_exist(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("update", project, "--to", "99.1.0")

    assert ran.code == 1
    assert "v99.1.0" in ran.err


@pytest.mark.slow
def test_another_address_is_recorded_and_said(djscaffold: Any, project: Path) -> None:
    url = "https://git.example.org/templates.git"

    ran = djscaffold("update", project, "--template-url", url)

    assert ran.code == 0, ran.err
    assert f"The template's address is now {url}" in ran.out
    assert f"_src_path: {url}\n" in (project / ".copier-answers.yml").read_text()


def test_wrong_usage(djscaffold: Any, project: Path) -> None:
    assert djscaffold("update", project, "--to").code == 2
    assert djscaffold("update", project / "nowhere").code == 2
