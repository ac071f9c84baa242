"""`djscaffold init` on small projects, through the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from djscaffold.cli import cli
from djscaffold.cli.answering import parse_data
from djscaffold.errors import (
    AnotherPlatform,
    AnswersExclude,
    FilesInTheWay,
    InvalidAnswer,
    NoDjangoProject,
    NotGenerated,
    NotRestorable,
    OpenQuestions,
    PlatformUndecided,
    UncommittedChanges,
    UnknownAnswers,
)
from djscaffold.plan.model import field_types
from djscaffold.render.direct import question_names

MANAGE = """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshop.settings")
from django.core.management import execute_from_command_line
"""
SETTINGS = """\
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "django-insecure-canary-9f3c"
DEBUG = True
ALLOWED_HOSTS = []
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth"]
ROOT_URLCONF = "bookshop.urls"
WSGI_APPLICATION = "bookshop.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
STATIC_URL = "static/"
"""
WSGI = """\
import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshop.settings")
application = get_wsgi_application()
"""
BEGINNER = {
    "manage.py": MANAGE,
    "bookshop/__init__.py": "",
    "bookshop/settings.py": SETTINGS,
    "bookshop/wsgi.py": WSGI,
    "bookshop/urls.py": "urlpatterns = []\n",
    "requirements.txt": "Django==5.2.7\n",
}


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(
        ["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True
    ).stdout


def make_repository(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


@pytest.fixture
def beginner(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    return make_repository(folder, BEGINNER)


def init(root: Path, *options: str) -> Result:
    arguments = ["init", str(root), "--platform", "onprem", "--defaults", *options]
    return CliRunner().invoke(cli, arguments)


def files_of(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


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


def test_two_projects_are_a_question_with_the_option_that_answers_it(tmp_path: Path) -> None:
    """D09: a guess would deploy the wrong site."""
    one = {f"one/{name}": text for name, text in BEGINNER.items()}
    two = {f"two/{name}": text for name, text in BEGINNER.items()}
    make_repository(tmp_path, one | two)

    result = init(tmp_path)

    assert isinstance(result.exception, OpenQuestions)
    assert "--data project_root=" in str(result.exception)
    assert not (tmp_path / "deploy").exists()
    assert init(tmp_path, "--data", "project_root=two").exit_code in (0, None)


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}])
def test_with_stdin_closed_nothing_is_asked(beginner: Path, variables: dict[str, str]) -> None:
    """G14: it fails fast, names the option, and colours nothing that is no terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "djscaffold", "init", str(beginner)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **variables},
    )

    assert done.returncode == 1
    assert "--platform onprem" in done.stderr
    assert "\x1b[" not in done.stdout + done.stderr
    assert not (beginner / "deploy").exists()


def test_an_address_that_nobody_said_is_named_with_its_option(beginner: Path) -> None:
    """G14: the one answer that no repository holds has a stated default."""
    assert "--data domain=NAME" in init(beginner).stderr
    said = init(beginner, "--allow-dirty", "--data", "domain=shop.example.com")
    assert "--data domain" not in said.stderr


def test_every_answer_can_be_given_by_option() -> None:
    """G14: what a person may be asked, a script can say."""
    texts: dict[type, tuple[str, object]] = {
        str: ("x", "x"),
        bool: ("true", True),
        list: ("[a]", ["a"]),
        dict: ("{a: b}", {"a": "b"}),
    }

    for name, kind in field_types().items():
        text, value = texts[kind]
        assert parse_data([f"{name}={text}"]) == {name: value}
    assert set(question_names()) == set(field_types())


def test_no_platform_and_nobody_to_ask_is_an_error(beginner: Path) -> None:
    result = CliRunner().invoke(cli, ["init", str(beginner), "--defaults"])

    assert isinstance(result.exception, PlatformUndecided)


@pytest.mark.parametrize(
    ("pair", "error"),
    [
        ("domian=shop.example.org", UnknownAnswers),
        ("domain=Not A Name", InvalidAnswer),
        ("python_version=3", InvalidAnswer),
        ("python_version=three", InvalidAnswer),
        ("project_slug=postgres", InvalidAnswer),
        ("project_slug=ssh", InvalidAnswer),
        ("login_paths=[1]", InvalidAnswer),
        ("static_commands=[1]", InvalidAnswer),
        ("needs_asgi=perhaps", InvalidAnswer),
        ("dependency_files=requirements.txt", InvalidAnswer),
    ],
)
def test_a_wrong_answer_writes_nothing(beginner: Path, pair: str, error: type) -> None:
    result = init(beginner, "--data", pair)

    assert isinstance(result.exception, error)
    assert not (beginner / "deploy").exists()


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


class TestWhereItRuns:
    def test_a_profile_decides_and_says_why(self, beginner: Path, tmp_path: Path) -> None:
        profile = tmp_path / "profile.yml"
        profile.write_text(
            "users: [own_site]\ncountry: DE\ndata_rule: own_building\nhosting_now: spare_server\n"
            "ops: one_admin\nsize: tiny\ndowntime: annoying\n"
        )

        result = CliRunner().invoke(
            cli, ["init", str(beginner), "--profile", str(profile), "--defaults"]
        )

        assert result.exit_code in (0, None), result.output
        assert "-> Own servers" in result.output
        assert "platform: onprem" in (beginner / ".copier-answers.yml").read_text()

    def test_a_topology_names_its_platform(self, beginner: Path) -> None:
        result = CliRunner().invoke(
            cli, ["init", str(beginner), "--topology", "rented-vps", "--defaults"]
        )

        assert result.exit_code in (0, None), result.output
        assert "platform: onprem" in (beginner / ".copier-answers.yml").read_text()

    def test_a_topology_of_another_platform_is_refused(self, beginner: Path) -> None:
        result = init(beginner, "--topology", "gcp-cloudrun-ha")

        assert isinstance(result.exception, InvalidAnswer)
        assert "onprem-single" in str(result.exception)

    def test_what_has_no_templates_is_said_and_not_rendered(self, beginner: Path) -> None:
        result = CliRunner().invoke(
            cli, ["init", str(beginner), "--topology", "azure-appservice-gov-ha", "--defaults"]
        )

        assert isinstance(result.exception, NotGenerated)
        assert "--topology aws-govcloud-ha" in str(result.exception)
        assert not (beginner / "deploy").exists()

    def test_answers_that_exclude_each_other_need_a_person(
        self, beginner: Path, tmp_path: Path
    ) -> None:
        """Exit code 3: nothing fits, and nothing is written."""
        profile = tmp_path / "profile.yml"
        profile.write_text("data_rule: no_internet\nhosting_now: none\nbuy_hardware: 'no'\n")

        result = CliRunner().invoke(
            cli, ["init", str(beginner), "--profile", str(profile), "--defaults"]
        )

        assert isinstance(result.exception, AnswersExclude)
        assert result.exception.exit_code == 3
        assert not (beginner / "deploy").exists()
