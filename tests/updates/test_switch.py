"""Another platform and back: nothing of the person's is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TreeOf = Callable[[Path], dict[str, tuple[bytes, bool]]]
DEFAULT = {
    "onprem": "onprem-single",
    "aws": "aws-fargate-small",
    "azure": "azure-aca-small",
    "gcp": "gcp-cloudrun-small",
}


def edit_shared(project: Path) -> None:
    (project / "deploy/README.md").write_text("Runbook of app\n\nOne, and mine.\n")


def test_there_and_back_gives_what_was_there(tool: Any, tree: TreeOf, tmp_path: Path) -> None:
    """G07: own answers, edits in shared files and the platform's, which copier deletes (E03)."""
    project = tool.project(tmp_path / "p", "onprem_database_external=true")
    edit_shared(project)
    (project / "deploy/onprem/main.conf").write_text("main of onprem\nmine\n")
    before = tree(tool.commit(project))

    there = tool.run("v1.0.0", "switch", "aws", cwd=project)

    assert there.code == 3, there.err
    assert "set aside      deploy/onprem/main.conf" in there.out
    assert "One, and mine." in (project / "deploy/README.md").read_text()
    assert (project / "deploy/onprem/main.conf.djscaffold-old").read_text().endswith("mine\n")
    assert "platform: aws" in (project / ".copier-answers.yml").read_text()
    assert (project / "manage.py").exists()
    tool.commit(project)

    back = tool.run("v1.0.0", "switch", "onprem", cwd=project)

    assert back.code == 0, back.out + back.err
    assert tree(project) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"), list(zip(DEFAULT, [*list(DEFAULT)[1:], "onprem"], strict=True))
)
def test_every_move_gives_the_files_of_a_fresh_project(
    tool: Any, tree: TreeOf, tmp_path: Path, old: str, new: str
) -> None:
    project = tool.project(tmp_path / "p", f"platform={old}", f"topology={DEFAULT[old]}")

    run = tool.run("v1.0.0", "switch", new, cwd=project)

    fresh = tool.fresh("v1.0.0", tmp_path / "fresh", f"platform={new}", f"topology={DEFAULT[new]}")
    assert run.code == 0, run.out + run.err
    assert tree(project) == {**tree(fresh), "manage.py": (b"# mine\n", False)}


@pytest.mark.slow
def test_a_move_to_where_it_is_already_is_refused(tool: Any, tmp_path: Path) -> None:
    project = tool.project(tmp_path / "p")

    run = tool.run("v1.0.0", "switch", "onprem", cwd=project)

    assert run.code == 1
    assert "on onprem already" in run.err


@pytest.mark.slow
def test_a_newer_template_in_between_is_merged_with_the_edits_set_aside(
    tool: Any, tmp_path: Path
) -> None:
    project = tool.project(tmp_path / "p")
    conf = project / "deploy/site.conf"
    conf.write_text(conf.read_text().replace("line 2\n", "line 2, mine\n"))
    tool.commit(project)
    assert tool.run("v1.0.0", "switch", "gcp", cwd=project).code == 3
    tool.commit(project)
    assert tool.run("v1.1.0", "update", cwd=project).code == 0
    tool.commit(project)

    back = tool.run("v1.1.0", "switch", "onprem", cwd=project)

    assert back.code == 0, back.out + back.err
    assert "line 2, mine\n" in conf.read_text()
    assert "line thirty\n" in conf.read_text()
    assert not (project / "deploy/site.conf.djscaffold-old").exists()
