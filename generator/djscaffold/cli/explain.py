"""``djscaffold explain``: why, and where a figure comes from."""

from __future__ import annotations

import click

from djscaffold.errors import DjscaffoldError
from djscaffold.report.explanation import KINDS, explain, names_of


class UnknownName(DjscaffoldError):
    """Nothing of that name can be explained."""

    def __init__(self, kind: str, name: str, near: list[str]) -> None:
        """Keep what was asked for and what is near it."""
        super().__init__(kind, name, near)
        self.kind, self.name, self.near = kind, name, near

    def __str__(self) -> str:
        """Return what was found, what there is, and the next command."""
        hint = f"Did you mean {', '.join(self.near)}?\n\n" if self.near else ""
        return (
            f"There is no {self.kind} called {self.name!r}.\n\n"
            f"{hint}All of them: djscaffold explain {self.kind}"
        )


@click.command("explain")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("name", required=False)
def command(kind: str, name: str | None) -> None:
    """Say what a criterion, rule, price or question is, and where it comes from.

    Without NAME all names of that KIND are listed.
    """
    if name is None:
        for known, line in names_of(kind).items():
            click.echo(f"{known:<44} {line}")
        return
    text = explain(kind, name)
    if text is None:
        from difflib import get_close_matches

        raise UnknownName(kind, name, get_close_matches(name, list(names_of(kind)), n=3))
    click.echo(text)
