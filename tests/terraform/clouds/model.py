"""What the tests know about one cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from covertable import make

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[3]
Answers = dict[str, Any]

# Ways to answer that are the same on Azure and on Google Cloud.
DATABASES: list[Answers] = [
    {"database_engine": "postgresql"},
    {"database_engine": "postgis", "env_names": {"database_url": "DB_URL"}},
    {
        "database_engine": "mysql",
        "env_names": {"database_name": "DB_NAME", "database_password": "DB_PASS"},
    },
]
JOBS: list[Answers] = [
    {},
    {"task_library": "celery", "task_app": "shop.celery", "task_broker": "redis"},
    {
        "task_library": "celery",
        "task_app": "shop.celery",
        "uses_beat": True,
        "task_broker": "rabbitmq",
    },
    {"task_library": "django-tasks"},
]
COMMANDS: list[Answers] = [
    {},
    {
        "periodic_commands": [
            {"name": "clearsessions", "command": "clearsessions", "schedule": "daily"},
            {"name": "report", "command": "send --all", "schedule": "Mon *-*-* 04:30:00"},
        ],
        "env_vars": [{"name": "PAY_KEY", "required": True, "default": "", "where": "s.py:1"}],
        "domain_aliases": ["www.shop.example.org"],
    },
]


@dataclass(frozen=True)
class Cloud:
    """One platform: *answers* of every case, *options* (each a list of ways to answer).

    The key ``vars`` of an option is no answer: its items are given to terraform as ``-var``.
    *needed* returns further ones, which follow from the answers; *rich* is everything at once.
    """

    platform: str
    answers: Answers
    options: Mapping[str, list[Answers]]
    rich: Answers
    needed: Callable[[Answers], list[str]]

    def choices(self, strength: int) -> list[dict[str, int]]:
        """Return cases in which each *strength* ways to answer meet at least once.

        A case is option -> number of the way. A covering array; the same one every time.
        """
        numbers = [list(range(len(ways))) for ways in self.options.values()]
        return [dict(zip(self.options, row, strict=True)) for row in make(numbers, strength)]

    def cases(self, strength: int) -> list[Answers]:
        """Return the answers of these choices."""
        return [self._answers(chosen) for chosen in self.choices(strength)]

    def topologies(self) -> list[Answers]:
        """Return everything at once, in each topology that the options name."""
        named = [way for ways in self.options.values() for way in ways if "topology" in way]
        return [{**self.rich, **way} for way in named]

    def write(self, folder: Path, answers: Answers) -> Path:
        """Render the site with *answers* into *folder*; return its Terraform."""
        answered = {name: value for name, value in answers.items() if name != "vars"}
        for file in render_files(
            {"platform": self.platform, **self.answers, **answered}, template=ROOT
        ):
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)
            target.chmod(0o755 if file.executable else 0o644)
        return folder / "deploy/terraform"

    def arguments(self, answers: Answers) -> list[str]:
        """Return the ``-var`` options of a case."""
        return [f"-var={each}" for each in [*answers.get("vars", []), *self.needed(answers)]]

    def _answers(self, chosen: Mapping[str, int]) -> Answers:
        answers: Answers = {}
        for option, way in chosen.items():
            answers |= self.options[option][way]
        return answers
