"""``djscaffold switch``: the same project on another platform."""

from __future__ import annotations

from pathlib import Path

import click

from djscaffold.plan.model import PLATFORMS
from djscaffold.render.recorded import find_recorded, recover_recorded
from djscaffold.report.update import switch_as_text


@click.command("switch")
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument(
    "project", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)
@click.option("--topology", help="How it is to be built there; `djscaffold recommend` names it.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def command(platform: str, project: Path, topology: str | None, *, dry_run: bool) -> int:
    """Move the project to PLATFORM: its files go, the new one's come, shared files keep your edits.

    Files of the old platform that you edited are set aside, and its answers are kept for the way
    back. Nothing is committed, and no server is touched. Exit code 3 when something needs you.
    """
    from djscaffold.cli.choosing import check_topology
    from djscaffold.render.switch import plan_switch
    from djscaffold.render.update import apply_plan

    if topology:
        check_topology(topology, platform)
    recorded = find_recorded(project) if dry_run else recover_recorded(project)
    click.echo(f"Merging with your edits, from {recorded.answers['platform']} ...", err=True)
    plan = plan_switch(recorded, platform, data={"topology": topology} if topology else {})
    if not dry_run:
        apply_plan(plan)
    click.echo(switch_as_text(plan, written=not dry_run))
    return 3 if plan.needs_person else 0
