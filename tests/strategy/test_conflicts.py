"""Answers that exclude each other: named one by one, with honest ways out."""

from __future__ import annotations

from typing import Any

from djscaffold.profile.model import make_profile
from djscaffold.strategy.recommend import recommend


def conflict_of(**answers: Any) -> str:
    return recommend(make_profile(answers)).conflict or ""


def test_only_the_rule_that_excludes_is_named() -> None:
    said = conflict_of(
        users=["us"],
        country="US",
        rules=["fedramp_high", "soc2", "secnumcloud"],
        budget="over_5000",
    )

    assert "SecNumCloud" in said
    assert "FedRAMP" in said
    assert "SOC 2" not in said


def test_a_way_out_that_is_bought_names_the_money_up_front() -> None:
    said = conflict_of(
        users=["own_site"], country="DE", data_rule="own_building", ops="one_admin", size="small",
        buy_hardware="no", budget="250_1000", traffic="steady",
    )  # fmt: skip

    assert "hardware may be bought" in said
    assert "USD up front" in said


def test_a_server_that_nobody_runs_is_named_only_where_nothing_else_is_left() -> None:
    calm: dict[str, Any] = {"users": ["eu"], "country": "HR", "size": "tiny", "ops": "nobody"}

    assert conflict_of(**calm, hosting_now="spare_server", budget="10_50") == ""
    assert "Nobody looks after servers" in conflict_of(**calm, data_rule="own_law_only")
