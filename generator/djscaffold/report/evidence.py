"""The short table before any question: what was read, and where it says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from djscaffold.facts.model import Ambiguous, Found, Place
from djscaffold.facts.project import ProjectFacts
from djscaffold.findings.model import Finding

Words = Callable[[Any], str]

_ROWS: tuple[tuple[str, str, Words], ...] = (
    ("Django", "django_version", str),
    ("project", "project_root", lambda value: "top folder" if value == "." else f"{value}/"),
    ("settings", "production_settings", str),
    ("WSGI", "wsgi_application", str),
    ("ASGI", "asgi_application", str),
    ("database", "database", lambda value: value.engine or "not known"),
    ("cache", "cache", lambda value: value.backend or "Django's default"),
    ("jobs", "task_queue", lambda value: _jobs(value)),
    ("uploads", "media", lambda value: "yes" if value.takes_uploads else "no"),
    ("dependencies", "dependency_manager", str),
    ("Python", "python_version", str),
    ("front end", "frontend", lambda value: value.build or value.manager or "to be built"),
)


def print_evidence(
    console: Console,
    facts: ProjectFacts,
    findings: Sequence[Finding],
    *,
    seconds: float,
    said: Mapping[str, str],
) -> None:
    """Print what was read with file and line, and what would break production.

    *said* tells of facts that nobody read where they come from, by the fact's name.
    """
    console.print(
        "djscaffold writes deployment files; it deploys nothing and runs none of your code.\n"
    )
    console.print(f"Read in {seconds:.1f} s")
    rows = [
        _row(label, getattr(facts, name), words, said.get(name, "")) for label, name, words in _ROWS
    ]
    shown = [row for row in rows if row]
    width = max((len(value) for _, value, _ in shown), default=0)
    for label, value, where in shown:
        style = "yellow" if label.startswith("?") else ""
        console.print(
            Text.assemble(f"{label:<15}", (f"{value:<{width}}", style), (f"   {where}", "dim"))
        )
    _print_findings(console, findings)


def _row(label: str, reading: Any, words: Words, said: str) -> tuple[str, str, str] | None:
    """Return label, value and evidence; nothing for what is absent or switched off."""
    match reading:
        case Found(value, places) if _says_something(value):
            return f"  {label}", words(value), _where(places) or said
        case Ambiguous(candidates, _):
            values = " or ".join(dict.fromkeys(words(one.value) for one in candidates))
            places = tuple(place for one in candidates for place in one.evidence[:1])
            return f"? {label}", values, _where(places)
        case _:
            return None


def _says_something(value: Any) -> bool:
    """Return whether a value is worth a line: not "no task queue", not "no front end"."""
    return bool(getattr(value, "library", True)) and bool(getattr(value, "needed", True))


def _jobs(value: Any) -> str:
    parts = [value.library or "", "with a schedule" if value.beat else "", value.broker or ""]
    return ", ".join(part for part in parts if part)


def _where(places: Sequence[Place]) -> str:
    return ", ".join(str(place) for place in places[:2])


def _print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print what would break production, what is not handled with its fix, and count the rest."""
    errors = [finding for finding in findings if finding.severity == "error"]
    rest = [finding for finding in findings if finding.severity != "error"]
    handled = sum(finding.handled for finding in errors)
    if errors:
        console.print(
            f"\nWould break or endanger production: {len(errors)}, of which {handled} "
            "are taken care of by what will be written"
        )
    for finding in sorted(errors, key=lambda finding: finding.handled):
        mark, style = ("ok", "green") if finding.handled else ("! ", "yellow")
        where = (f"   {_where(finding.evidence)}", "dim")
        console.print(Text.assemble((f"  {mark} ", style), finding.message, where))
        if not finding.handled:
            console.print(Text(f"     {finding.fix}", style="dim"))
    if rest:
        console.print(f"  and {len(rest)} risks and notes: djscaffold inspect", style="dim")
    console.print()
