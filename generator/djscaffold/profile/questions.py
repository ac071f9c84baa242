"""The twelve questions as data: wording, choices, and what each choice leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from djscaffold.profile.model import CHOICES, Profile
from djscaffold.yaml_text import load_yaml

COUNT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer: its value, its label, and the sentence on what it leads to."""

    value: str
    label: str
    leads_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One key of the profile as it is asked."""

    key: str
    number: int
    ask: str
    why: str
    choices: tuple[Choice, ...]
    is_several: bool
    default: object


@cache
def read_questions() -> Mapping[str, Question]:
    """Return the questions by key, in the order in which they are asked."""
    path = Path(__file__).with_name("questions.yaml")
    raw = load_yaml(path.read_text(encoding="utf-8"))
    defaults = Profile()
    return {
        each["key"]: Question(
            key=each["key"],
            number=each["number"],
            ask=each["ask"],
            why=each["why"],
            choices=tuple(
                Choice(value=value, label=label, leads_to=leads_to)
                for value, (label, leads_to) in each.get("choices", {}).items()
            ),
            is_several=each.get("several", False),
            default=getattr(defaults, each["key"]),
        )
        for each in raw["questions"]
    }


def label_of(key: str, value: str) -> str:
    """Return an answer as people read it: ``peaks by day`` for ``daily_peaks``."""
    if key not in CHOICES:
        return value
    found = (choice.label for choice in read_questions()[key].choices if choice.value == value)
    return next(found, value)
