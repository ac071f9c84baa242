"""``hadolint`` on the Dockerfile, and compose's own reading of compose.yaml."""

from __future__ import annotations

from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, Tree

DOCKERFILE = "deploy/Dockerfile"
COMPOSE = "deploy/compose.yaml"


def prepare_hadolint(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command for the Dockerfile."""
    if not tree.files(DOCKERFILE):
        return Skip(f"no {DOCKERFILE}")
    argv = ("hadolint", "--no-color", DOCKERFILE)
    return (Command(argv=argv, subject=DOCKERFILE, cwd=tree.root),)


def prepare_compose(tree: Tree, scratch: Path, probed: str) -> Prepared:
    """Return ``docker compose config``; it needs the plugin, and no running engine."""
    if not tree.files(COMPOSE):
        return Skip(f"no {COMPOSE}")
    if "version" not in probed.lower():
        return Skip("docker has no compose plugin: https://docs.docker.com/compose/install/")
    argv = ("docker", "compose", "--file", COMPOSE, "config", "--quiet")
    return (Command(argv=argv, subject=COMPOSE, cwd=tree.root),)
