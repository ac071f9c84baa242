"""Names that are legal everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from djscaffold.errors import InvalidAnswer
from djscaffold.plan.names import MAX_LENGTH, RESERVED, project_slug, slug_of
from djscaffold.render.direct import check_answers

QUESTIONS = Path(__file__).parents[2] / "templates/_questions/project.yml"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("My Shop_2", "my-shop-2"),
        ("Größe", "groe"),
        ("42things", "app-42things"),
        ("日本", "app"),
        ("postgres", "postgres-site"),  # C08
        ("a" * 60, "a" * MAX_LENGTH),  # C07
    ],
)
def test_a_name_is_made_legal(text: str, slug: str) -> None:
    """A Linux user, a database role and a cloud resource must all accept it."""
    assert slug_of(text) == slug


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_a_legal_name(text: str) -> None:
    """Whatever the folder is called."""
    slug = slug_of(text)

    assert re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]|[a-z]", slug)
    assert len(slug) <= MAX_LENGTH
    assert slug not in RESERVED


def test_a_settings_package_that_says_nothing_gives_way_to_the_folder() -> None:
    """`config.settings.production` is in half of all projects."""
    assert project_slug("book-shop", "config.settings.production") == "book-shop"
    assert project_slug("checkout-3", "bookshop.settings") == "bookshop"


def test_the_validator_refuses_every_reserved_name_and_no_other() -> None:
    """Typed under `copier copy`, in --data or in a file: nobody gets by with User=postgres."""
    for name in RESERVED:
        with pytest.raises(InvalidAnswer, match=f"such as {name}-site"):
            check_answers({"platform": "onprem", "project_slug": name})
    question = yaml.safe_load(QUESTIONS.read_text())["project_slug"]
    assert re.search(r'in "([^"]+)"', question["validator"])[1].split() == sorted(RESERVED)
    check_answers({"platform": "onprem", "project_slug": "postgres-site"})


@pytest.mark.parametrize(
    ("platform", "length", "fits"),
    [("onprem", 31, True), ("onprem", 32, False), ("aws", 60, True), ("aws", 61, False)],
)
def test_a_slug_is_as_long_as_a_user_may_be(platform: str, length: int, fits: bool) -> None:
    answers = {"platform": platform, "project_slug": "a" * length}

    if fits:
        check_answers(answers)
    else:
        with pytest.raises(InvalidAnswer, match=f"at most {length - 1} characters"):
            check_answers(answers)


@pytest.mark.parametrize("version", ["3", "99", "3.99", "2.7", "three", "3.12.4", ""])
def test_a_python_that_does_not_exist_is_refused(version: str) -> None:
    """It used to end in a traceback of the templates."""
    with pytest.raises(InvalidAnswer, match=r"A version such as 3\.12"):
        check_answers({"python_version": version})
    check_answers({"python_version": "3.14"})
