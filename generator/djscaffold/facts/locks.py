"""Read the versions that lock files settle on, and what each package needs.

The files are read by pattern and not parsed: they are written by tools, always in one form, and
parsing a megabyte of TOML would take longer than everything else together.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from djscaffold.facts.model import Place
from djscaffold.facts.source import Source

_BLOCK = re.compile(r"^\[\[package\]\]\s*$", re.MULTILINE)
_NAME = re.compile(r'^name = "([^"]+)"', re.MULTILINE)
_VERSION = re.compile(r'^version = "([^"]+)"', re.MULTILINE)
_UV_NEEDS = re.compile(r"^dependencies = \[(.*?)^\]", re.MULTILINE | re.DOTALL)
_UV_NAME = re.compile(r'\{ name = "([^"]+)"')
_POETRY_NEEDS = re.compile(r"^\[package\.dependencies\]\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r'^"?([A-Za-z0-9._-]+)"? =', re.MULTILINE)
_GIT = re.compile(r'^source = \{ git = |^type = "git"|^git = "', re.MULTILINE)


@dataclass(slots=True)
class Lock:
    """What a lock file settles: version and place of each package, and what each needs."""

    versions: dict[str, tuple[str, Place]] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)
    git: list[Place] = field(default_factory=list)

    def closure(self, names: list[str]) -> list[str]:
        """Return *names* and everything that they need, each once."""
        found: list[str] = []
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.append(name)
                waiting += self.needs.get(name, [])
        return found


def read_lock(source: Source, path: str) -> Lock:
    """Return what a lock file settles."""
    if path.endswith("Pipfile.lock"):
        return _read_pipfile_lock(source, path)
    lock = Lock()
    text = source.text(path)
    starts = [match.end() for match in _BLOCK.finditer(text)]
    line, seen = 1, 0
    for position, start in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(text)
        line += text.count("\n", seen, start)
        seen = start
        _read_block(lock, text[start:end], Place(path, line + 1))
    return lock


def _read_block(lock: Lock, block: str, place: Place) -> None:
    name, version = _NAME.search(block), _VERSION.search(block)
    if name is None:
        return
    canonical = str(canonicalize_name(name.group(1)))
    if version is not None:
        lock.versions[canonical] = (version.group(1), place)
    uv, poetry = _UV_NEEDS.search(block), _POETRY_NEEDS.search(block)
    found = _UV_NAME.findall(uv.group(1)) if uv else _KEY.findall(poetry.group(1)) if poetry else []
    lock.needs[canonical] = [str(canonicalize_name(one)) for one in found]
    if _GIT.search(block):
        lock.git.append(place)


def _read_pipfile_lock(source: Source, path: str) -> Lock:
    lock = Lock()
    try:
        content = json.loads(source.text(path) or "{}")
    except ValueError:
        source.warn("not valid JSON", path, 1)
        return lock
    lines = {
        match.group(1): number
        for number, text in enumerate(source.lines(path), 1)
        if (match := re.match(r'\s{8}"([^"]+)": \{', text))
    }
    default = content.get("default") if isinstance(content, dict) else None
    for name, entry in (default or {}).items():
        place = Place(path, lines.get(name, 1))
        if isinstance(entry, dict):
            version = str(entry.get("version", "")).lstrip("=")
            canonical = str(canonicalize_name(name))
            if version:
                lock.versions[canonical] = (version, place)
            if "git" in entry:
                lock.git.append(place)
    return lock
