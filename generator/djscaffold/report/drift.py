"""Word what differs between a project and its recorded answers: for people, programs, GitHub."""

from __future__ import annotations

import json
from collections.abc import Sequence

from djscaffold.render.drift import DriftedFile


def drift_as_text(drifted: Sequence[DriftedFile], version: str, count: int) -> str:
    """Return a line per file, and what can be done."""
    if not drifted:
        return f"{count} files are as djscaffold {version} rendered them."
    width = max(len(item.path) for item in drifted)
    lines = [f"  {item.path:<{width}}  {item.message}" for item in drifted]
    return "\n".join(
        [
            f"{len(drifted)} of {count} files differ from what djscaffold {version} rendered:",
            *lines,
            "",
            "See the differences:       djscaffold diff",
            "Take the rendered text:    djscaffold init --on-conflict overwrite",
            "Keep a file as yours:      djscaffold keep FILE",
            "Allow edits in this gate:  djscaffold check --allow-edited",
        ]
    )


def drift_as_json(drifted: Sequence[DriftedFile], version: str, count: int) -> str:
    """Return one document: ``{"schema", "version", "checked", "files": [...]}``."""
    files = [
        {"path": item.path, "state": str(item.drift), "line": item.line, "message": item.message}
        for item in drifted
    ]
    return json.dumps({"schema": 1, "version": version, "checked": count, "files": files}, indent=2)


def drift_as_annotations(drifted: Sequence[DriftedFile], prefix: str) -> str:
    """Return GitHub's workflow commands; *prefix* leads from the repository's top to the project.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(
        f"::error file={_property(prefix + item.path)},line={item.line},"
        f"title=djscaffold {item.drift}::{_value(item.message)}"
        for item in drifted
    )


def _value(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _value(text).replace(":", "%3A").replace(",", "%2C")
