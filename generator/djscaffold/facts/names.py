"""Names and what they are bound to, and the state of one reading of settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from djscaffold.facts.model import Place
from djscaffold.facts.source import Source
from djscaffold.facts.values import Env, Value

CERTAIN, MAYBE, UNLIKELY = 2, 1, 0
MAX_STEPS = 400_000


class Binding(NamedTuple):
    """A value and the line that bound it."""

    value: Value
    place: Place


class Names:
    """The names of a module, class or function, and those of the scope around it."""

    __slots__ = ("bindings", "parent")

    def __init__(self, parent: Names | None = None) -> None:
        """Start empty."""
        self.bindings: dict[str, Binding] = {}
        self.parent = parent

    def get(self, name: str) -> Binding | None:
        """Return what *name* is bound to, here or around."""
        names: Names | None = self
        while names is not None:
            if name in names.bindings:
                return names.bindings[name]
            names = names.parent
        return None

    def set(self, name: str, value: Value, place: Place) -> None:
        """Bind *name*."""
        self.bindings[name] = Binding(value, place)


@dataclass(frozen=True, slots=True)
class Read:
    """One read of the environment; *certainty* says whether production gets there."""

    env: Env
    certainty: int


@dataclass(slots=True)
class Reading:
    """What is gathered while settings are evaluated."""

    source: Source
    folders: list[str]
    reads: list[Read] = field(default_factory=list)
    needed: dict[str, Place] = field(default_factory=dict)
    certainty: int = CERTAIN
    steps: int = 0
    depth: int = 0
    active: list[int] = field(default_factory=list)
    frames: dict[str, Frame] = field(default_factory=dict)
    conditions: list[tuple[Value, bool]] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)
    missing: list[tuple[str, Place]] = field(default_factory=list)
    connects: list[tuple[str, Place]] = field(default_factory=list)
    dotenv: list[Place] = field(default_factory=list)

    def read(self, env: Env) -> Env:
        """Remember that the environment is read here, and return the read."""
        self.reads.append(Read(env, self.certainty))
        return env

    @contextmanager
    def at_most(self, certainty: int) -> Iterator[None]:
        """Hold that what happens inside is no more certain than *certainty*."""
        before = self.certainty
        self.certainty = min(before, certainty)
        try:
            yield
        finally:
            self.certainty = before

    @property
    def exhausted(self) -> bool:
        """Return whether this reading has taken more steps than any sensible settings need."""
        self.steps += 1
        return self.steps > MAX_STEPS


@dataclass(slots=True)
class Frame:
    """Where code stands: its file, its module, the names it sees, and the reading it is part of."""

    reading: Reading
    path: str
    dotted: str
    names: Names
    is_class: bool = False
    is_function: bool = False
    done: bool = False

    @property
    def package(self) -> str:
        """Return the package that relative imports start from."""
        if self.path.endswith("/__init__.py") or self.path == "__init__.py":
            return self.dotted
        return self.dotted.rpartition(".")[0]

    def inner(self, *, is_class: bool = False) -> Frame:
        """Return a frame for the body of a class or function that stands here."""
        return Frame(
            self.reading,
            self.path,
            self.dotted,
            Names(self.names),
            is_class=is_class,
            is_function=not is_class,
        )

    def place(self, line: int) -> Place:
        """Return the place of a line of this frame's file."""
        return Place(self.path, line)
