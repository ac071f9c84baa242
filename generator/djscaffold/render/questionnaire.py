"""Read ``copier.yml`` and turn given answers into all answers, by copier's rules.

copier's own code for this costs 0.4 s to import, more than `check` may take in all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import TemplateError, UndefinedError

from djscaffold.errors import InvalidAnswer, MissingAnswer, UnknownAnswers
from djscaffold.render.environment import TemplateEnvironment
from djscaffold.yaml_text import FastLoader, load_yaml

# Options whose lists are joined over all documents; of any other the last one wins.
_JOINED = ("_exclude", "_skip_if_exists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """What ``copier.yml`` and the files it includes say."""

    options: Mapping[str, Any]
    questions: Mapping[str, Mapping[str, Any]]

    @property
    def asked(self) -> list[str]:
        """Return the names of the questions that have an answer to give, in their order."""
        return [name for name, question in self.questions.items() if not is_derived(question)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Every answer: all of them for the templates, and those that are recorded."""

    context: Mapping[str, Any]
    recorded: Mapping[str, Any]


def is_derived(question: Mapping[str, Any]) -> bool:
    """Return whether the question is never asked and follows from the others."""
    return question.get("when", True) is False


def read_questionnaire(root: Path) -> Questionnaire:
    """Return the questionnaire of the template in *root*."""

    class Loader(FastLoader):  # type: ignore[misc, valid-type]
        """A loader of its own, so that `!include` is known here only."""

    def include(loader: Any, node: Any) -> list[Any]:
        pattern = loader.construct_scalar(node)
        texts = [path.read_bytes() for path in root.glob(pattern)]
        return [part for text in texts for part in _documents(text, Loader)]

    Loader.add_constructor("!include", include)
    documents = _documents((root / "copier.yml").read_bytes(), Loader)

    merged: dict[str, Any] = {}
    for document in documents:
        merged |= document
    for option in _JOINED:
        merged[option] = [entry for part in documents for entry in part.get(option, [])]
    return Questionnaire(
        options={key: value for key, value in merged.items() if key.startswith("_")},
        questions={
            key: value if isinstance(value, dict) else {"default": value}
            for key, value in merged.items()
            if not key.startswith("_")
        },
    )


def _documents(text: bytes, loader: Any) -> list[dict[str, Any]]:
    """Return the mappings of a YAML stream; an included file counts as its own documents."""
    found: list[dict[str, Any]] = []
    for document in yaml.load_all(text, Loader=loader):
        found.extend(document if isinstance(document, list) else [document] if document else [])
    return found


def answer_all(
    questionnaire: Questionnaire, environment: TemplateEnvironment, given: Mapping[str, Any]
) -> Answers:
    """Return all answers, from the *given* ones, the defaults and the derived ones.

    Keys that start with an underscore are copier's own and are left out. An answer to a question
    that does not apply (another platform's) is left out too, as copier does.

    Raises UnknownAnswers, InvalidAnswer, MissingAnswer.
    """
    context = {key: value for key, value in given.items() if not key.startswith("_")}
    unknown = sorted(set(context) - set(questionnaire.asked))
    if unknown:
        raise UnknownAnswers(unknown, questionnaire.asked)
    recorded: dict[str, Any] = {}
    for name, question in questionnaire.questions.items():
        applies = _to_bool(environment.evaluate(question.get("when", True), context))
        if not applies:
            context.pop(name, None)
        elif name not in context and "default" not in question:
            raise MissingAnswer(name, question.get("help", ""))
        if name not in context and "default" not in question:
            continue
        context[name] = _answer(environment, name, question, context, applies=applies)
        if applies:
            recorded[name] = context[name]
    return Answers(context=context, recorded=recorded)


def check_given(
    questionnaire: Questionnaire, environment: TemplateEnvironment, given: Mapping[str, Any]
) -> None:
    """Raise InvalidAnswer for a *given* answer that its validator refuses.

    What a validator can only say beside answers that are not there yet is left for later.
    """
    for name, value in given.items():
        question = questionnaire.questions.get(name, {})
        try:
            complaint = _said(environment, question, given)
        except UndefinedError:
            continue
        except TypeError as error:
            complaint = str(error)
        if complaint:
            raise InvalidAnswer(name, value, complaint)


def carry_over(
    questionnaire: Questionnaire, environment: TemplateEnvironment, recorded: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, tuple[Any, Any]]]:
    """Return *recorded* answers under this questionnaire, and those that changed by themselves.

    An answer without a question is still visible to the defaults of others (so a renamed question
    inherits), and then gone. One that is no longer valid falls back to its default. copier does
    both without a word.
    """
    context = dict(recorded)
    answers: dict[str, Any] = {}
    for name, question in questionnaire.questions.items():
        applies = _to_bool(environment.evaluate(question.get("when", True), context))
        value = context.pop(name, None)
        if applies and name in recorded:
            with suppress(InvalidAnswer):
                given = {**context, name: value}
                answers[name] = _answer(environment, name, question, given, applies=True)
        if name not in answers and "default" not in question:
            raise MissingAnswer(name, question.get("help", ""))
        if name not in answers:
            value = _answer(environment, name, question, context, applies=applies)
        context[name] = answers.get(name, value)
        if applies:
            answers[name] = context[name]
    changed = {
        name: (value, answers.get(name))
        for name, value in recorded.items()
        if name not in answers or answers[name] != value
    }
    return answers, changed


def _answer(
    environment: TemplateEnvironment,
    name: str,
    question: Mapping[str, Any],
    context: Mapping[str, Any],
    *,
    applies: bool,
) -> Any:
    """Return the answer in the question's type, checked unless it is derived."""
    given = name in context
    value = context[name] if given else environment.evaluate(question["default"], context)
    try:
        answer = _cast(value, question.get("type", "yaml"))
    except (TypeError, ValueError, yaml.YAMLError) as error:
        raise InvalidAnswer(name, value, str(error)) from error
    if applies:
        choices = _choices(question, environment, context)
        if choices and answer not in choices:
            raise InvalidAnswer(name, answer, f"one of {', '.join(map(str, choices))}")
        complaint = _complaint(environment, question, {**context, name: answer})
        if complaint:
            raise InvalidAnswer(name, answer, complaint)
    return answer


def _complaint(
    environment: TemplateEnvironment, question: Mapping[str, Any], context: Mapping[str, Any]
) -> str:
    """Return what is wrong with an answer; nothing means it is good."""
    try:
        return _said(environment, question, context)
    except (TypeError, TemplateError) as error:
        return str(error)


def _said(
    environment: TemplateEnvironment, question: Mapping[str, Any], context: Mapping[str, Any]
) -> str:
    """Return the words of the question's validator, on one line."""
    return " ".join(str(environment.evaluate(question.get("validator", ""), context)).split())


def _choices(
    question: Mapping[str, Any], environment: TemplateEnvironment, context: Mapping[str, Any]
) -> list[Any]:
    """Return the values to choose from, in the question's type."""
    choices = question.get("choices", [])
    if isinstance(choices, str):
        choices = _to_data(environment.evaluate(choices, context))
    values = list(choices.values()) if isinstance(choices, dict) else choices
    values = [value["value"] if isinstance(value, dict) else value for value in values]
    kind = question.get("type", "yaml")
    return [_cast(environment.evaluate(value, context), kind) for value in values]


def _cast(value: Any, kind: str) -> Any:
    """Return *value* in the type that the question names."""
    if value is None and kind not in ("json", "yaml"):
        raise ValueError(f"a value of type {kind}, not empty")
    if kind in ("json", "yaml") and not isinstance(value, str):
        return value
    return _CASTS[kind](value)


def _to_str(value: Any) -> str:
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("a text")


def _to_bool(value: Any) -> bool:
    """Return the truth of *value* as YAML words it: yes, on, true, 1 and their opposites."""
    if isinstance(value, bool):
        return value
    with suppress(TypeError, ValueError):
        return bool(float(value))
    if isinstance(value, str):
        return value.strip().lower() not in _FALSE
    return bool(value)


def _to_data(text: str) -> Any:
    """Return what YAML *text* says; the same few texts come up for every profile."""
    value = _data(text)
    return deepcopy(value) if isinstance(value, list | dict) else value


@lru_cache(maxsize=1024)
def _data(text: str) -> Any:
    return load_yaml(text)


_FALSE = {"", "n", "no", "f", "false", "off", "~", "null", "none"}
_CASTS: Mapping[str, Callable[[Any], Any]] = {
    "bool": _to_bool,
    "float": float,
    "int": int,
    "json": json.loads,
    "path": str,
    "str": _to_str,
    "yaml": _to_data,
}
