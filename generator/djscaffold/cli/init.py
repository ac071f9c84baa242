"""``djscaffold init``: read, decide, show every file, ask once, write."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from djscaffold.cli.places import find_root, project_argument
from djscaffold.plan.model import PLATFORMS


@click.command("init")
@project_argument
@click.option("--platform", type=click.Choice(PLATFORMS), help="Where it will run.")
@click.option("--topology", help="How it is built there; `djscaffold recommend` names them.")
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A saved profile, instead of the questions about hosting.",
)
@click.option("--data", multiple=True, metavar="KEY=VALUE", help="Any answer, by name; repeatable.")
@click.option("--defaults", is_flag=True, help="Ask nothing; what stays open is an error.")
@click.option("--dry-run", is_flag=True, help="Show the files and the differences; write nothing.")
@click.option(
    "--on-conflict",
    type=click.Choice(["ask", "keep", "overwrite", "abort"]),
    default="ask",
    show_default=True,
    help="What to do with a file of yours that has the same name.",
)
@click.option("--reread", is_flag=True, help="Read recorded facts anew instead of keeping them.")
@click.option("--allow-dirty", is_flag=True, help="Write although there are uncommitted changes.")
@click.option("--template-url", help="The templates' address to record (a mirror of your own).")
def command(project: Path, **options: Any) -> int:
    """Write the files that deploy the Django project in PROJECT (default: here).

    Every file is listed before anything is written, and nothing of yours is replaced unasked.
    With standard input closed or --defaults nothing is asked.
    """
    # Imported here: `--help` must not pay for what only a run needs.
    from rich.console import Console

    from djscaffold.cli.answering import can_ask, parse_data
    from djscaffold.cli.choosing import choose_platform
    from djscaffold.cli.deciding import decide, read_with_questions
    from djscaffold.cli.earlier import choices_of, read_earlier, where_said
    from djscaffold.cli.writing import (
        make_scaffold,
        refuse_uncommitted,
        show_and_write,
        undo_interrupted,
    )
    from djscaffold.findings import find_all
    from djscaffold.render.direct import check_answers
    from djscaffold.report.evidence import print_evidence

    where = find_root(project)
    undo_interrupted(where.root)
    if not (options["allow_dirty"] or options["dry_run"]):
        refuse_uncommitted(where.root)
    interactive = can_ask(defaults=options["defaults"])
    said = parse_data(options["data"]) | {
        name: options[name] for name in ("platform", "topology") if options[name]
    }
    check_answers(said)
    earlier = read_earlier(where.root)
    choices = choices_of(earlier.answers, said, reread=options["reread"])
    start = time.perf_counter()
    read = read_with_questions(where, choices, interactive=interactive)
    console = Console(highlight=False, soft_wrap=True)
    seconds = time.perf_counter() - start
    print_evidence(
        console,
        read.facts,
        find_all(read.facts),
        seconds=seconds,
        said=where_said(said, earlier),
    )
    read = choose_platform(read, where, profile=options["profile"], interactive=interactive)
    scaffold = make_scaffold(
        decide(read, where, interactive=interactive),
        where.root,
        earlier=earlier,
        template_url=options["template_url"],
        on_conflict=options["on_conflict"],
        interactive=interactive,
    )
    return show_and_write(scaffold, where.root, dry_run=options["dry_run"], interactive=interactive)
