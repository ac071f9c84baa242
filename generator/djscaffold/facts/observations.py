"""Look for what only findings need: committed secrets, migrations, connections at import."""

from __future__ import annotations

from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.project import Observation
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source


def read_observations(
    source: Source, root: str, settings: Settings, dependencies: Dependencies
) -> tuple[Observation, ...]:
    """Return what was noticed, in a fixed order."""
    found = [
        Observation(kind="connects-at-import", subject=name, evidence=(place,))
        for name, place in settings.evaluation.connects
    ]
    return tuple(found)
