"""Which single answer would change the choice: every other answer to every question is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from djscaffold.profile import Profile
from djscaffold.profile.countries import EEA_MEMBERS
from djscaffold.profile.model import CHOICES, LISTS
from djscaffold.strategy.catalogue import read_programmes
from djscaffold.strategy.model import Flip, Option

Rerank = Callable[[Profile], tuple[Option, ...]]


def find_flips(profile: Profile, chosen: Option | None, rerank: Rerank) -> tuple[Flip, ...]:
    """Return the smallest changed answer per question that leads to another strategy or to none."""
    found: dict[str, tuple[int, Flip]] = {}
    for steps, question, answer, changed in changes_of(profile):
        if question in found and found[question][0] <= steps:
            continue
        first = next((each for each in rerank(changed) if each.removed_by is None), None)
        if _same(first, chosen):
            continue
        becomes = first.topology.name if first else "none"
        found[question] = (steps, Flip(question=question, answer=answer, becomes=becomes))
    return tuple(flip for _, flip in sorted(found.values(), key=lambda each: each[0]))


def changes_of(profile: Profile) -> Iterator[tuple[int, str, str, Profile]]:
    """Return every profile that differs by one answer: how far, in which question, and to what."""
    for question, choices in CHOICES.items():
        if question in LISTS:
            yield from _ticks(profile, question, choices)
        elif question == "tie_reason":
            continue
        else:
            yield from _answers(profile, question, choices)


def _answers(
    profile: Profile, question: str, choices: tuple[str, ...]
) -> Iterator[tuple[int, str, str, Profile]]:
    here = choices.index(getattr(profile, question))
    for index, answer in enumerate(choices):
        if index == here:
            continue
        changed: dict[str, Any] = {question: answer}
        if question == "tied_to":
            changed["tie_reason"] = "" if answer == "none" else profile.tie_reason or "contract"
        steps = abs(index - here) if question not in ("tied_to", "traffic", "hosting_now") else 1
        yield steps, question, answer, replace(profile, **changed)


def _ticks(
    profile: Profile, question: str, choices: tuple[str, ...]
) -> Iterator[tuple[int, str, str, Profile]]:
    ticked = getattr(profile, question)
    for name in choices:
        if name == "none" or (ticked == (name,) and question == "users"):
            continue
        if question == "rules" and name not in ticked and not _may_apply(profile, name):
            continue
        now = set(ticked) ^ {name}
        answer = f"without {name}" if name in ticked else f"with {name}"
        ordered = tuple(each for each in choices if each in now)
        changed: dict[str, Any] = {question: ordered}
        yield 1, question, answer, replace(profile, **changed)


def _may_apply(profile: Profile, programme: str) -> bool:
    """Return whether a programme of one country or of the EU could ever bind this team."""
    bound = read_programmes()[programme]["jurisdiction"]
    if bound == "EU":
        return profile.country in EEA_MEMBERS or "eu" in profile.users
    return bound in ("any", profile.country)


def _same(first: Option | None, chosen: Option | None) -> bool:
    """Return whether two choices are the same way to host; another size of it is no flip."""
    if first is None or chosen is None:
        return first is chosen
    return first.family == chosen.family
