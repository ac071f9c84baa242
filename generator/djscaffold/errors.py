"""Every expected failure: a class that holds data, whose ``str`` is the whole message.

A message has three parts: what happened, why that stops us, what to do next.
They are raised anywhere and caught once, in ``djscaffold.cli``.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path


class DjscaffoldError(Exception):
    """Something expected went wrong; the command ends with exit code 1."""


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
        near = [get_close_matches(name, known, n=1) for name in names]
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
