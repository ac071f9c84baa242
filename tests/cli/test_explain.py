"""`djscaffold explain`: every name that a report mentions can be asked about."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from djscaffold.cli import cli
from djscaffold.profile.model import KEYS
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
    assert "criterion" in run().stdout
    assert "labour.rate_hour" in run("price").stdout


@pytest.mark.parametrize("arguments", [("price", "aws.nat"), ("aws.nat",)])
def test_an_unknown_name_suggests_the_nearest(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == 1
    assert "aws.nat.gb" in str(result.exception)
