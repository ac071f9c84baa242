"""The JSON of an ``aws_iam_policy_document``, as the provider writes it."""

from __future__ import annotations

import json
from typing import Any


def policy_document(config: dict[str, Any]) -> str:
    """Return the policy that the statements of *config* make."""
    statements = [_statement(each) for each in config.get("statement") or []]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def _statement(given: dict[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": given.get("effect") or "Allow"}
    if given.get("sid"):
        statement["Sid"] = given["sid"]
    for name, key in (("actions", "Action"), ("resources", "Resource")):
        if given.get(name):
            statement[key] = _one_or_sorted(given[name])
    for principal in given.get("principals") or []:
        who = _one_or_sorted(principal["identifiers"])
        statement.setdefault("Principal", {})[principal["type"]] = who
    if (statement.get("Principal") or {}).get("*") == "*":
        statement["Principal"] = "*"
    for condition in given.get("condition") or []:
        tests = statement.setdefault("Condition", {}).setdefault(condition["test"], {})
        tests[condition["variable"]] = _one_or_sorted(condition["values"])
    return statement


def _one_or_sorted(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else sorted(values, reverse=True)
