"""From a repository and a person's words to facts and a plan, asking for what stays open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from djscaffold.cli.answering import ask, parse_data
from djscaffold.cli.places import Where
from djscaffold.errors import NoDjangoProject
from djscaffold.facts.project import ProjectFacts
from djscaffold.facts.read import read_project
from djscaffold.plan.make import make_plan, open_questions
from djscaffold.plan.model import Plan

# What decides where everything else is read from: asked before the rest.
_FIRST = ("project_root", "settings_module")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The facts, and the answers that were needed to read them."""

    facts: ProjectFacts
    choices: Mapping[str, Any]


def read_with_questions(where: Where, choices: Mapping[str, Any], *, interactive: bool) -> Read:
    """Return the facts of the project, asking which folder and which settings if that is open.

    Raises NoDjangoProject.
    """
    chosen = dict(choices)
    if where.hint and (where.named / "manage.py").is_file():
        chosen.setdefault("project_root", where.hint)
    while True:
        facts = read_project(
            where.root,
            project_root=chosen.get("project_root"),
            settings=chosen.get("settings_module"),
        )
        if not facts.is_django:
            raise NoDjangoProject(str(where.named))
        first = [
            question
            for question in open_questions(facts, _with_platform(chosen), folder=where.root.name)
            if question.name in _FIRST
        ]
        if not first or not interactive:
            return Read(facts=facts, choices=chosen)
        chosen[first[0].name] = ask(first[0])


def decide(read: Read, where: Where, *, interactive: bool) -> Plan:
    """Return the plan, asking for what the project leaves open and for its address.

    Raises OpenQuestions where nobody can be asked.
    """
    chosen = dict(read.choices)
    if interactive:
        for question in open_questions(read.facts, chosen, folder=where.root.name):
            chosen[question.name] = ask(question)
    plan = make_plan(read.facts, chosen, folder=where.root.name)
    if "domain" in chosen:
        return plan
    if not interactive:
        click.echo(
            f"Nobody said the site's address; {plan.domain} stands for it. "
            "Give it with --data domain=NAME.",
            err=True,
        )
        return plan
    domain = click.prompt("\nWhat is its address?", default=plan.domain, err=True)
    chosen |= parse_data([f"domain={domain}"])
    return make_plan(read.facts, chosen, folder=where.root.name)


def _with_platform(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return *choices* with some platform: what is asked first is the same on all of them."""
    return {"platform": "onprem", **choices}
