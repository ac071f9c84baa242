"""Where a profile may run: real regions, by country and law, with partitions where rules ask."""

from __future__ import annotations

from typing import Any

import pytest

from djscaffold.profile.model import make_profile
from djscaffold.strategy.model import Option
from djscaffold.strategy.recommend import recommend
from djscaffold.strategy.regions import find_place


def place(provider: str, partition: str = "", **answers: Any) -> str | None:
    region = find_place(make_profile(answers), provider, partition)
    return region.id if region else None


def option_called(family: str, **answers: Any) -> Option:
    ranking = recommend(make_profile(answers)).ranking
    return next(option for option in ranking if option.family == family)


@pytest.mark.parametrize(
    ("provider", "country", "region"),
    [
        ("aws", "FR", "eu-west-3"),
        ("azure", "FR", "francecentral"),
        ("gcp", "FR", "europe-west9"),
        ("aws", "GB", "eu-west-2"),
        ("azure", "CH", "switzerlandnorth"),
        ("gcp", "CA", "northamerica-northeast1"),
        ("aws", "AU", "ap-southeast-2"),
        ("azure", "BR", "brazilsouth"),
        ("gcp", "CL", "southamerica-west1"),
    ],
)
def test_a_data_rule_keeps_the_data_in_the_country(
    provider: str, country: str, region: str
) -> None:
    assert place(provider, country=country, data_rule="region") == region


def test_the_eu_is_one_law_for_a_member_without_a_region() -> None:
    assert place("aws", country="CZ", data_rule="region") == "eu-central-1"


def test_a_continent_is_not_a_law() -> None:
    """Kenyan data in South Africa has left the country, however near it is."""
    assert place("aws", country="KE", data_rule="region", users=["africa"]) is None
    assert place("aws", country="KE", users=["africa"]) == "af-south-1"


def test_a_dear_region_is_not_the_first_choice_without_a_rule() -> None:
    """West Europe costs 1.4 times North Europe for the same container."""
    assert place("azure", country="NL") == "northeurope"
    assert place("azure", country="NL", data_rule="region") == "westeurope"


def test_a_region_without_a_scheduler_gives_way_if_jobs_are_scheduled() -> None:
    assert place("gcp", country="FR", needs=["scheduled_jobs"]) == "europe-west1"


def test_the_organisation_decides_among_several_areas_of_users() -> None:
    assert place("aws", country="US", users=["eu", "us"]) == "us-east-1"
    assert place("aws", country="BE", users=["eu", "us"]) == "eu-central-1"


def test_govcloud_is_where_fedramp_high_leads() -> None:
    option = option_called(
        "aws", country="US", users=["us"], rules=["fedramp_high"], budget="1000_5000"
    )

    assert option.topology.id == "aws-govcloud-ha"
    assert option.region is not None
    assert option.region.id == "us-gov-west-1"


def test_azure_government_uses_app_service() -> None:
    """Container Apps is only a preview there."""
    option = option_called("azure", country="US", users=["us"], rules=["cjis"], budget="1000_5000")

    assert option.topology.id == "azure-appservice-gov-ha"
    assert option.region is not None
    assert option.region.id == "usgovvirginia"


def test_china_is_served_from_inside() -> None:
    answers = {"country": "CN", "users": ["cn"], "budget": "250_1000"}

    assert option_called("aws", **answers).modifiers == ("partition=aws-cn",)
    assert option_called("gcp", **answers).removed_by is not None
    assert option_called("rented", **answers).removed_by is not None


def test_secnumcloud_leaves_no_american_cloud() -> None:
    answers = {"country": "FR", "rules": ["secnumcloud"], "budget": "1000_5000"}

    assert option_called("aws", **answers).removed_by is not None
    assert option_called("aws-eusc", **answers).removed_by is not None
    assert option_called("azure", **answers).removed_by is not None
    assert option_called("gcp", **answers).topology.id == "gcp-s3ns"


def test_the_law_of_the_operator_counts_not_the_place_of_the_machines() -> None:
    swiss = option_called("aws", country="CH", users=["ch"], data_rule="own_law_only")
    american = option_called("aws", country="US", users=["us"], data_rule="own_law_only")

    assert swiss.removed_by is not None
    assert swiss.removed_by.rule == "foreign_law"
    assert american.removed_by is None


def test_the_sovereign_cloud_is_dearer_and_only_for_the_eu() -> None:
    answers = {"users": ["eu"], "downtime": "unacceptable", "budget": "250_1000"}
    german = option_called("aws-eusc", country="DE", data_rule="region", **answers)
    public = option_called("aws", country="DE", data_rule="region", **answers)

    assert german.removed_by is None
    assert german.bill.monthly_usd > public.bill.monthly_usd
    assert option_called("aws-eusc", country="US", **answers).removed_by is not None


@pytest.mark.parametrize(
    ("provider", "answers", "region"),
    [
        ("gcp", {"country": "AU", "users": ["apac"]}, "australia-southeast1"),
        ("gcp", {"country": "AE", "users": ["me"]}, "me-central1"),
        ("aws", {"country": "NO", "data_rule": "region"}, "eu-central-1"),
        ("aws", {"country": "LI", "data_rule": "region"}, "eu-central-1"),
    ],
)
def test_near_the_users_is_the_country_before_the_price_list(
    provider: str, answers: dict[str, Any], region: str
) -> None:
    assert place(provider, **answers) == region


def test_a_site_of_a_chinese_office_is_in_china() -> None:
    assert place("aws", "aws-cn", country="CN", users=["own_site"]) == "cn-north-1"
    assert place("aws", country="CN", users=["own_site"]) is None


@pytest.mark.parametrize("country", ["GB", "CH", "PL"])
def test_a_small_budget_leads_to_a_cheaper_region_of_the_same_continent(country: str) -> None:
    answers = make_profile({"country": country, "users": ["own_site"]})

    region = find_place(answers, "gcp", cheapest=True)

    assert region is not None
    assert region.id == "europe-west1"
