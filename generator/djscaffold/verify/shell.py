"""``shellcheck`` on every rendered shell script."""

from __future__ import annotations

from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, Tree

SHELLS = ("#!/bin/sh", "#!/bin/bash", "#!/usr/bin/env bash", "#!/usr/bin/env sh")


def prepare(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command for all scripts under deploy/."""
    scripts = [path for path in tree.files("deploy/**/*") if _is_script(path)]
    if not scripts:
        return Skip("no shell script in deploy/")
    names = (tree.name_of(path) for path in scripts)
    # With -x it also reads the files that a script sources, found beside the script.
    argv = ("shellcheck", "-x", "--source-path=SCRIPTDIR", "--format=gcc", *names)
    return (Command(argv=argv, subject=f"deploy: scripts ({len(scripts)})", cwd=tree.root),)


def _is_script(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(80).decode("ascii", "replace")
    return first.startswith(SHELLS)
