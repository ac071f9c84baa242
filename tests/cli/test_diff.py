"""`djscaffold diff`: what `check` reports, as a patch that git can read."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

EDITED = "deploy/gunicorn.conf.py"


def test_no_difference_prints_nothing(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("diff", project)

    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_an_edit_and_a_missing_file_are_a_patch_that_undoes_them(
    djscaffold: Any, project: Path
) -> None:
    rendered = (project / EDITED).read_bytes()
    (project / EDITED).write_bytes(b"x = 1\n" + rendered)
    env = (project / "deploy/env.example").read_bytes()
    (project / "deploy/env.example").unlink()

    ran = djscaffold("diff", project)

    assert ran.code == 3
    assert f"--- a/{EDITED}\n+++ b/{EDITED}\n" in ran.out
    assert "\n+x = 1\n" in ran.out
    (project / "deploy/env.example").write_bytes(b"")
    command = ["git", "apply", "--reverse", "--unidiff-zero", "-"]
    subprocess.run(command, cwd=project, input=ran.out.encode(), check=True)
    assert (project / EDITED).read_bytes() == rendered
    assert (project / "deploy/env.example").read_bytes() == env


def test_what_is_no_text_difference_is_said(djscaffold: Any, project: Path) -> None:
    (project / EDITED).chmod(0o755)

    ran = djscaffold("diff", project)

    assert (ran.code, ran.out) == (3, f"{EDITED}: is executable, was not\n")


def test_an_update_to_the_same_version_brings_nothing(djscaffold: Any, project: Path) -> None:
    ran = djscaffold("diff", project, "--update")

    assert (ran.code, ran.out) == (0, "")


def test_refusals_and_wrong_usage(djscaffold: Any, tmp_path: Path) -> None:
    assert djscaffold("diff", tmp_path).code == 1
    assert djscaffold("diff", tmp_path / "nowhere").code == 2
    assert djscaffold("diff", "--json").code == 2
