"""Answers from options: ``--data KEY=VALUE``, and prompts for what is left open."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
import yaml

from djscaffold.errors import InvalidAnswer, UnknownAnswers
from djscaffold.plan.make import Question
from djscaffold.plan.model import field_types


def parse_data(pairs: Sequence[str]) -> dict[str, Any]:
    """Return the answers in ``KEY=VALUE`` texts; lists, mappings and booleans are YAML.

    Raises UnknownAnswers for a name that no question has, InvalidAnswer for a wrong type.
    """
    types = field_types()
    split = dict(pair.partition("=")[::2] for pair in pairs)
    unknown = [name for name in split if name not in types]
    if unknown:
        raise UnknownAnswers(unknown, list(types))
    return {name: _typed(name, text, types[name]) for name, text in split.items()}


def _typed(name: str, text: str, kind: type) -> Any:
    if kind is str:
        return text
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        value = None
    if not isinstance(value, kind):
        expected = {bool: "true or false", list: "a list such as [one, two]"}
        raise InvalidAnswer(name, text, expected.get(kind, "a mapping such as {role: NAME}"))
    return value


def can_ask(*, defaults: bool) -> bool:
    """Return whether a person can be asked: a terminal on both sides, and no ``--defaults``."""
    return not defaults and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: Question) -> Any:
    """Return the answer a person chooses or types."""
    click.echo(f"\n{question.text}", err=True)
    if not question.candidates:
        text = click.prompt(f"  {question.name}", err=True)
        return parse_data([f"{question.name}={text}"])[question.name]
    for number, (value, places) in enumerate(question.candidates, start=1):
        evidence = ", ".join(str(place) for place in places[:3])
        click.echo(f"  {number}  {value}   {click.style(evidence, dim=True)}", err=True)
    choice = click.IntRange(1, len(question.candidates))
    number = click.prompt("  Which one?", type=choice, err=True)
    return question.candidates[number - 1][0]
