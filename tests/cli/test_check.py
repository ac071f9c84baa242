"""`djscaffold check`: the gate, its three forms of output and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EDITED = "deploy/gunicorn.conf.py"


def test_an_untouched_project_passes(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("check", project)

    assert (ran.code, ran.err) == (0, "")
    assert "files are as djscaffold" in ran.out


def damage(project: Path, how: str) -> str:
    """Damage one file, and return its path."""
    target = project / EDITED
    if how == "edited":
        target.write_text("x = 1\n" + target.read_text())
    elif how == "missing":
        target.unlink()
    elif how == "mode":
        target.chmod(0o755)
    elif how == "conflict-markers":
        target.write_text("<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n")
    elif how == "rejected-hunks":
        target.with_name("gunicorn.conf.py.rej").write_text("@@\n")
    elif how == "blocked":
        target.unlink()
        target.mkdir()
    else:
        (project / ".djscaffold-unfinished").mkdir()
        (project / ".djscaffold-unfinished/journal.json").write_text("[]")
        return "."
    return EDITED


STATES = {
    "edited": 0,
    "mode": 0,
    "missing": 3,
    "conflict-markers": 3,
    "rejected-hunks": 3,
    "blocked": 3,
    "unfinished": 3,
}


@pytest.mark.parametrize("state", STATES)
def test_every_kind_of_drift_fails_and_edits_can_be_allowed(
    djscaffold: Any, project: Path, state: str
) -> None:
    path = damage(project, state)

    ran = djscaffold("check", project, "--format", "json")

    found = json.loads(ran.out)
    assert ran.code == 3
    assert set(found) == {"schema", "version", "checked", "files"}
    assert found["schema"] == 1
    (file,) = found["files"]
    assert set(file) == {"path", "state", "line", "message"}
    assert (file["path"], file["state"], file["line"]) == (path, state, 1)
    assert djscaffold("check", project, "--allow-edited").code == STATES[state]


def test_on_github_the_lines_are_annotated(
    djscaffold: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(project, "edited")
    line = f"::error file={EDITED},line=1,title=djscaffold edited::differs from what"

    assert line in djscaffold("check", project, "--format", "github").out
    assert "::error" not in djscaffold("check", project).out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert line in djscaffold("check", project).out
    assert "::error" not in djscaffold("check", project, "--format", "text").out


def test_in_a_monorepo_an_annotation_names_the_path_from_the_top(
    djscaffold: Any, project: Path, git: Callable[..., None]
) -> None:
    damage(project, "edited")
    (project / ".git").rename(project.parent / ".git")

    ran = djscaffold("check", project, "--format", "github")

    assert f"::error file=site/{EDITED},line=1," in ran.out


def test_a_folder_that_was_not_scaffolded_is_refused(djscaffold: Any, tmp_path: Path) -> None:
    ran = djscaffold("check", tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert "djscaffold init" in ran.err


def test_unresolved_conflicts_in_the_answers_are_named(djscaffold: Any, project: Path) -> None:
    answers = project / ".copier-answers.yml"
    answers.write_text("<<<<<<< a\n" + answers.read_text())

    ran = djscaffold("check", project)

    assert ran.code == 1
    assert ".copier-answers.yml" in ran.err


@pytest.mark.parametrize("arguments", [("nowhere",), ("--format", "xml"), ("--no-such-option",)])
def test_wrong_usage(djscaffold: Any, arguments: tuple[str, ...]) -> None:
    assert djscaffold("check", *arguments).code == 2
