"""What is wrong with a CI file, by the tools that know the formats; nothing if it is well.

For tests: ``assert github_complaints(files) == []``. actionlint also runs shellcheck on every
``run:``, checks expressions, and knows which releases of the common actions still run.
"""

from __future__ import annotations

import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

_SCRIPTS = Path(sysconfig.get_path("scripts"))


def github_complaints(workflows: Mapping[str, str]) -> list[str]:
    """Return what actionlint says of *workflows*, name -> text."""
    with TemporaryDirectory() as scratch:
        paths = [_write(Path(scratch), name, text) for name, text in workflows.items()]
        shellcheck = ("-shellcheck", _SCRIPTS / "shellcheck")
        return _complaints([_SCRIPTS / "actionlint", "-oneline", *shellcheck, *paths], scratch)


def gitlab_complaints(pipelines: Mapping[str, str]) -> list[str]:
    """Return what GitLab's own schema says of pipeline files, name -> text."""
    return schema_complaints("gitlab-ci", pipelines, "--data-transform", "gitlab-ci")


def schema_complaints(schema: str, files: Mapping[str, str], *options: str) -> list[str]:
    """Return where *files*, YAML or JSON, break a schema: gitlab-ci, renovate, compose-spec ..."""
    with TemporaryDirectory() as scratch:
        paths = [_write(Path(scratch), name, text) for name, text in files.items()]
        command = [_SCRIPTS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}"]
        return _complaints([*command, *options, *paths], scratch)


def shell_complaints(text: str) -> list[str]:
    """Return what shellcheck says of a script, for the shell of its first line."""
    with TemporaryDirectory() as scratch:
        path = _write(Path(scratch), "script.sh", text)
        command = [_SCRIPTS / "shellcheck", "--format=gcc"]
        return _complaints([*command, path], scratch)


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / Path(name).name
    path.write_text(text, encoding="utf-8")
    return path


def _complaints(command: list[str | Path], scratch: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    lines = (done.stdout + done.stderr).replace(f"{scratch}/", "").splitlines()
    return [line for line in lines if line.strip()] or [f"exit code {done.returncode}"]
