"""A profile from answers as people and YAML 1.1 give them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from djscaffold.profile.file import ProfileFileError, profile_text, read_profile
from djscaffold.profile.model import Profile, ProfileError, make_profile


def test_what_nobody_answered_takes_its_default_and_is_named() -> None:
    profile = make_profile({"size": "medium", "ops": "not_sure", "budget": None})

    assert profile.size == "medium"
    assert profile.ops == Profile().ops
    assert {"ops", "budget"} <= set(profile.assumed)
    assert "size" not in profile.assumed
    assert "tie_reason" not in profile.assumed


def test_yaml_1_1_does_not_change_an_answer() -> None:
    """Unquoted, 10_50 is the integer 1050, NO is false, and yes is true."""
    raw = yaml.safe_load("{budget: 10_50, country: NO, buy_hardware: yes, data_rule: none}")

    profile = make_profile(raw)

    assert (profile.budget, profile.country, profile.buy_hardware) == ("10_50", "NO", "yes")


@pytest.mark.parametrize("band", ["50_250", "250_1000", "1000_5000"])
def test_every_budget_survives_without_quotes(band: str) -> None:
    assert make_profile(yaml.safe_load(f"budget: {band}")).budget == band


def test_a_country_alone_says_where_the_users_are() -> None:
    assert make_profile({"country": "jp"}).users == ("apac",)
    assert make_profile({"country": "uk"}).country == "GB"


def test_none_beside_other_rules_means_nothing() -> None:
    assert make_profile({"rules": ["none", "gdpr"]}).rules == ("gdpr",)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"siez": "small"}, "did you mean size?"),
        ({"size": "smal"}, "did you mean small?"),
        ({"country": "Germany"}, "two letters"),
        ({"users": []}, "at least one of"),
        ({"rules": 7}, "a list"),
        ({"needs": ["background"]}, "one of background_jobs"),
    ],
)
def test_a_wrong_answer_says_what_was_expected(answers: dict[str, object], words: str) -> None:
    with pytest.raises(ProfileError) as caught:
        make_profile(answers)

    assert words in str(caught.value)
    assert "djscaffold explain question" in str(caught.value)


def test_a_saved_profile_reads_back_the_same(tmp_path: Path) -> None:
    profile = make_profile(
        {"country": "NO", "budget": "10_50", "needs": ["ml_gpu"], "tied_to": "aws"}
    )
    path = tmp_path / "profile.yml"
    path.write_text(profile_text(profile), encoding="utf-8")

    again = make_profile(read_profile(path))

    assert again.answers() == profile.answers()
    assert "size: small  # not answered" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- a\n- b\n", "a list, not answers"),
        (b"a: [", "no YAML in line"),
        (b"\xff\xfe\x00x", "UTF-8"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_in_words(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "profile.yml"
    path.write_bytes(content)

    with pytest.raises(ProfileFileError, match=words):
        read_profile(path)


def test_a_missing_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(ProfileFileError, match="--save-profile"):
        read_profile(tmp_path / "none.yml")


def test_an_empty_file_answers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "profile.yml"
    path.write_text("")

    assert read_profile(path) == {}
