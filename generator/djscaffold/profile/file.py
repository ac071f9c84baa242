"""A profile as a file that people edit: YAML or JSON in, YAML with comments out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from djscaffold.errors import DjscaffoldError
from djscaffold.profile.model import KEYS, Profile
from djscaffold.yaml_text import load_yaml

# Stands beside .copier-answers.yml; recommend and init read it when no --profile is given.
PROFILE_NAME = ".djscaffold-profile.yml"


class ProfileFileError(DjscaffoldError):
    """A profile file that cannot be read as one."""

    def __init__(self, path: Path, problem: str) -> None:
        """Keep the file and what is wrong with it."""
        super().__init__(path, problem)
        self.path, self.problem = path, problem

    def __str__(self) -> str:
        """Return what was found, what was expected, and a way to a good file."""
        return (
            f"The profile {self.path} cannot be read: {self.problem}.\n\n"
            f"It holds one answer per line, such as `size: small`; the keys are\n"
            f"{', '.join(KEYS)}.\n\n"
            "Let djscaffold write one: djscaffold recommend --save-profile FILE"
        )


def read_profile(path: Path) -> dict[str, Any]:
    """Return the answers in *path*; raise ProfileFileError if they are no mapping."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        loaded = load_yaml(text)
    except OSError as error:
        raise ProfileFileError(path, error.strerror or "no such file") from error
    except UnicodeDecodeError as error:
        raise ProfileFileError(path, "it is no UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ProfileFileError(path, f"it is no YAML{where}") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, Mapping):
        raise ProfileFileError(path, f"it holds a {type(loaded).__name__}, not answers by name")
    return dict(loaded)


def profile_text(profile: Profile) -> str:
    """Return *profile* as a file's text; what was only assumed says so."""
    lines = [
        "# Answers behind `djscaffold recommend`; what each means: djscaffold explain question NAME"
    ]
    for key, value in profile.answers().items():
        shown = yaml.safe_dump(value, default_flow_style=True, width=1000).strip()
        shown = shown.removesuffix("...").strip()
        note = "  # not answered: the default" if key in profile.assumed else ""
        lines.append(f"{key}: {shown}{note}")
    return "\n".join(lines) + "\n"
