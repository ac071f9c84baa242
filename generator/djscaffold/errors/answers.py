"""Failures of answers: open, unknown, unfit, contradictory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djscaffold.errors.kind import DjscaffoldError

if TYPE_CHECKING:
    from pathlib import Path


def near_names(name: str, known: list[str]) -> list[str]:
    """Return the one of *known* that somebody who typed *name* may have meant, if any."""
    # Imported here: every `--help` imports this module, and difflib is a tenth of its time.
    from difflib import get_close_matches

    return get_close_matches(name, known, n=1)


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
        near = [near_names(name, known) for name in names]
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

    def __init__(self, topology: str, available: list[str], instead: str) -> None:
        """Keep the *topology*, what is *available* on its platform, and what to do *instead*."""
        self.topology, self.available, self.instead = topology, available, instead
        written = ", ".join(available) or "none on this platform yet"
        super().__init__(
            f"djscaffold does not write files for {topology} yet.\n\n"
            f"{instead}\n\n"
            f"On this platform it can write: {written}.\n\n"
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
