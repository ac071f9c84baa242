"""``terraform`` on a copy of the files: formatting, the whole configuration, and its own tests.

The copy keeps ``.terraform`` and lock files out of the project. Providers are downloaded by
``init``: without a network that is the reason for which nothing was checked, not a failure.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, ToolOutput, Tree

FOLDER = "deploy/terraform"
_NO_NETWORK = re.compile(
    r"could not connect|failed to request discovery|no such host|timeout|connection refused|"
    r"network is unreachable|certificate signed by unknown authority",
    re.IGNORECASE,
)


def prepare_format(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return ``terraform fmt -check``; it needs no provider."""
    if not tree.files(f"{FOLDER}/*.tf"):
        return Skip(f"no {FOLDER}")
    argv = ("terraform", f"-chdir={tree.root / FOLDER}", "fmt", "-check", "-diff", "-recursive")
    return (Command(argv=argv, subject=FOLDER),)


def prepare_validate(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command that initialises a copy, validates it and runs its tests."""
    if not tree.files(f"{FOLDER}/*.tf"):
        return Skip(f"no {FOLDER}")
    copy = scratch / "terraform"
    shutil.copytree(tree.root / FOLDER, copy, ignore=shutil.ignore_patterns(".terraform*"))
    steps = ("init -backend=false -input=false", "validate", "test")
    script = " && ".join(f'terraform -chdir="$0" {step} -no-color' for step in steps)
    return (Command(argv=("sh", "-c", script, str(copy)), subject=FOLDER),)


def read_validate(output: ToolOutput) -> str | Skip:
    """Return terraform's words; that it could not reach its registry is no verdict."""
    if output.code == 0:
        return ""
    if "Failed to query available provider" in output.text and _NO_NETWORK.search(output.text):
        return Skip("terraform init could not reach the provider registry")
    return output.text
