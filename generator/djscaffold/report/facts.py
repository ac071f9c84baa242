"""Facts and findings as JSON. Decides nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

from djscaffold.facts.model import Ambiguous, Found, Missing, Place
from djscaffold.facts.project import ProjectFacts
from djscaffold.findings import Finding

# Fields that are no readings: they serve plan and findings.
_INTERNAL = frozenset(
    {
        "env_roles",
        "installed_apps",
        "middleware",
        "observations",
        "packages",
        "settings",
        "warnings",
    }
)
# Parts of a value that the documented shapes do not have, and that say nothing more.
_LEFT_OUT = frozenset({"roles"})


def plain(value: Any) -> Any:
    """Return a fact's value as JSON knows it."""
    if isinstance(value, Place):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in dataclasses.fields(value) if one.name not in _LEFT_OUT]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def reading_as_json(reading: Any) -> dict[str, Any]:
    """Return a reading in the form of the documented JSON."""
    match reading:
        case Missing():
            return {"status": "missing", "looked_for": reading.looked_for}
        case Ambiguous():
            candidates = [
                {"value": plain(one.value), "evidence": plain(one.evidence)}
                for one in reading.candidates
            ]
            question = reading.question
            return {"status": "ambiguous", "candidates": candidates, "question": question}
    assert isinstance(reading, Found)
    evidence = plain(reading.evidence)
    return {"status": "found", "value": plain(reading.value), "evidence": evidence}


def facts_as_json(facts: ProjectFacts) -> dict[str, Any]:
    """Return all facts in the form of the documented JSON."""
    return {
        one.name: reading_as_json(getattr(facts, one.name))
        for one in dataclasses.fields(facts)
        if one.name not in _INTERNAL
    }


def inspection_as_json(facts: ProjectFacts, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Return the document that ``inspect --format json`` prints."""
    return {
        "schema": 1,
        "root": ".",
        "facts": facts_as_json(facts),
        "findings": [plain(finding) for finding in findings],
        "env_roles": dict(facts.env_roles),
        "warnings": [plain(warning) for warning in facts.warnings],
    }
