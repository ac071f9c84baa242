"""Every expected failure: a class that holds data, whose ``str`` is the whole message.

A message has three parts: what happened, why that stops us, what to do next.
They are raised anywhere and caught once, in ``djscaffold.cli``.
"""

from __future__ import annotations


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
