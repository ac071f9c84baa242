"""Which platform and topology: said, or recommended from a profile that is read or asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from djscaffold.cli.deciding import Read
from djscaffold.cli.places import Where
from djscaffold.errors import AnswersExclude, InvalidAnswer, NotGenerated, PlatformUndecided
from djscaffold.plan.make import DEFAULT_TOPOLOGY
from djscaffold.strategy.generated import GENERATED, INSTEAD, strategy_of


def choose_platform(read: Read, where: Where, *, profile: Path | None, interactive: bool) -> Read:
    """Return *read* with a platform and a topology among its choices.

    Raises PlatformUndecided where nobody said one and nobody can be asked, AnswersExclude for a
    profile that nothing fits, NotGenerated for a topology that has no templates, InvalidAnswer for
    one that is not known or belongs to another platform.
    """
    choices = dict(read.choices)
    if "topology" in choices and "platform" not in choices:
        choices["platform"] = strategy_of(choices["topology"]) or ""
    if "platform" not in choices:
        choices |= _recommended(read, where, profile=profile, interactive=interactive)
    platform = choices["platform"]
    check_topology(choices.setdefault("topology", DEFAULT_TOPOLOGY.get(platform, "")), platform)
    return replace(read, choices=choices)


def check_topology(topology: str, platform: str) -> None:
    """Raise InvalidAnswer or NotGenerated unless *platform* can be built as *topology*."""
    on_platform = [name for name in GENERATED if strategy_of(name) == platform]
    if topology not in on_platform:
        known = on_platform or list(GENERATED)
        raise InvalidAnswer("topology", topology, f"one of {', '.join(known)}")
    if not GENERATED[topology]:
        written = [name for name in on_platform if GENERATED[name]]
        raise NotGenerated(topology, written, INSTEAD[topology])


def _recommended(
    read: Read, where: Where, *, profile: Path | None, interactive: bool
) -> dict[str, Any]:
    """Return platform, topology and region of the recommendation, after showing it."""
    from djscaffold.profile.file import PROFILE_NAME, read_profile
    from djscaffold.profile.model import make_profile
    from djscaffold.profile.prefill import answers_of, hints_of
    from djscaffold.strategy.recommend import recommend

    hints = hints_of(read.facts)
    saved = profile or where.root / PROFILE_NAME
    if saved.is_file():
        answers = {**answers_of(hints), **read_profile(saved)}
    elif interactive:
        from djscaffold.cli.ask_profile import ask_profile

        click.echo("\nWhere will it run?  (or: djscaffold init --platform onprem)", err=True)
        answers = ask_profile({}, hints)
    else:
        raise PlatformUndecided
    result = recommend(make_profile(answers))
    if result.conflict or result.chosen is None:
        raise AnswersExclude(result.conflict or "No strategy fits these answers.")
    return _shown(result)


def _shown(result: Any) -> dict[str, Any]:
    """Print the choice in a few lines; return it as answers."""
    from djscaffold.report.recommendation import in_one_line, name_of, runner_up, strongest

    chosen, second = result.chosen, runner_up(result)
    click.echo(f"\n-> {name_of(chosen)}\n   {in_one_line(chosen)}")
    for reason in strongest(chosen, second):
        click.echo(f"   {reason}")
    if second:
        click.echo(f"   next best: {name_of(second)}, {in_one_line(second)}")
    click.echo("   everything behind it: djscaffold recommend\n")
    platform = chosen.strategy
    answers = {"platform": platform, "topology": chosen.topology.id}
    return answers | ({f"{platform}_region": chosen.region.id} if chosen.region else {})
