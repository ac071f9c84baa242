"""``djscaffold explain``: why, and where a figure comes from."""

from __future__ import annotations

from difflib import get_close_matches

import click

from djscaffold.errors import DjscaffoldError
from djscaffold.report.explanation import KINDS, explain, names_of


class UnknownName(DjscaffoldError):
    """Nothing of that name can be explained."""

    def __init__(self, name: str, near: list[str]) -> None:
        """Keep what was asked for and what is near it."""
        super().__init__(name, near)
        self.name, self.near = name, near

    def __str__(self) -> str:
        """Return what was found, what there is, and the next command."""
        hint = f"Did you mean {', '.join(self.near)}?\n\n" if self.near else ""
        return (
            f"Nothing called {self.name!r} can be explained.\n\n"
            f"{hint}All names of a kind: djscaffold explain {' | '.join(KINDS)}"
        )


@click.command("explain")
@click.argument("kind", required=False, metavar="[KIND]")
@click.argument("name", required=False)
def command(kind: str | None, name: str | None) -> None:
    """Say why: a finding, an answer, a rendered file, a criterion, rule, price, question and so on.

    NAME alone is looked for in every kind; a kind alone lists its names.
    """
    if kind is None:
        for each in KINDS:
            names = list(names_of(each))
            click.echo(f"{each:<10} {len(names):>4}  {', '.join(names[:4])} ...")
    elif name is None and kind in KINDS:
        for known, line in names_of(kind).items():
            click.echo(f"{known:<44} {line}")
    else:
        click.echo("\n\n".join(_texts(kind, name)))


def _texts(kind: str, name: str | None) -> list[str]:
    """Return every text on a name; raise UnknownName if there is none."""
    kinds, wanted = ([kind], name) if name is not None else (list(KINDS), kind)
    if name is not None and kind not in KINDS:
        raise click.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}", param_hint="kind")
    found = [text for each in kinds if (text := explain(each, wanted or "")) is not None]
    if not found:
        known = [each for one in kinds for each in names_of(one)]
        raise UnknownName(wanted or "", get_close_matches(wanted or "", known, n=3))
    return found
