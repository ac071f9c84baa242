"""Every figure has a source, a date and a confidence; every name in the tables exists."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from djscaffold.profile.model import CHOICES, KEYS
from djscaffold.profile.questions import COUNT, read_questions
from djscaffold.strategy.catalogue import (
    UNKNOWN_DATE,
    Topology,
    read_agreements,
    read_data,
    read_prices,
    read_programmes,
    read_topologies,
)
from djscaffold.strategy.criteria import POINTS, read_criteria
from djscaffold.strategy.generated import GENERATED, INSTEAD
from djscaffold.strategy.must_know import CHECKS
from djscaffold.strategy.regions import FAVOURITES, find_region, read_regions
from djscaffold.strategy.sizing import care_of, load_of, scales_of

PRICES = list(read_prices().facts.values())
RETIRED = ("app runner", "apprunner", "copilot", "azure cache for redis")


def is_a_date(text: str) -> bool:
    return text == UNKNOWN_DATE or date.fromisoformat(text) <= date(2100, 1, 1)


def test_every_price_has_a_source_a_date_and_a_confidence() -> None:
    wrong = [
        price.id
        for price in PRICES
        if not price.source_title
        or price.confidence not in ("high", "medium", "low")
        or not is_a_date(price.as_of)
        or price.value < 0
        or not price.unit
    ]

    assert wrong == []


def test_no_price_is_listed_twice_for_a_region() -> None:
    rows = [(fact["id"], fact["region"]) for fact in read_data("prices")["facts"]]

    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("table", ["regions", "compliance", "sla"])
def test_the_other_tables_name_their_sources_with_dates(table: str) -> None:
    sources = read_data(table)["sources"]

    assert sources
    assert all(source["title"] and is_a_date(str(source["as_of"])) for source in sources.values())


def test_every_agreement_names_a_source_of_its_table() -> None:
    sources = read_data("sla")["sources"]

    assert [each for each in read_agreements().values() if each["source"] not in sources] == []


def test_every_programme_says_where_each_place_stands() -> None:
    statuses = {"available", "partition", "partner", "no", "preview", "customer", "not_applicable"}
    told = {
        (name, place, programme[place]["status"])
        for name, programme in read_programmes().items()
        if name != "none"
        for place in ("aws", "azure", "gcp", "onprem")
    }

    assert {each for each in told if each[2] not in statuses} == set()
    assert {name for name, _, _ in told} == set(CHOICES["rules"]) - {"none"}


@pytest.mark.parametrize("topology", read_topologies(), ids=lambda each: each.name)
def test_a_topology_names_only_what_exists(topology: Topology) -> None:
    known = set(read_prices().ids())
    scales = scales_of(topology, load_of(_profile()))
    lines = [*topology.bom, *topology.capex]

    assert {line["fact"] for line in lines} <= known
    assert {topology.labour, *([topology.factor] if topology.factor else [])} <= known
    assert {line.get("scale", "fixed") for line in lines} <= set(scales)
    assert {line.get("only", "jobs") for line in lines} <= {"jobs", "beat", "broker"}
    assert set(topology.sla) <= set(read_agreements())
    assert topology.carries in CHOICES["size"]
    assert topology.outage in CHOICES["downtime"]
    assert topology.id in GENERATED


@pytest.mark.parametrize("topology", read_topologies(), ids=lambda each: each.name)
def test_a_topology_can_be_judged_by_every_criterion(topology: Topology) -> None:
    criteria = read_criteria()
    place = topology.partition or topology.family
    kinds = {care_of(topology, size)[0] for size in CHOICES["size"]}

    assert set(criteria) == set(POINTS)
    assert sum(each["weight"] for each in criteria.values()) == 100
    assert all(set(criteria["care"]["points"][kind]) == set(CHOICES["ops"]) for kind in kinds)
    assert set(criteria["elasticity"]["points"][topology.elasticity]) == set(CHOICES["traffic"])
    assert place in criteria["governance"]["base"]


def test_nothing_retired_can_be_recommended() -> None:
    """Their names appear in warnings only."""
    told = " ".join(f"{each.id} {each.what} {each.bom}" for each in read_topologies()).lower()

    assert [name for name in RETIRED if name in told] == []
    assert not any("redis_cache" in line["fact"] for each in read_topologies() for line in each.bom)


def test_the_table_of_rendered_topologies_holds_no_stranger() -> None:
    assert set(GENERATED) == {topology.id for topology in read_topologies()}


def test_the_questions_are_the_keys_of_the_profile_with_all_their_answers() -> None:
    questions = read_questions()

    assert set(questions) == set(KEYS)
    assert {
        key: tuple(each.value for each in question.choices)
        for key, question in questions.items()
        if key != "country"
    } == {**CHOICES, **_in_asking_order(questions)}
    assert {question.number for question in questions.values()} == set(range(1, COUNT + 1))
    assert all(
        choice.label and choice.leads_to for each in questions.values() for choice in each.choices
    )


def test_every_favourite_region_exists_and_is_open() -> None:
    named = {name for table in FAVOURITES.values() for name in table.values()}

    assert [name for name in named if find_region(name) is None] == []


def test_classified_partitions_are_not_even_read() -> None:
    assert not any(region.partition.startswith("aws-iso") for region in read_regions())


def test_must_know_rows_use_conditions_that_exist() -> None:
    option_keys = {"strategy", "family", "topology", "class", "partition", "modifiers"}
    special = {"air_gapped", "machines", "check", "at_least"}
    rows = read_data("must_know")["sentences"]
    keys = {key.removeprefix("not_") for row in rows for key in row["when"]}

    assert keys <= option_keys | special | set(KEYS)
    assert {row["when"]["check"] for row in rows if "check" in row["when"]} == set(CHECKS)
    assert len({row["id"] for row in rows}) == len(rows)


def _profile() -> Any:
    from djscaffold.profile.model import make_profile

    return make_profile({})


def _in_asking_order(questions: Any) -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(choice.value for choice in each.choices)
        for key, each in questions.items()
        if key != "country" and {choice.value for choice in each.choices} == set(CHOICES[key])
    }


def test_what_is_not_generated_says_what_to_do_instead() -> None:
    """And names only topologies that are."""
    assert set(INSTEAD) == {name for name, written in GENERATED.items() if not written}
    for sentence in INSTEAD.values():
        named = {name for name in GENERATED if f"--topology {name}" in sentence}
        assert named, sentence
        assert all(GENERATED[name] for name in named)
