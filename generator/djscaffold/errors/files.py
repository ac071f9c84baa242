"""Failures of rendering and of writing files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djscaffold.errors.kind import DjscaffoldError

if TYPE_CHECKING:
    from pathlib import Path


class TemplateFailed(DjscaffoldError):
    """A template could not be rendered with these answers: a fault of ours."""

    def __init__(self, reason: str, template: str | None) -> None:
        """Keep Jinja's *reason* and the *template*'s name where Jinja knows it."""
        self.reason, self.template = reason, template
        super().__init__(
            f"A template could not be rendered: {reason}"
            + (f" ({template})" if template else "")
            + "\n\nNothing was written. This is a fault in djscaffold, not in your project."
            "\n\nPlease report it with your answers file."
        )


class FilesInTheWay(DjscaffoldError):
    """Files or folders stand where rendered files should go, and nobody decided about them."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        """Keep what was *found*: path and reason."""
        self.found = found
        lines = [f"  {path}    {reason}" for path, reason in found]
        super().__init__(
            "Something stands where these files should go:\n"
            + "\n".join(lines)
            + "\n\ndjscaffold replaces nothing of yours on its own, so nothing was written."
            "\n\nKeep yours (--on-conflict keep), replace them where git can restore them "
            "(--on-conflict overwrite), or move them away."
        )


class NotWritten(DjscaffoldError):
    """The disk refused: full, read-only, no permission."""

    def __init__(self, reason: str, path: str | None) -> None:
        """Keep the system's *reason* and the *path* it names."""
        self.reason, self.path = reason, path
        super().__init__(
            f"The files could not be written: {reason}"
            + (f" ({path})" if path else "")
            + "\n\nAll or none are written; the folder is as it was."
            "\n\nMake room or grant access, then run the same command again."
        )


class AnotherRunWrites(DjscaffoldError):
    """Another djscaffold is changing the same project at this moment."""

    def __init__(self, root: Path) -> None:
        """Keep the project's *root*."""
        self.root = root
        super().__init__(
            f"Another djscaffold is writing into {root}.\n\n"
            "Two at once would mix their files, so this one stopped; nothing was changed.\n\n"
            "Wait for the other to end, then run the command again."
        )


class NotManaged(DjscaffoldError):
    """A file was named that is not what the command works on."""

    def __init__(self, paths: list[str], where: str) -> None:
        """Keep the *paths*, and *where* they were looked for."""
        self.paths = paths
        super().__init__(
            f"Not {where}: {', '.join(paths)}\n\n"
            "Paths are as seen from the project's top; nothing was recorded.\n\n"
            "The files that djscaffold manages: djscaffold check --format json"
        )


class NotRestorable(DjscaffoldError):
    """Overwriting was asked for files that git could not bring back."""

    def __init__(self, paths: list[str]) -> None:
        """Keep the *paths*."""
        self.paths = paths
        super().__init__(
            "These files would be lost for good:\n"
            + "\n".join(f"  {path}" for path in paths)
            + "\n\nThey have changes that are in no commit, or git does not know them, "
            "so nothing was written."
            "\n\nCommit them first, or keep them: --on-conflict keep"
        )
