"""Ask the profile's questions in plain words; what is known already is shown, not asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from djscaffold.profile.model import CHOICES, NOT_SURE, ProfileError, make_profile
from djscaffold.profile.prefill import Hint
from djscaffold.profile.questions import COUNT, Question, label_of, read_questions


def ask_profile(given: Mapping[str, Any], hints: tuple[Hint, ...] = ()) -> dict[str, Any]:
    """Return *given* with an answer for every other question, asked on the terminal.

    Everything is written to stderr, so that stdout stays what the command answers.
    """
    answers: dict[str, Any] = dict(given)
    click.echo(
        f"{COUNT} short questions. Enter takes the answer in [brackets]; "
        "? means not sure, and the report will say so.\n",
        err=True,
    )
    for key, question in read_questions().items():
        if key in given or (key == "tie_reason" and answers.get("tied_to") in (None, "none")):
            continue
        found = tuple(hint for hint in hints if hint.key == key)
        answers[key] = _ask(question, found)
    return answers


def _ask(question: Question, hints: tuple[Hint, ...]) -> object:
    """Return one checked answer, None for not sure; ask again until there is one."""
    _show(question, hints)
    default = _default_text(question, hints)
    labels = [label_of(question.key, each) for each in default.split(",") if each]
    shown = ", ".join(labels) or "none"
    while True:
        text = click.prompt(f"  [{shown}]", default=default, show_default=False, err=True)
        if text.strip() in ("?", NOT_SURE):
            return None
        try:
            return _checked(question, text.strip())
        except ProfileError as error:
            click.echo(f"  Expected: {error.expected}.", err=True)


def _show(question: Question, hints: tuple[Hint, ...]) -> None:
    click.echo(f"{question.number:>2}/{COUNT}  {question.ask}", err=True)
    click.echo(click.style(f"       {question.why}", dim=True), err=True)
    width = max((len(choice.label) for choice in question.choices), default=0)
    for number, choice in enumerate(question.choices, start=1):
        leads_to = click.style(choice.leads_to, dim=True)
        click.echo(f"   {number:>2}  {choice.label:<{width}}  {leads_to}", err=True)
    for hint in hints:
        click.echo(f"       your project: {hint}", err=True)
    if question.is_several:
        click.echo("       several: numbers or names with commas", err=True)


def _default_text(question: Question, hints: tuple[Hint, ...]) -> str:
    if hints:
        return ",".join(hint.value for hint in hints)
    if isinstance(question.default, tuple):
        return ",".join(question.default)
    return str(question.default)


def _checked(question: Question, text: str) -> object:
    """Return the answer that *text* stands for, by number or by name."""
    if question.key not in CHOICES:
        return make_profile({question.key: text}).country if text else None
    names = [choice.value for choice in question.choices]
    parts = [part.strip() for part in text.split(",")] if question.is_several else [text]
    values = [_by_number(part, names) for part in parts if part]
    if question.is_several and not values:
        return []
    answer: object = values if question.is_several else (values or [""])[0]
    make_profile({question.key: answer})
    return answer


def _by_number(text: str, names: list[str]) -> str:
    if text.isdigit() and 1 <= int(text) <= len(names):
        return names[int(text) - 1]
    return text
