"""Which queues a worker has to serve."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from djscaffold.facts.model import Found
from djscaffold.facts.project import ProjectFacts

CELERY = 'from celery import Celery\napp = Celery("shop")\n'
REQUIREMENTS = "Django==5.2.1\ncelery==5.5.3\n"
ROUTES = 'CELERY_TASK_ROUTES = {"shop.tasks.send": {"queue": "mail"}, "shop.tasks.wait": {}}\n'


@pytest.mark.parametrize(
    ("settings", "more", "queues"),
    [
        ("", {}, ()),
        ('CELERY_TASK_DEFAULT_QUEUE = "shop"\n', {}, ("shop",)),
        (ROUTES, {}, ("celery", "mail")),
        (ROUTES + 'CELERY_TASK_DEFAULT_QUEUE = "shop"\n', {}, ("shop", "mail")),
        (ROUTES, {"Procfile": "worker: celery -A shop worker -Q mail,slow\n"}, ("mail", "slow")),
    ],
)
def test_queues_of_routes_are_served_unless_a_command_names_them(
    read_settings: Callable[..., ProjectFacts],
    settings: str,
    more: dict[str, str],
    queues: tuple[str, ...],
) -> None:
    """A worker that is told nothing serves the default queue alone: routed tasks would wait."""
    files = {"shop/celery.py": CELERY, "requirements.txt": REQUIREMENTS, **more}

    facts = read_settings(settings, **files)

    assert isinstance(facts.task_queue, Found)
    assert facts.task_queue.value.queues == queues
