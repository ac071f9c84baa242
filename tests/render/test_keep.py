"""Keeping and adopting a file changes the answers only."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from djscaffold.cli.adopt import command as adopt
from djscaffold.cli.check import command as check
from djscaffold.cli.keep import command as keep
from djscaffold.errors import NotManaged
from djscaffold.render.direct import render_files
from djscaffold.render.recorded import find_recorded
from djscaffold.render.write import compare, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(compare(render_files({"platform": "onprem"}), tmp_path), tmp_path)
    return tmp_path


def first_file(project: Path) -> str:
    return next(
        path.relative_to(project).as_posix()
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.name == "gunicorn.conf.py"
    )


def test_a_kept_file_is_no_drift_and_an_adopted_one_is_again(project: Path) -> None:
    name = first_file(project)
    (project / name).write_text("mine\n")
    run = CliRunner().invoke

    assert run(check, [str(project)], standalone_mode=False).return_value == 3
    run(keep, [name, "--project", str(project)], catch_exceptions=False)
    assert (project / name).read_text() == "mine\n"
    assert find_recorded(project).answers["keep_files"] == [name]
    assert run(check, [str(project)], standalone_mode=False).return_value == 0
    run(adopt, [name, "--project", str(project)], catch_exceptions=False)
    assert (project / name).read_text() == "mine\n"
    assert run(check, [str(project)], standalone_mode=False).return_value == 3


def test_only_rendered_files_can_be_kept(project: Path) -> None:
    with pytest.raises(NotManaged, match=r"manage\.py"):
        CliRunner().invoke(
            keep, ["manage.py", "--project", str(project)], catch_exceptions=False,
            standalone_mode=False,
        )  # fmt: skip
