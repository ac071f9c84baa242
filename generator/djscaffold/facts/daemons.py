"""Find the commands that a project runs for ever beside its site, and that no library announces.

Such as `attach-daemon = ./manage.py sendalerts` of uWSGI, or a line of a Procfile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from djscaffold.facts.existing import deployment_texts
from djscaffold.facts.model import Place
from djscaffold.facts.project import Observation
from djscaffold.facts.source import Source

_NOT_PRODUCTION = re.compile(
    r"(^|[/._-])(dev|development|local|test|tests|ci|e2e|docs?|examples?)([/._-]|$)", re.I
)
# Where a line says that a command is kept running, and the group that holds the command.
_LINES = (
    (
        re.compile(r"uwsgi[^/]*\.ini$"),
        re.compile(
            r"\s*(?:attach-daemon2?|legion-attach-daemon)\s*=\s*(?:cmd=)?(?P<command>.+)"
            r"|\s*smart-attach-daemon2?\s*=\s*\S+\s+(?P<watched>.+)"
        ),
    ),
    (re.compile(r"(^|/)Procfile$"), re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<command>.+)")),
    (re.compile(r"supervisor[^/]*$"), re.compile(r"\s*command\s*=\s*(?P<command>.+)")),
    (re.compile(r"\.service$"), re.compile(r"ExecStart=[-@:+!]*(?P<command>.+)")),
)
# A command of manage.py alone: no shell, and no word that another program would fill in.
_MANAGEMENT = re.compile(
    r"(?:\S*python[\d.]*\s+)?(?:\S*/)?manage\.py\s+(?P<command>[a-z]\w*(?:\s+[\w./:=,@+-]+)*)",
    re.ASCII,
)
_ONESHOT = re.compile(r"^\s*Type\s*=\s*oneshot\s*$", re.M)
_ONCE_BY_NAME = frozenset({"web", "release", "postdeploy"})
# What serves the site or its queue, or ends by itself: other facts know of it.
_KNOWN = re.compile(
    r"\b(celery|gunicorn|uvicorn|daphne|hypercorn|granian|uwsgi|waitress|nginx|rq worker|rqworker"
    r"|rqscheduler|run_huey|huey_consumer|qcluster|rundramatiq|dramatiq|db_worker|runserver|runworker"
    r"|migrate|collectstatic|compilemessages|check|loaddata|createsuperuser|clearsessions)\b"
)


def observe(source: Source) -> Iterator[Observation]:
    """Yield every such command once; the subject is the command."""
    seen: set[str] = set()
    for path in deployment_texts(source):
        if _NOT_PRODUCTION.search(path) or _ends_by_itself(source, path):
            continue
        for command, place in _commands(source, path):
            if command not in seen:
                seen.add(command)
                yield Observation(kind="runs-for-ever", subject=command, evidence=(place,))


def _ends_by_itself(source: Source, path: str) -> bool:
    """Return whether a unit of systemd does something once, or by a timer."""
    if not path.endswith(".service"):
        return False
    timer = path.removesuffix("service") + "timer"
    return timer in source.other_files or bool(_ONESHOT.search(source.text(path)))


def management_command(subject: str) -> str | None:
    """Return name and options of the management command that a line runs; None if it does more."""
    match = _MANAGEMENT.fullmatch(subject)
    return match["command"] if match else None


def _commands(source: Source, path: str) -> Iterator[tuple[str, Place]]:
    patterns = [line for file, line in _LINES if file.search(path)]
    for number, text in enumerate(source.lines(path), 1):
        match = patterns[0].match(text) if patterns else None
        if match is None:
            continue
        said = match.groupdict()
        command = (said.get("command") or said.get("watched") or "").strip()
        if said.get("name") not in _ONCE_BY_NAME and _is_own(command, path):
            yield command, Place(path, number)


def _is_own(command: str, path: str) -> bool:
    """Return whether a command is the project's: outside a Procfile, one of its manage.py."""
    is_listed = path.endswith(("Procfile", ".ini")) or "manage.py" in command
    return bool(command) and is_listed and not _KNOWN.search(command)
