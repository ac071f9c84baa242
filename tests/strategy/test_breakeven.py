"""When money up front pays back."""

from __future__ import annotations

import pytest

from djscaffold.profile.model import make_profile
from djscaffold.strategy.breakeven import crossing, in_words
from djscaffold.strategy.costs import cash_series, labour_series
from djscaffold.strategy.model import MONTHS
from djscaffold.strategy.recommend import recommend


def test_lines_cross_in_the_first_month_in_which_the_dear_one_is_no_dearer() -> None:
    assert crossing((1000, 0), (0, 100)) == 10
    assert crossing((1001, 0), (0, 100)) == 11
    assert crossing((0, 10), (0, 20)) == 0


def test_never_is_said_in_words() -> None:
    assert crossing((10000, 100), (0, 100)) is None
    assert in_words((None, None, None)) == "never within 36 months"
    assert in_words((6, 9, 15)) == "between month 6 and 15"
    assert in_words((30, None, None)).endswith("else never within 36 months")


def test_a_small_site_never_pays_back_a_server_of_its_own() -> None:
    """The honest picture, drawn even where no hardware may be bought."""
    result = recommend(make_profile({}))

    own = next(each for each in result.break_even if each.option == "onprem-single")
    assert own.cash == (None, None, None)
    assert "never within 36 months" in own.words


def test_a_large_steady_staffed_site_pays_back_a_rack_within_about_a_year() -> None:
    result = recommend(
        make_profile(
            {
                "users": ["us"],
                "country": "US",
                "size": "large",
                "traffic": "daily_peaks",
                "ops": "admin_team",
                "budget": "1000_5000",
                "buy_hardware": "yes",
                "needs": ["background_jobs"],
            }
        )
    )

    rack = next(each for each in result.break_even if "aws" in each.against + each.option)
    assert rack.cash[1] is not None
    assert 8 <= rack.cash[1] <= 12
    assert rack.with_labour[1] is not None
    assert rack.with_labour[1] >= rack.cash[1]


@pytest.mark.parametrize("ops", ["nobody", "admin_team"])
def test_series_start_with_the_money_up_front_and_grow_by_the_month(ops: str) -> None:
    for option in recommend(make_profile({"ops": ops})).compared:
        cash, labour = cash_series(option.bill), labour_series(option.bill)
        assert len(cash) == len(labour) == MONTHS + 1
        assert cash[0] == labour[0] == option.bill.upfront_usd
        assert cash[1] - cash[0] == pytest.approx(option.bill.monthly_usd, abs=0.02)
        assert labour[-1] >= cash[-1]
