"""``yamllint`` on the rendered YAML: what a parser accepts and a reader would misread."""

from __future__ import annotations

from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, Tree

# Long lines are shell commands and links; the words yes and no belong to Ansible's older half.
RULES = """\
extends: default
rules:
  comments: {min-spaces-from-content: 1}
  comments-indentation: disable
  document-start: disable
  line-length: disable
  braces: {max-spaces-inside: 1}
  truthy: {check-keys: false}
"""


def prepare(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command for all YAML files that djscaffold writes."""
    files = tree.files("deploy/**/*.yml", "deploy/**/*.yaml", ".github/workflows/deploy.yml")
    if not files:
        return Skip("no YAML in deploy/")
    (scratch / "rules.yml").write_text(RULES)
    argv = ("yamllint", "--strict", "--format=parsable", "-c", str(scratch / "rules.yml"))
    return (
        Command(
            argv=(*argv, *(tree.name_of(path) for path in files)),
            subject=f"deploy: YAML files ({len(files)})",
            cwd=tree.root,
        ),
    )
