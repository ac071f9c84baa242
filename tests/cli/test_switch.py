"""`djscaffold switch`: how it refuses. What it does to files: tests/updates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_the_platform_must_be_one_that_exists(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("switch", "heroku", project)

    assert ran.code == 2
    assert "onprem" in ran.err
    assert djscaffold("switch").code == 2


def test_where_it_is_already(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("switch", "onprem", project)

    assert (ran.code, ran.out) == (1, "")
    assert "on onprem already" in ran.err


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_uncommitted_changes(djscaffold: Any, project: Path, dry: tuple[str, ...]) -> None:
    (project / "deploy/env.example").write_text("mine\n")

    ran = djscaffold("switch", "gcp", project, *dry)

    assert (ran.code, ran.out) == (1, "")
    assert "deploy/env.example" in ran.err
    assert (project / "deploy/env.example").read_text() == "mine\n"


def test_what_was_not_scaffolded(djscaffold: Any, tmp_path: Path) -> None:
    assert djscaffold("switch", "gcp", tmp_path).code == 1


def test_a_topology_of_another_platform(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("switch", "gcp", project, "--topology", "aws-fargate-small")

    assert (ran.code, ran.out) == (1, "")
    assert "aws-fargate-small" in ran.err
    assert (project / "deploy/ansible").is_dir()


@pytest.mark.slow
def test_a_dry_run_tells_and_writes_nothing_and_a_topology_is_taken(
    djscaffold: Any, project: Path
) -> None:
    command = ("switch", "gcp", project, "--topology", "gcp-cloudrun-ha")

    dry = djscaffold(*command, "--dry-run")

    assert dry.code == 0, dry.err
    assert "Nothing was written: this was a dry run." in dry.out
    assert (project / "deploy/ansible").is_dir()
    assert djscaffold(*command).code == 0
    assert "topology: gcp-cloudrun-ha\n" in (project / ".copier-answers.yml").read_text()
    assert not (project / "deploy/ansible").exists()
