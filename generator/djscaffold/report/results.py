"""Results of checks, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from djscaffold.verify.model import CheckResult

MARKS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}
WIDTH = max(len(mark) for mark in MARKS.values())


def results_text(results: Iterable[CheckResult]) -> str:
    """Return one line for each check, the tool's words under what failed, and the sum."""
    results = tuple(results)
    lines: list[str] = []
    for check, group in groupby(results, key=lambda result: result.check):
        lines += _check_lines(check, tuple(group))
    return "\n".join([*lines, "", _sum(results)])


def results_json(results: Iterable[CheckResult]) -> dict[str, Any]:
    """Return the document of ``verify --format json``."""
    results = tuple(results)
    return {
        "schema": 1,
        "passed": _count(results, "passed"),
        "failed": _count(results, "failed"),
        "skipped": _count(results, "skipped"),
        "results": [
            {
                "check": result.check,
                "status": result.status,
                "subject": result.subject,
                "words": result.words,
            }
            for result in results
        ],
    }


def _check_lines(check: str, results: tuple[CheckResult, ...]) -> list[str]:
    passed = [result.subject for result in results if result.status == "passed"]
    lines = []
    if passed:
        subject = passed[0] if len(set(passed)) == 1 else f"{len(passed)} subjects"
        lines.append(_line("passed", check, subject))
    for result in results:
        if result.status == "skipped":
            lines.append(_line("skipped", check, result.words))
        if result.status == "failed":
            lines.append(_line("failed", check, result.subject))
            lines += [f"{'':{WIDTH}}    {line}" for line in result.words.splitlines()]
    return lines


def _line(status: str, check: str, rest: str) -> str:
    return f"{MARKS[status]:{WIDTH}}  {check:<18}{rest}"


def _sum(results: tuple[CheckResult, ...]) -> str:
    counts = [(_count(results, status), status) for status in ("passed", "failed", "skipped")]
    return ", ".join(f"{count} {status}" for count, status in counts)


def _count(results: tuple[CheckResult, ...], status: str) -> int:
    return sum(result.status == status for result in results)
