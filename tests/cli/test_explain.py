"""`djscaffold explain`: every name that a report mentions can be asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from djscaffold.cli import cli
from djscaffold.findings import RULES
from djscaffold.profile.model import KEYS
from djscaffold.render.direct import render_files
from djscaffold.report.explanation import KINDS, explain, names_of


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["explain", *arguments])


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_of_a_kind_has_a_text(kind: str) -> None:
    assert [name for name in names_of(kind) if not explain(kind, name)] == []


def test_a_price_tells_value_source_date_and_confidence() -> None:
    text = run("price", "aws.nat.hour").stdout

    for words in ("0.045", "USD/hour", "source:", "as of 2026-10-08", "confidence high"):
        assert words in text


def test_a_criterion_tells_its_fixed_scale() -> None:
    text = run("criterion", "reliability").stdout

    assert "never looks at the other options" in text
    assert "Weight: 15 of 100" in text


def test_a_programme_tells_what_each_place_holds() -> None:
    text = run("rule", "fedramp_high").stdout

    assert "GovCloud" in text
    assert "Not legal advice" in text


@pytest.mark.parametrize("key", KEYS)
def test_a_question_tells_each_choice_and_its_default(key: str) -> None:
    text = run("question", key).stdout

    assert "of 12" in text
    assert "Not answered:" in text


def test_a_name_alone_is_looked_for_in_every_kind() -> None:
    assert "question 5 of 12" in run("ops").stdout
    assert "confidence" in run("aws.nat.hour").stdout


def test_without_a_name_the_kinds_and_their_names_are_listed() -> None:
    assert "criterion     7  cost, care" in run().stdout
    assert "labour.rate_hour" in run("price").stdout


@pytest.mark.parametrize("arguments", [("price", "aws.nat"), ("aws.nat",)])
def test_an_unknown_name_suggests_the_nearest(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == 1
    assert "aws.nat.gb" in str(result.exception)


def test_a_finding_tells_what_happens_in_production_and_the_fix() -> None:
    text = run("debug-on").stdout

    assert "debug-on (error): DEBUG = True." in text
    assert "every error shows settings and source" in text
    assert "Fix: Turn it off in production." in text
    assert "Handled: yes" in text
    assert "Handled: no" in run("finding", "secrets-committed").stdout


def test_what_only_a_project_can_fill_in_is_left_open() -> None:
    assert (
        "No driver for <engine> is among the dependencies" in run("database-driver-missing").stdout
    )


def test_every_finding_of_a_rule_can_be_asked_about() -> None:
    assert len(names_of("finding")) == len(RULES)


def test_an_answer_tells_its_choices_default_and_when_it_is_asked() -> None:
    text = run("answer", "aws_dns").stdout

    assert "Who answers for the domain" in text
    assert "  route53\n  external\n  none\nDefault: external\n" in text
    assert "Asked if: platform == 'aws'" in text
    assert "Here:" not in text


def test_a_file_tells_its_template_what_switches_it_and_its_head_comment() -> None:
    text = run("deploy/systemd/app-beat.service").stdout

    assert "Exactly one may run in the whole installation" in text
    assert "templates/onprem/deploy/systemd/{{ project_slug }}-beat.service.jinja" in text
    assert "Left out if: not runs_beat" in text
    assert "Switched by: task_app, task_library, uses_beat" in text


def test_a_file_of_several_platforms_is_told_for_each() -> None:
    text = run("file", "./deploy/README.md").stdout

    assert all(f"deploy/README.md ({platform})" in text for platform in ("onprem", "aws", "gcp"))


def test_in_a_scaffolded_folder_its_own_answers_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"platform": "onprem", "project_slug": "shop", "settings_module": "shop.prod"}
    for file in render_files(answers):
        target = tmp_path / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    monkeypatch.chdir(tmp_path)

    assert "Here: shop.prod (.copier-answers.yml)" in run("answer", "settings_module").stdout
    assert "shop-beat.service (onprem)" in run("deploy/systemd/shop-beat.service").stdout
    assert "uses_beat = false" in run("deploy/systemd/shop-beat.service").stdout
    assert "(aws)" not in run("deploy/README.md").stdout


def test_every_file_that_is_written_can_be_asked_about() -> None:
    """All platforms, with the answers as they are without any."""
    for platform in ("onprem", "aws", "azure", "gcp"):
        written = {file.path for file in render_files({"platform": platform})}
        assert written - set(names_of("file")) == set()


@pytest.mark.parametrize(
    ("asked", "near"), [("debug-om", "debug-on"), ("deploy/gunicorn.py", "deploy/gunicorn.conf.py")]
)
def test_a_mistyped_finding_or_file_suggests_the_nearest(asked: str, near: str) -> None:
    assert near in str(run(asked).exception)
