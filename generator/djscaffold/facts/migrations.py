"""Look at migrations by their file names, and into them only where names look like a fork."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from djscaffold.facts.model import Place
from djscaffold.facts.modules import is_package, path_of_module
from djscaffold.facts.project import Observation
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source

_MODEL = re.compile(r"^class \w+\((?:[\w.]+,\s*)*models\.Model\b", re.MULTILINE)
_UNMANAGED = re.compile(r"managed\s*=\s*False|abstract\s*=\s*True")
_NUMBER = re.compile(r"^(\d{4})_\w+\.py$")
_PARENT = re.compile(r"\(\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']\s*,?\s*\)")
RECENT = 4


def observe(source: Source, settings: Settings, root: str) -> Iterator[Observation]:
    """Return apps without migrations, and apps whose migrations fork."""
    yield from _missing(source, settings)
    yield from _forks(source)


def _missing(source: Source, settings: Settings) -> Iterator[Observation]:
    folders = settings.evaluation.folders
    modules = settings.value("MIGRATION_MODULES")
    for app in settings.strings("INSTALLED_APPS") if modules is None else ():
        dotted = re.sub(r"\.apps\.\w+$", "", app)
        path = path_of_module(source, folders, f"{dotted}.models")
        if path is None or not path.endswith("models.py"):
            continue
        found = _MODEL.search(source.text(path))
        if found is None or is_package(source, folders, f"{dotted}.migrations"):
            continue
        if not _UNMANAGED.search(source.text(path)):
            line = source.text(path).count("\n", 0, found.start()) + 1
            yield Observation(kind="migrations-missing", subject=app, evidence=(Place(path, line),))


def _forks(source: Source) -> Iterator[Observation]:
    """Return apps with two migrations that nothing builds on."""
    apps: dict[str, list[str]] = {}
    for path in source.files:
        folder, _, name = path.rpartition("/")
        if folder.endswith("migrations") and _NUMBER.match(name):
            apps.setdefault(folder, []).append(name)
    for folder, names in sorted(apps.items()):
        # Only the end of the line can have two ends: an older fork has been merged since.
        last = max(int(name[:4]) for name in names)
        recent = [name for name in names if int(name[:4]) > last - RECENT]
        if len({name[:4] for name in recent}) < len(recent):
            yield from _leaves(source, folder, recent)


def _leaves(source: Source, folder: str, names: list[str]) -> Iterator[Observation]:
    """Return the fork, if the later of *names* really do not build on one another."""
    app = posixpath.basename(posixpath.dirname(folder))
    parents: set[str] = set()
    for name in names:
        text = source.text(f"{folder}/{name}").partition("operations")[0]
        parents |= {parent for owner, parent in _PARENT.findall(text) if owner == app}
        if "replaces" in text:
            return
    leaves = sorted(name for name in names if name.removesuffix(".py") not in parents)
    known = {parent for parent in parents if f"{parent}.py" in names}
    if len(leaves) == 2 and (known or len(names) == 2) and leaves[0][:4] == leaves[1][:4]:
        places = tuple(Place(f"{folder}/{name}", 1) for name in leaves)
        yield Observation(kind="migrations-conflict", subject=app, evidence=places)
