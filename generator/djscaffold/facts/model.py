"""What a reader can say about one fact: found, missing or ambiguous, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file; ``path`` is relative to the repository and uses ``/``."""

    path: str
    line: int

    def __str__(self) -> str:
        """Return the place as people and editors write it: ``shop/settings.py:12``."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """The one value that the repository states, and where it does."""

    value: T_co
    evidence: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing in the repository states the fact."""

    looked_for: str


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[T_co]):
    """Several values are possible, and choosing one would be a guess."""

    candidates: tuple[Found[T_co], ...]
    question: str


Reading: TypeAlias = Found[T_co] | Missing | Ambiguous[T_co]
