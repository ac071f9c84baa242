"""`djscaffold init` on small projects, through the command line."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from djscaffold.cli import cli
from djscaffold.errors import (
    AnotherPlatform,
    FilesInTheWay,
    NoDjangoProject,
    NotRestorable,
    UncommittedChanges,
)

from .projects import BEGINNER, files_of, git, init, make_repository


def test_a_beginners_project_gets_its_files_and_keeps_its_own(beginner: Path) -> None:
    """G04: settings and requirements stay byte for byte; what is added stands beside them."""
    before = files_of(beginner)

    result = init(beginner)

    assert result.exit_code in (0, None), result.output
    after = files_of(beginner)
    assert {name: after[name] for name in before} == before
    assert {"deploy/README.md", "deploy/env.example", ".copier-answers.yml"} <= set(after)
    assert "bookshop/settings.py" in result.output


def test_an_address_that_only_this_machine_knows_is_said(beginner: Path) -> None:
    """G08: a colleague's `copier update` could not find it."""
    local = init(beginner, "--dry-run", "--template-url", "/opt/templates")
    public = init(beginner, "--template-url", "https://git.example.org/templates.git")

    assert "only this machine knows" not in local.output
    assert "only this machine knows" not in public.output
    again = init(beginner, "--allow-dirty", "--template-url", "/opt/templates")
    assert "only this machine knows" in again.output


def test_a_second_run_writes_nothing(beginner: Path) -> None:
    """G01: the same answers are the same bytes."""
    init(beginner)
    git(beginner, "add", "-A")
    git(beginner, "commit", "-qm", "deploy")

    result = init(beginner)

    assert "Nothing to write" in result.output
    assert git(beginner, "status", "--porcelain") == ""


def test_a_dry_run_writes_nothing(beginner: Path) -> None:
    before = files_of(beginner)

    result = init(beginner, "--dry-run")

    assert result.exit_code in (0, None)
    assert "deploy/bin/manage" in result.output
    assert "+++ b/deploy/env.example" in result.output
    assert files_of(beginner) == before


def test_a_secret_in_the_code_is_rendered_nowhere(beginner: Path) -> None:
    """C01: the canary stays where it is."""
    result = init(beginner)

    written = {name: text for name, text in files_of(beginner).items() if name not in BEGINNER}
    assert [name for name, text in written.items() if b"canary-9f3c" in text] == []
    assert "canary-9f3c" not in result.output


def test_uncommitted_changes_are_refused(beginner: Path) -> None:
    """G02: nobody could tell our changes from theirs."""
    (beginner / "bookshop/urls.py").write_text("urlpatterns = [1]\n")

    result = init(beginner)

    assert isinstance(result.exception, UncommittedChanges)
    assert " M bookshop/urls.py" in str(result.exception)
    assert not (beginner / "deploy").exists()


def test_untracked_files_are_no_reason_to_refuse(beginner: Path) -> None:
    (beginner / "db.sqlite3").write_bytes(b"")

    assert init(beginner).exit_code in (0, None)


def test_a_folder_without_git_is_scaffolded_and_told_so(tmp_path: Path) -> None:
    for name, text in BEGINNER.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    result = init(tmp_path)

    assert result.exit_code in (0, None), result.output
    assert "no git repository" in result.output
    assert "1. git init && git add -A && git commit -m" in result.output


@pytest.mark.parametrize("is_repository", [True, False])
def test_files_that_git_would_leave_out_are_forced(tmp_path: Path, is_repository: bool) -> None:
    """`logs` in a .gitignore takes deploy/bin/logs away from every release."""
    files = {**BEGINNER, ".gitignore": "logs\n*.pyc\n"}
    if is_repository:
        make_repository(tmp_path, files)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    result = init(tmp_path)

    assert result.exit_code in (0, None), result.output
    assert "git add -A && git add --force deploy/bin/logs && git commit" in result.output
    command = result.output.partition("1. ")[2].partition("\n")[0].replace("git commit", "true")
    subprocess.run(command, shell=True, check=True, cwd=tmp_path, capture_output=True)
    assert "deploy/bin/logs" in git(tmp_path, "ls-files").splitlines()


def test_a_folder_without_django_is_refused_as_inspect_does(tmp_path: Path) -> None:
    """G13: no word of success, nothing written, no four questions about what is not there."""
    (tmp_path / "notes.txt").write_text("nothing of Django\n")

    result = init(tmp_path)

    assert isinstance(result.exception, NoDjangoProject)
    assert f"no Django project in {tmp_path.resolve()}." in str(result.exception)
    assert "Written" not in result.output
    assert list(tmp_path.iterdir()) == [tmp_path / "notes.txt"]


def test_settings_that_an_earlier_run_recorded_say_so(beginner: Path) -> None:
    init(beginner)

    again = init(beginner, "--allow-dirty").output
    said = init(beginner, "--allow-dirty", "--data", "settings_module=bookshop.settings").output

    assert re.search(r"settings +bookshop.settings +recorded in .copier-answers.yml", again)
    assert re.search(r"settings +bookshop.settings +--data settings_module", said)


def test_a_project_below_the_top_is_deployed_from_the_top(tmp_path: Path) -> None:
    """D10: paths are seen from the repository."""
    make_repository(tmp_path, {f"backend/{name}": text for name, text in BEGINNER.items()})

    result = init(tmp_path / "backend")

    assert result.exit_code in (0, None), result.output
    answers = yaml.safe_load((tmp_path / ".copier-answers.yml").read_text())
    assert answers["project_root"] == "backend"
    assert answers["dependency_files"] == ["backend/requirements.txt"]
    assert not (tmp_path / "backend/deploy").exists()


class TestAFileThatIsThere:
    @pytest.fixture
    def mine(self, tmp_path: Path) -> Path:
        return make_repository(tmp_path, {**BEGINNER, "deploy/env.example": "MINE=1\n"})

    def test_nobody_to_ask_is_an_error_and_nothing_is_written(self, mine: Path) -> None:
        """G03: not even the other files."""
        before = files_of(mine)

        result = init(mine)

        assert isinstance(result.exception, FilesInTheWay)
        assert "deploy/env.example" in str(result.exception)
        assert files_of(mine) == before

    def test_kept_means_kept_now_and_later(self, mine: Path) -> None:
        assert init(mine, "--on-conflict", "keep").exit_code in (0, None)
        git(mine, "add", "-A")
        git(mine, "commit", "-qm", "deploy")

        result = init(mine)

        assert (mine / "deploy/env.example").read_text() == "MINE=1\n"
        assert "Nothing to write" in result.output

    def test_overwriting_needs_a_git_that_can_bring_it_back(self, mine: Path) -> None:
        git(mine, "rm", "-q", "--cached", "deploy/env.example")
        git(mine, "commit", "-qm", "untracked now")

        result = init(mine, "--on-conflict", "overwrite")

        assert isinstance(result.exception, NotRestorable)
        assert (mine / "deploy/env.example").read_text() == "MINE=1\n"

    def test_overwriting_replaces_what_git_can_bring_back(self, mine: Path) -> None:
        result = init(mine, "--on-conflict", "overwrite")

        assert result.exit_code in (0, None), result.output
        assert (mine / "deploy/env.example").read_text() != "MINE=1\n"


def test_a_changed_answer_replaces_what_nobody_edited(beginner: Path) -> None:
    """The files stand as they were rendered: nothing of the person's is in them."""
    init(beginner)
    git(beginner, "add", "-A")
    git(beginner, "commit", "-qm", "deploy")

    result = init(beginner, "--data", "domain=books.example.org")

    assert result.exit_code in (0, None), result.output
    assert "domain: books.example.org" in (beginner / ".copier-answers.yml").read_text()


def test_another_platform_is_a_switch(beginner: Path) -> None:
    init(beginner)

    result = CliRunner().invoke(
        cli, ["init", str(beginner), "--platform", "aws", "--defaults", "--allow-dirty"]
    )

    assert isinstance(result.exception, AnotherPlatform)
    assert "djscaffold switch aws" in str(result.exception)


def test_a_failed_write_leaves_nothing(beginner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full at the last file takes the first ones with it."""
    before = files_of(beginner)
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if str(target).endswith("env.example"):
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)

    result = init(beginner)

    assert "No space left on device" in str(result.exception)
    assert files_of(beginner) == before
