"""A whole project, read once."""

from __future__ import annotations

from collections.abc import Callable

from djscaffold.facts.model import Found, Place
from djscaffold.facts.project import ProjectFacts


def test_a_plain_project_is_read(read_settings: Callable[..., ProjectFacts]) -> None:
    facts = read_settings('import os\nSECRET_KEY = os.environ["KEY"]\n')

    assert facts.production_settings == Found(
        "shop.settings", (Place("manage.py", 2), Place("shop/wsgi.py", 2))
    )
    assert facts.wsgi_application == Found("shop.wsgi:application", (Place("shop/wsgi.py", 4),))
    assert isinstance(facts.env_vars, Found)
    assert [(one.name, one.required) for one in facts.env_vars.value] == [("KEY", True)]
