"""What an earlier run recorded in the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from djscaffold.errors import AnotherPlatform, NotScaffolded
from djscaffold.plan.model import field_types
from djscaffold.render.recorded import find_recorded, free_answers_file

# Answers that no reading gives: a second run takes them over, and reads the rest anew.
_FROM_THE_PERSON = frozenset(
    {
        "ci",
        "domain",
        "domain_aliases",
        "keep_files",
        "periodic_commands",
        "platform",
        "project_slug",
        "topology",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The name of our answers file, and what it says; None before the first run."""

    answers_file: str
    answers: Mapping[str, Any] | None


def read_earlier(root: Path) -> Earlier:
    """Return what an earlier run recorded in *root*. Raises AnswersUnreadable."""
    try:
        recorded = find_recorded(root)
    except NotScaffolded:
        return Earlier(answers_file=free_answers_file(root), answers=None)
    return Earlier(answers_file=recorded.answers_file, answers=recorded.answers)


def where_said(said: Mapping[str, Any], earlier: Earlier) -> dict[str, str]:
    """Return where facts come from that an answer decides and nobody reads, by the fact's name.

    *said* are the answers among this run's options.
    """
    decided = {"project_root": "project_root", "production_settings": "settings_module"}
    recorded = {fact for fact, answer in decided.items() if answer in (earlier.answers or {})}
    options = {fact: f"--data {answer}" for fact, answer in decided.items() if answer in said}
    return dict.fromkeys(recorded, f"recorded in {earlier.answers_file}") | options


def choices_of(
    recorded: Mapping[str, Any] | None, said: Mapping[str, Any], *, reread: bool
) -> dict[str, Any]:
    """Return what this run starts from: the recorded answers, then what the person *said* now.

    With *reread* only what a person had decided is taken over, and the project is read anew.
    Raises AnotherPlatform if the person named another one than is recorded.
    """
    if recorded is None:
        return dict(said)
    platform = recorded["platform"]
    if said.get("platform", platform) != platform:
        raise AnotherPlatform(platform, said["platform"])
    known = {key: value for key, value in recorded.items() if key in field_types()}
    if reread:
        known = {
            key: value
            for key, value in known.items()
            if key in _FROM_THE_PERSON or key.startswith(f"{platform}_")
        }
    return known | dict(said)
