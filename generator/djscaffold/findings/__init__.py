"""Rules over the facts: what would break or endanger production, where, and the fix.

A rule is a function from facts to a finding or None. To add one, write it in the module of its
subject, add it to that module's RULES, and give it a test beside tests/findings.
"""

from __future__ import annotations

from datetime import date

from djscaffold.facts.project import ProjectFacts
from djscaffold.findings import (
    data,
    debugging,
    hosts,
    packages,
    running,
    secrets,
    static,
    transport,
)
from djscaffold.findings.model import ERROR, NOTE, WARNING, Facts, Finding

RULES = (
    *secrets.RULES,
    *debugging.RULES,
    *hosts.RULES,
    *running.RULES,
    *data.RULES,
    *static.RULES,
    *packages.RULES,
    *transport.RULES,
)
_ORDER = {ERROR: 0, WARNING: 1, NOTE: 2}


def find_all(facts: ProjectFacts, *, today: date | None = None) -> tuple[Finding, ...]:
    """Return all findings, the gravest first; *today* is compared with end-of-life dates."""
    asked = Facts(facts, today or date.today())
    found = [finding for rule in RULES if (finding := rule(asked)) is not None]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


__all__ = ["RULES", "Finding", "find_all"]
