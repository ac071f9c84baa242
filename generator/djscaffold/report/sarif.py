"""Findings as SARIF 2.1.0, the form in which code hosts show them beside the lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from djscaffold import __version__
from djscaffold.facts.model import Place
from djscaffold.findings import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def findings_as_sarif(findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Return one SARIF run; severities are SARIF's own: error, warning, note."""
    rules = {finding.id: finding for finding in findings}
    driver = {
        "name": "djscaffold",
        "version": __version__,
        "rules": [_rule(rules[name]) for name in sorted(rules)],
    }
    run = {"tool": {"driver": driver}, "results": [_result(one) for one in findings]}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    words = finding.id.replace("-", " ")
    return {
        "id": finding.id,
        "name": "".join(word.capitalize() for word in words.split()),
        "shortDescription": {"text": words.capitalize()},
        "help": {"text": finding.fix},
        "defaultConfiguration": {"level": finding.severity},
    }


def _result(finding: Finding) -> dict[str, Any]:
    handled = " The rendered deployment files take care of it." if finding.handled else ""
    return {
        "ruleId": finding.id,
        "level": finding.severity,
        "message": {"text": f"{finding.message} Fix: {finding.fix}{handled}"},
        "locations": [_location(place) for place in finding.evidence],
        "properties": {"handled": finding.handled},
    }


def _location(place: Place) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.path), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": max(place.line, 1)},
        }
    }
