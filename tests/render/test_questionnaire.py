"""Answers that cannot be meant are refused by name, never dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from djscaffold.errors import InvalidAnswer, MissingAnswer, UnknownAnswers
from djscaffold.render.direct import complete_answers, render_files


def test_an_unknown_answer_is_named_with_the_nearest_question() -> None:
    with pytest.raises(UnknownAnswers) as caught:
        render_files({"platform": "onprem", "project_slog": "shop"})

    assert caught.value.names == ["project_slog"]
    assert "did you mean project_slug?" in str(caught.value)


def test_an_answer_to_a_derived_question_is_unknown() -> None:
    """copier would obey once and forget it, and the next update would show a false edit."""
    with pytest.raises(UnknownAnswers, match="uses_sqlite"):
        render_files({"platform": "onprem", "uses_sqlite": True})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("platform", "heroku", "one of onprem, aws, azure, gcp"),
        ("project_slug", "My Shop", "Lower case letters"),
        ("database_engine", "oracle", "one of postgresql"),
        ("domain", None, "not empty"),
        ("domain", ["a"], "a text"),
    ],
)
def test_an_invalid_answer_is_named_with_what_is_expected(name: str, value: Any, says: str) -> None:
    with pytest.raises(InvalidAnswer, match=says) as caught:
        render_files({"platform": "onprem", name: value})

    assert caught.value.name == name


def test_a_question_without_default_needs_an_answer() -> None:
    with pytest.raises(MissingAnswer, match="platform"):
        render_files({})


def test_an_answer_of_another_platform_is_left_out() -> None:
    recorded = complete_answers({"platform": "aws", "onprem_database_external": True})

    assert "onprem_database_external" not in recorded


def test_copiers_own_keys_are_ignored() -> None:
    recorded = complete_answers({"platform": "aws", "_commit": "v9", "_src_path": "x"})

    assert recorded["platform"] == "aws"
    assert not [key for key in recorded if key.startswith("_")]


def test_defaults_follow_from_other_answers(tmp_path: Path) -> None:
    recorded = complete_answers({"platform": "aws", "project_slug": "my-shop"})

    assert recorded["settings_module"] == "my_shop.settings"


def test_a_recorded_text_becomes_the_type_that_is_asked_now() -> None:
    """G06: a question that took a text once and is a yes or no today."""
    answers = {"platform": "onprem", "needs_asgi": "n", "uses_beat": "yes", "python_version": 3.12}

    carried = complete_answers(answers)

    assert carried["needs_asgi"] is False
    assert carried["uses_beat"] is True
    assert carried["python_version"] == "3.12"
