"""Find what the changelog says between two versions."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.version import InvalidVersion, Version

from djscaffold.render.source import installed_template

_HEADING = re.compile(r"^## \[?v?([^\s\]]+)", re.MULTILINE)
_ENTRY = re.compile(r"^- (.+(?:\n  .+)*)", re.MULTILINE)


def entries_between(old: str, new: str, changelog: Path | None = None) -> list[str]:
    """Return the entries after version *old* up to *new*, newest first, the version behind each.

    Nothing where a version is a bare commit, which has no place in the changelog.
    """
    path = changelog or installed_template() / "CHANGELOG.md"
    first, last = _version(old), _version(new)
    if first is None or last is None or not path.is_file():
        return []
    pieces = _HEADING.split(path.read_text(encoding="utf-8"))[1:]
    found = []
    for heading, body in zip(pieces[::2], pieces[1::2], strict=True):
        version = _version(heading)
        if version is not None and first < version <= last:
            texts = [re.sub(r"\s+", " ", match) for match in _ENTRY.findall(body)]
            found += [f"{text.rstrip('.')} ({heading})" for text in texts]
    return found


def _version(text: str) -> Version | None:
    """Return the version that *text* names; of ``v1.2.0-3-gabc`` the tag it counts from."""
    try:
        return Version(re.sub(r"-\d+-g[0-9a-f]+$", "", text))
    except InvalidVersion:
        return None
