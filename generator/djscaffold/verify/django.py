"""``manage.py check --deploy`` in production settings, in the environment that was given."""

from __future__ import annotations

from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, ToolOutput, Tree
from djscaffold.verify.variables import django_environment, project_root


def prepare(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return the one command; warnings count as failures."""
    environment = django_environment(tree)
    if isinstance(environment, Skip):
        return environment
    argv = (str(tree.python), "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    return (
        Command(argv=argv, subject="deployment.settings", cwd=project_root(tree), env=environment),
    )


def read(output: ToolOutput) -> str:
    """Return the findings, or the last lines of the traceback: the message of the settings."""
    if output.code == 0:
        return ""
    lines = output.text.splitlines()
    traceback = any(line.startswith("Traceback") for line in lines)
    return "\n".join(lines[-12:] if traceback else lines)
