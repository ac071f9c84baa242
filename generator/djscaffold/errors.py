"""Every expected failure: a class that holds data, whose ``str`` is the whole message.

A message has three parts: what happened, why that stops us, what to do next.
They are raised anywhere and caught once, in ``djscaffold.cli``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def _near(name: str, known: list[str]) -> list[str]:
    """Return the one of *known* that somebody who typed *name* may have meant, if any."""
    # Imported here: every `--help` imports this module, and difflib is a tenth of its time.
    from difflib import get_close_matches

    return get_close_matches(name, known, n=1)


class DjscaffoldError(Exception):
    """Something expected went wrong; the command ends with its exit code."""

    exit_code = 1


class OpenQuestions(DjscaffoldError):
    """The project leaves something open that only a person can decide."""

    def __init__(self, questions: list[tuple[str, str, list[tuple[str, str]]]]) -> None:
        """Take (answer's name, text, candidates as (value, evidence)) for each open question."""
        super().__init__()
        self.questions = questions

    def __str__(self) -> str:
        """Return every question with its candidates and the option that answers it."""
        parts = ["djscaffold cannot decide everything by reading the project.\n"]
        for name, text, candidates in self.questions:
            parts.append(f"{name}: {text}")
            parts += [f"  {value:<40} {evidence}".rstrip() for value, evidence in candidates]
            example = candidates[0][0] if candidates else "..."
            parts.append(f"  Say it with:  --data {name}={example}\n")
        parts.append("Nothing was written.")
        return "\n".join(parts)


class UnknownAnswers(DjscaffoldError):
    """Answers were given to questions that nobody asks."""

    def __init__(self, names: list[str], known: list[str]) -> None:
        """Keep the unknown *names*; suggest the nearest of the *known* ones."""
        self.names = names
        near = [_near(name, known) for name in names]
        lines = [
            f"  {name}" + (f"    did you mean {match[0]}?" if match else "")
            for name, match in zip(names, near, strict=True)
        ]
        super().__init__(
            "Some answers belong to no question:\n"
            + "\n".join(lines)
            + "\n\nThey would be lost without a word, so nothing was rendered."
            "\n\nAll questions and their meaning: djscaffold explain"
        )


class InvalidAnswer(DjscaffoldError):
    """An answer has the wrong type, is no choice, or its validator refuses it."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        """Keep the question's *name*, the *value* given and what was *expected*."""
        self.name, self.value, self.expected = name, value, expected
        super().__init__(
            f"The answer to {name} cannot be used: {value!r}\n\n"
            f"Expected: {expected}\n\n"
            f"What it is for: djscaffold explain {name}"
        )


class MissingAnswer(DjscaffoldError):
    """A question without a default got no answer."""

    def __init__(self, name: str, question: str) -> None:
        """Keep the question's *name* and its wording."""
        self.name = name
        super().__init__(
            f"There is no answer to {name}: {question}\n\n"
            "It has no default, so nothing was rendered.\n\n"
            f"Give one, for example with --data {name}=VALUE"
        )


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


class DataFileUnreadable(DjscaffoldError):
    """A file with answers is no mapping."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the file's *path* and the *reason*."""
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} holds no answers: {reason}\n\n"
            "Without them nothing can be rendered, and nothing was written.\n\n"
            "Write one `question: answer` per line, as in a recorded .copier-answers.yml"
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


class UnknownCheck(DjscaffoldError):
    """--only names a check that does not exist."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Keep the unknown *name* and the *known* ones."""
        self.name = name
        near = _near(name, known)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(
            f"There is no check called {name}.{hint}\n\nNothing was run. The checks are: "
            f"{', '.join(known)}."
        )


class UnreadableEnvironment(DjscaffoldError):
    """A line of an environment file is no NAME=value."""

    def __init__(self, path: Path, line: int) -> None:
        """Keep the *path* and the number of the *line*; never its text, which may be a secret."""
        self.path, self.line = path, line
        super().__init__(
            f"{path}:{line} is not NAME=value.\n\n"
            "systemd would ignore such a line, and the site would start without the variable.\n\n"
            "Write one variable a line; comments begin with #."
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


class PlatformUndecided(DjscaffoldError):
    """Nobody said where it shall run, and nobody can be asked."""

    def __init__(self) -> None:
        """Take nothing: the message is always the same."""
        super().__init__(
            "djscaffold does not know where the project shall run.\n\n"
            "Nobody can be asked here, and a platform is not guessed.\n\n"
            "Say it with --platform onprem (or aws, azure, gcp), or give the answers of the "
            "profile with --profile FILE."
        )


class AnotherPlatform(DjscaffoldError):
    """The project is scaffolded for one platform and ``init`` was asked for another."""

    def __init__(self, recorded: str, asked: str) -> None:
        """Keep both platforms."""
        self.recorded, self.asked = recorded, asked
        super().__init__(
            f"This project is scaffolded for {recorded}, not for {asked}.\n\n"
            "Writing the other platform beside it would leave two half deployments.\n\n"
            f"Move it, with your edits kept:  djscaffold switch {asked}"
        )


class NotGenerated(DjscaffoldError):
    """A topology that djscaffold knows and cannot render."""

    def __init__(self, topology: str, available: list[str]) -> None:
        """Keep the *topology* and what is *available* on its platform."""
        self.topology, self.available = topology, available
        instead = ", ".join(available) or "none on this platform yet"
        super().__init__(
            f"djscaffold does not write files for {topology} yet.\n\n"
            f"It can write: {instead}.\n\n"
            "Choose one with --topology, or another platform with --platform; what speaks for and "
            "against each: djscaffold recommend"
        )


class AnswersExclude(DjscaffoldError):
    """The answers of the profile exclude each other: no strategy fits."""

    exit_code = 3

    def __init__(self, conflict: str) -> None:
        """Keep the *conflict* in one sentence."""
        self.conflict = conflict
        super().__init__(
            f"No hosting fits these answers: {conflict}\n\n"
            "Nothing was written. Change one of them, or see what each does: djscaffold recommend"
        )


class NoDjangoProject(DjscaffoldError):
    """Nothing in the folder speaks of a Django project."""

    def __init__(self, project: str) -> None:
        """Keep the folder that was looked at."""
        self.project = project
        super().__init__(
            f"There is no Django project in {project}.\n\n"
            "djscaffold looked for a manage.py, a wsgi.py or asgi.py, settings with "
            "INSTALLED_APPS, and Django among the dependencies.\n\n"
            "Name the folder that holds the project:  djscaffold inspect path/to/project"
        )
