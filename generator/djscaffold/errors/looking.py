"""Failures of looking at a project and of checking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djscaffold.errors.answers import near_names
from djscaffold.errors.kind import DjscaffoldError

if TYPE_CHECKING:
    from pathlib import Path


class NoDjangoProject(DjscaffoldError):
    """Nothing in the folder speaks of a Django project."""

    def __init__(self, project: str) -> None:
        """Keep the folder that was looked at."""
        self.project = project
        super().__init__(
            f"There is no Django project in {project}.\n\n"
            "djscaffold looked for a manage.py, a wsgi.py or asgi.py, settings with "
            "INSTALLED_APPS, and Django among the dependencies.\n\n"
            "Name the folder that holds the project:  djscaffold inspect path/to/project"
        )


class UnknownCheck(DjscaffoldError):
    """--only names a check that does not exist."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Keep the unknown *name* and the *known* ones."""
        self.name = name
        near = near_names(name, known)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(
            f"There is no check called {name}.{hint}\n\nNothing was run. The checks are: "
            f"{', '.join(known)}."
        )


class UnreadableEnvironment(DjscaffoldError):
    """A line of an environment file is no NAME=value."""

    def __init__(self, path: Path, line: int) -> None:
        """Keep the *path* and the number of the *line*; never its text, which may be a secret."""
        self.path, self.line = path, line
        super().__init__(
            f"{path}:{line} is not NAME=value.\n\n"
            "systemd would ignore such a line, and the site would start without the variable.\n\n"
            "Write one variable a line; comments begin with #."
        )
