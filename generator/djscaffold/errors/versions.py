"""Failures of git, of recorded answers and of template versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djscaffold.errors.kind import DjscaffoldError

if TYPE_CHECKING:
    from pathlib import Path


class GitMissing(DjscaffoldError):
    """There is no git on this machine, and the command needs it."""

    def __init__(self) -> None:
        """Word the message."""
        super().__init__(
            "git was not found.\n\n"
            "Merging your edits with a newer template, and giving files back, is git's work.\n\n"
            "Install git 2.31 or newer. Without it these work: init, render, check, diff."
        )


class GitFailed(DjscaffoldError):
    """git refused, with its own words."""

    def __init__(self, command: object, words: str) -> None:
        """Keep the git *command* and the *words* it printed."""
        self.command, self.words = str(command), words
        super().__init__(
            f"git {command} failed:\n  " + words.replace("\n", "\n  ") + "\n\n"
            "Nothing was changed.\n\nWhat git says above names the cause; then run this again."
        )


class NotScaffolded(DjscaffoldError):
    """The project holds no answers file of ours."""

    def __init__(self, project: Path) -> None:
        """Keep the *project* folder that was asked for."""
        self.project = project
        super().__init__(
            f"{project} was not written by djscaffold: there is no .copier-answers.yml of ours.\n\n"
            "Without the recorded answers there is nothing to compare or to update.\n\n"
            "Start with: djscaffold init"
        )


class AnswersUnreadable(DjscaffoldError):
    """The answers file is no YAML any more."""

    def __init__(self, path: Path, line: int) -> None:
        """Keep the file's *path* and the *line* where reading stopped."""
        self.path, self.line = path, line
        super().__init__(
            f"The recorded answers cannot be read: {path}, line {line}.\n\n"
            "They are the only memory of what was chosen, so nothing was done.\n\n"
            f"Resolve a merge conflict there, or take the committed file: git checkout -- {path}"
        )


class NotWrittenByUs(DjscaffoldError):
    """The answers file records no version, so nothing is known about what was rendered."""

    def __init__(self, path: Path) -> None:
        """Keep the answers file's *path*."""
        self.path = path
        super().__init__(
            f"{path} records no version of the template (_commit).\n\n"
            "It was rendered from a plain folder, or edited, so what was written is not known.\n\n"
            "Record it again: djscaffold init"
        )


class UnknownVersion(DjscaffoldError):
    """A version of the template is wanted that this tool does not carry."""

    def __init__(self, version: str, installed: str, known: list[str]) -> None:
        """Keep the *version* wanted, the *installed* one and those *known*."""
        self.version, self.installed, self.known = version, installed, known
        super().__init__(
            f"This djscaffold ({installed}) does not know version {version} of its template.\n\n"
            f"It carries: {', '.join(known) or 'its own version only'}.\n\n"
            f"Install a djscaffold that knows it (at least {version}), or name one it carries."
        )


class MergeFailed(DjscaffoldError):
    """copier could not merge; its own words are kept."""

    def __init__(self, reason: str) -> None:
        """Keep copier's *reason*."""
        self.reason = reason
        super().__init__(
            f"The new template could not be merged: {reason}\n\n"
            "The merge was made beside your project; nothing in it was changed.\n\n"
            "Please report this with your answers file."
        )


class NotInGit(DjscaffoldError):
    """The project is in no git repository."""

    def __init__(self, root: Path) -> None:
        """Keep the project's *root*."""
        self.root = root
        super().__init__(
            f"{root} is not in a git repository.\n\n"
            "An update changes files that you may have edited; git is what gives them back.\n\n"
            "Make it one: git init && git add -A && git commit -m 'Before the update'"
        )


class UncommittedChanges(DjscaffoldError):
    """The project has changes that are in no commit."""

    def __init__(self, changed: list[str], *, otherwise: str = "") -> None:
        """Keep what *changed*, as git status words it; *otherwise* names another way out."""
        self.changed = changed
        lines = "\n".join(f"  {entry}" for entry in changed[:20])
        more = f"\n  and {len(changed) - 20} more" if len(changed) > 20 else ""
        super().__init__(
            f"Nothing was changed: the project has uncommitted changes.\n\n{lines}{more}\n\n"
            "djscaffold commits nothing itself, so you could not tell its changes from yours.\n\n"
            f"Commit or stash them, then run the command again{otherwise}."
        )


class UntrackedInTheWay(DjscaffoldError):
    """Untracked files stand where the template has files."""

    def __init__(self, paths: list[str]) -> None:
        """Keep the *paths*."""
        self.paths = paths
        super().__init__(
            "Files that git does not know stand where the template has its own:\n"
            + "\n".join(f"  {path}" for path in paths)
            + "\n\ngit could not give them back, so nothing was changed."
            "\n\nCommit them (they will be merged) or move them away."
        )


class EditedButIgnored(DjscaffoldError):
    """Rendered files were edited, and git ignores them."""

    def __init__(self, paths: list[str]) -> None:
        """Keep the *paths*."""
        self.paths = paths
        super().__init__(
            "You edited rendered files that git ignores:\n"
            + "\n".join(f"  {path}" for path in paths)
            + "\n\nNo commit holds these edits, so an update would lose them; nothing was changed."
            "\n\nTake them into git (git add --force), or keep them: djscaffold keep FILE"
        )


class AlreadyNewer(DjscaffoldError):
    """The project was written by a newer version than the one to update to."""

    def __init__(self, recorded: str, wanted: str) -> None:
        """Keep the *recorded* and the *wanted* version."""
        self.recorded, self.wanted = recorded, wanted
        super().__init__(
            f"The project is at {recorded}, which is newer than {wanted}.\n\n"
            "A template cannot be merged backwards; nothing was changed.\n\n"
            f"Install a djscaffold of {recorded} or newer, or go back with git."
        )


class AlreadyThere(DjscaffoldError):
    """The project is on the platform that it should move to."""

    def __init__(self, platform: str) -> None:
        """Keep the *platform*."""
        self.platform = platform
        super().__init__(
            f"The project is on {platform} already.\n\n"
            "There is nothing to move, so nothing was changed.\n\n"
            "Another topology there: djscaffold init --data topology=NAME"
        )
