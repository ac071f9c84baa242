"""What holds for every profile in the answer space, not only for the teams that we thought of."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djscaffold.profile.model import CHOICES, LISTS, Profile, make_profile
from djscaffold.report.recommendation_json import json_of
from djscaffold.strategy.catalogue import read_prices, read_programmes
from djscaffold.strategy.filters import BUDGET_TOLERANCE, BUDGET_USD
from djscaffold.strategy.flips import changes_of
from djscaffold.strategy.ladder import FAMILIES
from djscaffold.strategy.model import Option
from djscaffold.strategy.recommend import rank, recommend

TODAY = date(2026, 11, 22)
COUNTRIES = ["", "DE", "FR", "US", "GB", "CH", "CN", "BR", "KE", "AU", "NO", "TR", "JP", "SA", "NZ"]
MANY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Any answers at all, each also left out at times; half of the profiles have no rules."""
    drawn: dict[str, Any] = {"country": draw(st.sampled_from(COUNTRIES))}
    for key, choices in CHOICES.items():
        if key in LISTS:
            size = 3 if key != "rules" or draw(st.booleans()) else 0
            several = st.lists(st.sampled_from(choices), min_size=0, max_size=size, unique=True)
            drawn[key] = [each for each in draw(several) if each != "none"]
        else:
            drawn[key] = draw(st.sampled_from([*choices, None]))
    if not drawn["users"]:
        del drawn["users"]
    return drawn


profiles = answers().map(make_profile)


def left_of(ranking: tuple[Option, ...]) -> list[str]:
    return [option.family for option in ranking if option.removed_by is None]


def ranked(profile: Profile) -> list[str]:
    return left_of(rank(profile, read_prices()))


@given(profiles)
@MANY
def test_every_profile_has_a_choice_or_a_named_conflict(profile: Profile) -> None:
    check_a_choice_or_a_conflict(profile)


@pytest.mark.slow
@given(profiles)
@settings(MANY, max_examples=600)
def test_the_whole_answer_space_has_a_choice_or_a_named_conflict(profile: Profile) -> None:
    check_a_choice_or_a_conflict(profile)


def check_a_choice_or_a_conflict(profile: Profile) -> None:
    result = recommend(profile)

    if result.chosen is None:
        assert result.conflict
        assert all(option.removed_by for option in result.ranking)
    else:
        assert result.chosen.removed_by is None
        assert result.chosen is result.ranking[0]


@given(profiles, st.sampled_from(FAMILIES))
@MANY
def test_removing_an_option_never_changes_the_order_of_the_others(
    profile: Profile, family: str
) -> None:
    others = [each for each in FAMILIES if each != family]

    without = left_of(rank(profile, read_prices(), others))

    assert without == [each for each in ranked(profile) if each != family]


@given(profiles)
@MANY
def test_more_administrators_never_speak_against_own_servers(profile: Profile) -> None:
    """Neither their points nor their place among the others get worse."""
    for family in ("own", "rented"):
        places, scores = [], []
        for ops in CHOICES["ops"]:
            ranking = rank(replace(profile, ops=ops), read_prices())
            mine = [option for option in ranking if option.family == family]
            if mine[0].removed_by is None and mine[0].topology.id != "aws-vm-single":
                managed = [
                    option
                    for option in ranking
                    if option.removed_by is None and not option.topology.is_self_run
                ]
                places.append(sum(option.score > mine[0].score for option in managed))
                scores.append(mine[0].score)
        assert scores == sorted(scores)
        assert places == sorted(places, reverse=True)


@given(profiles)
@MANY
def test_a_stricter_data_rule_never_adds_an_option(profile: Profile) -> None:
    before: set[str] | None = None
    for rule in CHOICES["data_rule"]:
        now = set(ranked(replace(profile, data_rule=rule)))
        assert before is None or now <= before
        before = now


@given(profiles)
@MANY
def test_a_higher_budget_never_removes_an_option(profile: Profile) -> None:
    before: set[str] = set()
    for budget in CHOICES["budget"]:
        now = set(ranked(replace(profile, budget=budget)))
        assert before <= now
        before = now


@given(answers(), st.randoms(use_true_random=False))
@MANY
def test_the_order_of_answers_is_irrelevant(
    given_answers: dict[str, Any], dice: random.Random
) -> None:
    items = list(given_answers.items())
    dice.shuffle(items)
    shuffled = {
        key: dice.sample(value, len(value)) if isinstance(value, list) else value
        for key, value in items
    }

    assert make_profile(shuffled) == make_profile(given_answers)


@given(profiles)
@FEW
def test_a_reported_flip_really_flips(profile: Profile) -> None:
    result = recommend(profile)
    chosen = result.chosen.family if result.chosen else None
    changed = {(question, answer): other for _, question, answer, other in changes_of(profile)}

    for flip in result.flips:
        again = recommend(changed[flip.question, flip.answer]).chosen
        assert (again.family if again else None) != chosen
        assert (again.topology.name if again else "none") == flip.becomes


@given(profiles)
@MANY
def test_every_total_is_the_sum_of_its_printed_lines(profile: Profile) -> None:
    for option in json_of(recommend(profile), TODAY)["ranking"]:
        assert option["monthly_usd"] == round(sum(line["usd"] for line in option["lines"]), 2)
        assert option["upfront_usd"] == round(
            sum(line["usd"] for line in option["upfront_lines"]), 2
        )


@given(profiles)
@MANY
def test_points_are_on_their_scale_and_weights_are_a_hundred(profile: Profile) -> None:
    for option in rank(profile, read_prices()):
        if option.removed_by is None:
            assert all(0 <= each.points <= 10 for each in option.contributions)
            assert abs(sum(each.weight for each in option.contributions) - 100) < 0.01


@given(profiles)
@MANY
def test_nobody_is_given_a_server_to_run_where_another_hosting_is_left(profile: Profile) -> None:
    result = recommend(replace(profile, ops="nobody"))
    left = [option for option in result.ranking if option.removed_by is None]

    if result.chosen is not None and result.chosen.topology.is_self_run:
        assert all(option.topology.is_self_run for option in left)
        assert result.conflict is not None


@given(profiles)
@MANY
def test_what_is_paid_up_front_counts_against_the_budget(profile: Profile) -> None:
    most = BUDGET_USD[profile.budget] * BUDGET_TOLERANCE
    for option in rank(profile, read_prices()):
        if option.removed_by is None:
            assert option.bill.monthly_usd + option.bill.upfront_usd / 36 <= most


@given(profiles)
@FEW
def test_a_flip_names_no_programme_of_another_country(profile: Profile) -> None:
    for flip in recommend(profile).flips:
        if flip.question == "rules" and flip.answer.startswith("with "):
            bound = read_programmes()[flip.answer.removeprefix("with ")]["jurisdiction"]
            assert bound in ("any", profile.country, "EU")
