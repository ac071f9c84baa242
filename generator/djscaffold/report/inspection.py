"""What ``inspect`` prints for people: open questions first, then facts, then findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from djscaffold.facts.model import Ambiguous, Found, Place
from djscaffold.facts.project import ProjectFacts
from djscaffold.findings import Finding

_LABEL = 22
_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Project",
        (
            ("project_root", "folder"),
            ("django_version", "Django"),
            ("python_version", "Python"),
            ("dependency_manager", "dependencies"),
            ("dependency_files", "installed from"),
            ("dependency_groups", "groups"),
            ("dependency_extras", "extras"),
            ("system_packages", "system packages"),
        ),
    ),
    (
        "Settings",
        (
            ("default_settings", "manage.py uses"),
            ("production_settings", "for production"),
            ("configuration_class", "class"),
            ("secret_key", "SECRET_KEY"),
            ("debug", "DEBUG"),
            ("allowed_hosts", "ALLOWED_HOSTS"),
        ),
    ),
    (
        "Serving",
        (
            ("wsgi_application", "WSGI"),
            ("asgi_application", "ASGI"),
            ("needs_asgi", "needs ASGI"),
            ("server", "server"),
            ("health_paths", "health checks"),
            ("static", "static files"),
            ("media", "uploads"),
            ("frontend", "front end"),
        ),
    ),
    (
        "Services",
        (
            ("database", "database"),
            ("cache", "cache"),
            ("task_queue", "jobs"),
            ("needs_redis", "needs Redis"),
        ),
    ),
    ("Already there", (("deployment_files", "deployment files"),)),
)
_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_TITLES = {
    "error": "Would break or endanger production",
    "warning": "Risks",
    "note": "Good to know",
}


def print_inspection(
    console: Console, facts: ProjectFacts, findings: tuple[Finding, ...], *, seconds: float
) -> None:
    """Print everything that was read, and what it means for production."""
    console.print(
        f"Read in {seconds:.1f} s; none of the project's code was run.\n", highlight=False
    )
    _print_questions(console, facts)
    for title, rows in _GROUPS:
        _print_group(console, title, rows, facts)
    _print_variables(console, facts)
    _print_findings(console, findings)


def _line(console: Console, *parts: tuple[str, str] | str) -> None:
    console.print(Text.assemble(*parts), soft_wrap=True, highlight=False)


def printable(text: str) -> str:
    """Return text that cannot move the cursor or change colours, whatever a file is called."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _places(places: Iterable[Place], most: int = 2) -> str:
    shown = [printable(str(place)) for place in places]
    return ", ".join(shown[:most]) + (f" +{len(shown) - most}" if len(shown) > most else "")


def _print_questions(console: Console, facts: ProjectFacts) -> None:
    open_ones = [
        (name, reading)
        for name in ProjectFacts.__dataclass_fields__
        if isinstance(reading := getattr(facts, name), Ambiguous)
    ]
    if not open_ones:
        return
    _line(console, ("Open questions", "bold yellow"))
    for name, reading in open_ones:
        _line(console, ("  ? ", "yellow"), printable(reading.question))
        for one in reading.candidates:
            value = words(name, one.value)
            _line(console, f"      {value:<{_LABEL + 12}}", (_places(one.evidence), "dim"))
    console.print()


def _print_group(
    console: Console, title: str, rows: tuple[tuple[str, str], ...], facts: ProjectFacts
) -> None:
    shown = []
    for name, label in rows:
        reading = getattr(facts, name)
        text = words(name, reading.value) if isinstance(reading, Found) else ""
        if isinstance(reading, Found) and text:
            shown.append((label, text, _places(reading.evidence)))
    if not shown:
        return
    _line(console, (title, "bold"))
    for label, text, where in shown:
        _line(console, f"  {label:<{_LABEL}}{text}  ", (where, "dim"))
    console.print()


def _print_variables(console: Console, facts: ProjectFacts) -> None:
    reading = facts.env_vars
    if not isinstance(reading, Found):
        return
    required = [one for one in reading.value if one.required]
    title = f"Environment: {len(reading.value)} variables, {len(required)} required"
    _line(console, (title, "bold"))
    for one in required:
        _line(console, f"  {one.name:<{_LABEL + 14}}", (_places(one.evidence), "dim"))
    optional = len(reading.value) - len(required)
    if optional:
        _line(console, (f"  and {optional} that have a default (--format json lists them)", "dim"))
    console.print()


def _print_findings(console: Console, findings: tuple[Finding, ...]) -> None:
    for severity, title in _TITLES.items():
        found = [one for one in findings if one.severity == severity]
        if not found:
            continue
        handled = sum(one.handled for one in found)
        tail = f", {handled} of them handled by what `init` writes" if handled else ""
        _line(console, (f"{title}: {len(found)}{tail}", _STYLES[severity]))
        for one in found:
            _print_finding(console, one)
        console.print()


def _print_finding(console: Console, finding: Finding) -> None:
    mark = ("ok ", "green") if finding.handled else ("-> ", "yellow")
    where = _places(finding.evidence)
    _line(console, "  ", (finding.id, _STYLES[finding.severity]), (f"  {where}", "dim"))
    _line(console, f"     {printable(finding.message)}")
    _line(console, "     ", mark, printable(finding.fix))


def words(name: str, value: Any) -> str:
    """Return a fact's value in words; nothing for what is switched off."""
    if name in _WORDS:
        return printable(_WORDS[name](value))
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        listed = ", ".join(str(item) for item in value[:6])
        return printable(listed + (f" and {len(value) - 6} more" if len(value) > 6 else ""))
    return printable(str(value)) if value is not None else ""


def _origin(value: Any) -> str:
    if value.env:
        return f"from {value.env}"
    return {"literal": "in the code", "none": ""}.get(value.source, str(value.source))


def _debug(value: Any) -> str:
    state = {True: "on", False: "off", None: ""}[value.value]
    if value.source == "literal":
        return f"{state or 'set'} in the code"
    return f"{_origin(value)}{f', {state} without it' if state and value.env else ''}"


def _hosts(value: Any) -> str:
    listed = ", ".join(value.value or ()) or "none"
    return f"{_origin(value)}, {listed} without it" if value.env else listed


def _database(value: Any) -> str:
    more = f", aliases {', '.join(value.aliases)}" if len(value.aliases) > 1 else ""
    env = f", from {', '.join(value.env[:6])}" if value.env else ""
    return f"{value.engine or 'engine not known'}{more}{env}"


def _queue(value: Any) -> str:
    if value.library is None:
        return ""
    parts = [value.library, value.app or "", f"broker {value.broker}" if value.broker else ""]
    parts += ["with a schedule" if value.beat else ""]
    return ", ".join(part for part in parts if part)


def _static(value: Any) -> str:
    parts = [value.url or "", f"collected in {value.root}" if value.root else "STATIC_ROOT not set"]
    return ", ".join(
        [part for part in parts if part] + (["WhiteNoise"] if value.whitenoise else [])
    )


def _media(value: Any) -> str:
    if not value.takes_uploads:
        return ""
    return f"yes, to {value.backend or value.root or 'a folder not set'}"


def _frontend(value: Any) -> str:
    return f"{value.build or value.manager} in {value.root}" if value.needed else ""


def _system(value: Any) -> str:
    return ", ".join((*value.run, *value.build))


_WORDS: dict[str, Callable[[Any], str]] = {
    "allowed_hosts": _hosts,
    "cache": lambda value: value.backend or "",
    "database": _database,
    "debug": _debug,
    "frontend": _frontend,
    "media": _media,
    "secret_key": _origin,
    "static": _static,
    "system_packages": _system,
    "task_queue": _queue,
}
