"""Which paths answer health checks, in the spellings of real URL configurations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from djscaffold.facts.model import Found
from djscaffold.facts.project import ProjectFacts

ReadSettings = Callable[..., ProjectFacts]


@pytest.mark.parametrize(
    ("route", "paths"),
    [
        ('path("healthz", views.health)', ("/healthz",)),
        ('path("health/", include("health_check.urls"))', ("/health/",)),
        # A package that nobody here has heard of answers at its prefix.
        ('path("health/", include("watchman.urls"))', ("/health/",)),
        # The project's own is read instead.
        ('path("health/", include("shop.records"))', ("/health/livez",)),
    ],
)
def test_a_path_that_answers_health_checks(
    read_settings: ReadSettings, route: str, paths: tuple[str, ...]
) -> None:
    files = {
        "shop/urls.py": f"urlpatterns = [{route}]\n",
        "shop/records.py": 'urlpatterns = [path("livez", views.live), path("x/", views.x)]\n',
    }

    reading = read_settings("", **files).health_paths

    assert (reading.value if isinstance(reading, Found) else ()) == paths
