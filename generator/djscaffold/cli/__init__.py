"""The command line: the group, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any

import click

from djscaffold import __version__
from djscaffold.errors import DjscaffoldError

# Name -> short help. A command's module is imported when it is called, so that
# `--help` costs no more than click itself.
COMMANDS: dict[str, str] = {
    "inspect": "Read a project: facts with evidence, and what would break in production.",
    "recommend": "Which hosting fits, why, and what it costs.",
    "init": "Read, decide, show every file, ask once, write.",
    "render": "Answers in, files out: for CI.",
    "check": "Does the project still hold what its answers render to?",
    "diff": "Show what was changed by hand, or what an update brings.",
    "update": "Bring a newer template into the project and keep your edits.",
    "verify": "Run the real tools on the files that were written.",
    "keep": "Keep files as yours: no update touches them any more.",
    "adopt": "Let djscaffold manage kept files again.",
    "switch": "Move the project to another platform and keep your edits.",
    "explain": "Why: a finding, an answer, a file, a price, a rule.",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of this package, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called *cmd_name*, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"djscaffold.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any of them."""
        if COMMANDS:
            with formatter.section("Commands"):
                formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="djscaffold")
def cli() -> None:
    """Read a Django project, choose where to host it, write the files that deploy it.

    djscaffold writes deployment files; it deploys nothing and runs none of your code.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and exit: 0 done, 1 refused, 2 usage, 3 needs a person, 130 stopped."""
    # A command lives for a moment and keeps what it builds: looking for garbage as often as
    # Python does by itself is a tenth of its time.
    gc.set_threshold(50_000)
    try:
        code = cli.main(args=arguments, prog_name="djscaffold", standalone_mode=False)
    except DjscaffoldError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing more was written.", err=True)
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
