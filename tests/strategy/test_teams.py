"""What experienced engineers would choose for teams of every kind, and what they must hear."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from djscaffold.profile.model import make_profile
from djscaffold.strategy.model import Recommendation
from djscaffold.strategy.recommend import recommend

TEAMS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("teams.yaml").read_text(encoding="utf-8")
)["teams"]


@cache
def result_of(team_id: str) -> Recommendation:
    team = next(each for each in TEAMS if each["id"] == team_id)
    return recommend(make_profile(team["profile"]))


def name_of(result: Recommendation) -> str | None:
    chosen = result.chosen
    return f"{chosen.strategy}/{chosen.topology.id}" if chosen else None


def said_by(result: Recommendation) -> str:
    chosen = result.chosen
    reasons = [each.reason for each in chosen.contributions] if chosen else []
    return "\n".join([*reasons, *result.must_know, result.conflict or ""]).lower()


@pytest.mark.parametrize("team", TEAMS, ids=lambda team: team["id"])
def test_the_choice_is_one_that_engineers_would_accept(team: dict[str, Any]) -> None:
    result = result_of(team["id"])

    assert name_of(result) in [team["expect"], *team["accept"]]


@pytest.mark.parametrize("team", TEAMS, ids=lambda team: team["id"])
def test_what_must_not_be_chosen_is_not(team: dict[str, Any]) -> None:
    """A strategy under `never` may still be chosen in a form that `expect` or `accept` names."""
    name = name_of(result_of(team["id"]))
    strategy, _, topology = (name or "none/none").partition("/")
    allowed = {each.partition("/")[0] for each in [team["expect"] or "", *team["accept"]]}
    never = {"rented-vps" if each == "rented" else each for each in team["never"]}

    assert topology not in never
    assert strategy not in never or strategy in allowed


@pytest.mark.parametrize("team", TEAMS, ids=lambda team: team["id"])
def test_what_the_team_must_hear_is_said(team: dict[str, Any]) -> None:
    said = said_by(result_of(team["id"]))

    assert [words for words in team["mentions"] if words not in said] == []


@pytest.mark.parametrize(
    "team", [team for team in TEAMS if "regions" in team], ids=lambda team: team["id"]
)
def test_the_region_is_one_of_those_that_serve_the_team(team: dict[str, Any]) -> None:
    region = result_of(team["id"]).region

    assert region is not None
    assert region.id in team["regions"]


@pytest.mark.parametrize("team", TEAMS, ids=lambda team: team["id"])
def test_a_conflict_is_named_where_answers_exclude_each_other(team: dict[str, Any]) -> None:
    result = result_of(team["id"])

    assert bool(result.conflict) == team.get("conflict", False)


def test_most_first_choices_are_exactly_the_expected_ones() -> None:
    exact = [name_of(result_of(team["id"])) == team["expect"] for team in TEAMS]

    assert sum(exact) >= 0.85 * len(TEAMS)
