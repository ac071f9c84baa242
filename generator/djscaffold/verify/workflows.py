"""``actionlint`` on the GitHub workflows that were written."""

from __future__ import annotations

from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, Tree

# Ours; the person's own workflows beside them are not ours to judge.
NAMES = ("deploy.yml", "djscaffold-check.yml", "djscaffold-update.yml")


def prepare(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command for all workflows."""
    workflows = [path for path in tree.files(".github/workflows/*.yml") if path.name in NAMES]
    if not workflows:
        return Skip("no workflow of ours in .github/workflows/")
    names = (tree.name_of(path) for path in workflows)
    # Scripts in `run:` are read by shellcheck, where it is installed.
    return (
        Command(
            argv=("actionlint", "-oneline", "-no-color", *names),
            subject=f"GitHub workflows ({len(workflows)})",
            cwd=tree.root,
        ),
    )
