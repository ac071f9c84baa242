"""The short table before any question: what was read, and where it says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from djscaffold.facts.model import Ambiguous, Found, Place
from djscaffold.facts.project import ProjectFacts

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
    ("uploads", "media", lambda value: "yes" if value.file_fields else "no"),
    ("dependencies", "dependency_manager", str),
    ("Python", "python_version", str),
    ("front end", "frontend", lambda value: value.build or value.manager or "to be built"),
)


def print_evidence(console: Console, facts: ProjectFacts, *, seconds: float) -> None:
    """Print what was read with file and line, before anything is asked."""
    console.print(
        "djscaffold writes deployment files; it deploys nothing and runs none of your code.\n"
    )
    console.print(f"Read in {seconds:.1f} s")
    table = Table.grid(padding=(0, 2))
    for label, name, words in _ROWS:
        row = _row(label, getattr(facts, name), words)
        if row:
            table.add_row(*row)
    console.print(table)


def _row(label: str, reading: Any, words: Words) -> tuple[str, Text, Text] | None:
    """Return label, value and evidence; nothing for what is absent or switched off."""
    match reading:
        case Found(value, places) if _says_something(value):
            return f"  {label}", Text(words(value)), Text(_where(places), style="dim")
        case Ambiguous(candidates, _):
            values = " or ".join(dict.fromkeys(words(one.value) for one in candidates))
            places = tuple(place for one in candidates for place in one.evidence[:1])
            return f"? {label}", Text(values, style="yellow"), Text(_where(places), style="dim")
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
