"""What a rule says: which danger, where, what happens in production, and the fix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from djscaffold.facts.model import Found, Place, Reading
from djscaffold.facts.project import Observation, Package, ProjectFacts, Setting

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that would break or endanger production; ``handled`` if our files see to it."""

    id: str
    severity: str
    message: str
    evidence: tuple[Place, ...]
    fix: str
    handled: bool = False


class Facts:
    """The facts of a project, by the questions that rules ask of them."""

    def __init__(self, project: ProjectFacts, today: date) -> None:
        """Keep the facts, and the day that end-of-life dates are compared with."""
        self.project = project
        self.today = today

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """Return the production settings by name."""
        return {setting.name: setting for setting in self.project.settings}

    @cached_property
    def packages(self) -> dict[str, Package]:
        """Return the packages of a production install by name."""
        return {package.name: package for package in self.project.packages}

    @property
    def was_read(self) -> bool:
        """Return whether the production settings could be read at all."""
        return len(self.project.settings) > 2

    def value(self, name: str, default: Any = None) -> Any:
        """Return what a setting is while no variable is set, or *default* if it is not there."""
        setting = self.settings.get(name)
        if setting is None:
            return default
        return setting.value if setting.known else setting.default

    def is_from_env(self, name: str) -> bool:
        """Return whether a setting can be decided by the environment."""
        return name in self.settings and bool(self.settings[name].env)

    def where(self, *names: str) -> tuple[Place, ...]:
        """Return where settings are assigned; the first line of their file if they are not."""
        found = [
            place
            for name in names
            if name in self.settings
            for place in self.settings[name].evidence
        ]
        if found:
            return tuple(found)
        known = self.settings.get("INSTALLED_APPS") or self.settings.get("ROOT_URLCONF")
        return (Place(known.evidence[0].path, 1),) if known else ()

    def seen(self, kind: str) -> list[Observation]:
        """Return what was observed of one kind."""
        return [one for one in self.project.observations if one.kind == kind]


def value_of(reading: Reading[Any]) -> Any:
    """Return the value of a fact, or None if it is missing or a question."""
    return reading.value if isinstance(reading, Found) else None


def places_of(reading: Reading[Any]) -> tuple[Place, ...]:
    """Return where a fact is stated."""
    return reading.evidence if isinstance(reading, Found) else ()
