"""Names that are legal everywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from djscaffold.plan.names import MAX_LENGTH, RESERVED, project_slug, slug_of


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
