"""``djscaffold update``: the newer template, merged with what was edited since."""

from __future__ import annotations

from pathlib import Path

import click

from djscaffold.render.changelog import entries_between
from djscaffold.render.recorded import find_recorded, recover_recorded
from djscaffold.report.update import update_as_text


@click.command("update")
@click.argument(
    "project", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option(
    "--to", metavar="VERSION", help="A version between the recorded and the installed one."
)
@click.option("--template-url", help="Record this address of the template from now on.")
def command(project: Path, to: str | None, template_url: str | None, *, dry_run: bool) -> int:
    """Bring a newer template into the project and keep what was edited by hand.

    Nothing is committed. Exit code 3 when something needs you: a conflict, an edited file that is
    no longer rendered, an answer that changed by itself.
    """
    from djscaffold.render.update import apply_plan, plan_update

    recorded = find_recorded(project) if dry_run else recover_recorded(project)
    click.echo(f"Merging with your edits, from {recorded.version} ...", err=True)
    plan = plan_update(recorded, to=to, template_url=template_url)
    if not plan.files:
        click.echo(f"Already at {plan.version}; nothing to do.")
        return 0
    if not dry_run:
        apply_plan(plan)
    news = entries_between(recorded.version, plan.version)
    click.echo(update_as_text(plan, news=news, written=not dry_run))
    return 3 if plan.needs_person else 0
