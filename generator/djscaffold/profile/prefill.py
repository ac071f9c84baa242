"""What the project's facts already answer, each with the line that says so.

Only what the code states is taken: a Celery app is background jobs, a file field is large files.
How busy the site is, who runs it and what it may cost is never read from code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from djscaffold.facts.model import Found, Place

if TYPE_CHECKING:
    # Its many classes cost a tenth of the time that an answer may take.
    from djscaffold.facts.project import ProjectFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One answer that the project gives: key, ticked value, why, and where."""

    key: str
    value: str
    because: str
    evidence: tuple[Place, ...]

    def __str__(self) -> str:
        """Return it as the report shows it: ``background_jobs because config/celery.py:8``."""
        where = f" because {self.evidence[0]}" if self.evidence else ""
        return f"{self.value}{where} ({self.because})"


def hints_of(facts: ProjectFacts) -> tuple[Hint, ...]:
    """Return every answer that the project states, in the order of the questions."""
    return tuple(_hints(facts))


def answers_of(hints: tuple[Hint, ...]) -> dict[str, list[str]]:
    """Return hints as answers to prefill a profile with."""
    answers: dict[str, list[str]] = {}
    for hint in hints:
        answers.setdefault(hint.key, []).append(hint.value)
    return answers


def _hints(facts: ProjectFacts) -> Iterator[Hint]:
    match facts.task_queue:
        case Found(queue, evidence) if queue.library:
            yield _need("background_jobs", f"{queue.library} runs jobs", evidence)
            if queue.beat:
                yield _need("scheduled_jobs", f"{queue.library} runs them by schedule", evidence)
    match facts.needs_asgi:
        case Found(True, evidence):
            yield _need("live_updates", "something works under ASGI only", evidence)
    match facts.media:
        case Found(media, evidence) if media.takes_uploads:
            yield _need("big_files", "people upload files", evidence)


def _need(value: str, because: str, evidence: tuple[Place, ...]) -> Hint:
    return Hint(key="needs", value=value, because=because, evidence=evidence)
