"""What `init` asks, and how options answer it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from djscaffold.cli import cli
from djscaffold.cli.answering import parse_data
from djscaffold.errors import (
    AnswersExclude,
    InvalidAnswer,
    NotGenerated,
    OpenQuestions,
    PlatformUndecided,
    UnknownAnswers,
)
from djscaffold.plan.model import field_types
from djscaffold.render.direct import question_names, render_files

from .projects import BEGINNER, init, make_repository


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
        ("domain_aliases=[5]", InvalidAnswer),
        ("domain_aliases=[www.shop.example.org, https://shop.example.org]", InvalidAnswer),
        ("login_paths=[1]", InvalidAnswer),
        ("login_paths=[/enter/, /enter/]", InvalidAnswer),
        ("static_commands=[1]", InvalidAnswer),
        ("daemons=[1]", InvalidAnswer),
        ("daemons=[{name: ../x, command: x}]", InvalidAnswer),
        ("periodic_commands=[{command: clearsessions, schedule: daily}]", InvalidAnswer),
        ("needs_asgi=perhaps", InvalidAnswer),
        ("dependency_files=requirements.txt", InvalidAnswer),
    ],
)
def test_a_wrong_answer_writes_nothing(beginner: Path, pair: str, error: type) -> None:
    result = init(beginner, "--data", pair)

    assert isinstance(result.exception, error)
    assert not (beginner / "deploy").exists()


def test_rows_look_the_same_whatever_order_their_words_came_in(beginner: Path) -> None:
    """What is recorded is sorted; `check` and `copier update` render from that."""
    daemons = "daemons=[{name: bot, command: bot --all}]"
    commands = "periodic_commands=[{name: tidy, schedule: daily, command: clearsessions}]"

    init(beginner, "--platform", "onprem", "--data", daemons, "--data", commands)

    recorded = yaml.safe_load((beginner / ".copier-answers.yml").read_text())
    files = {file.path: file.content for file in render_files(recorded)}
    path = "deploy/ansible/group_vars/all.yml"
    choices = yaml.safe_load(files[path])
    assert (beginner / path).read_bytes() == files[path]
    assert choices["daemons"] == [{"name": "bot", "command": "bot --all"}]
    assert choices["periodic_commands"] == [
        {"name": "tidy", "command": "clearsessions", "schedule": "daily"}
    ]


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
