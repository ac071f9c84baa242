"""``ansible-playbook --syntax-check`` and ``ansible-lint`` on the rendered playbooks."""

from __future__ import annotations

from pathlib import Path

import yaml

from djscaffold.verify.model import Command, Prepared, Skip, ToolOutput, Tree

FOLDER = "deploy/ansible"


def prepare_syntax(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command for each playbook."""
    playbooks = _playbooks(tree)
    if not playbooks:
        return Skip(f"no playbook in {FOLDER}")
    return tuple(
        Command(
            argv=("ansible-playbook", "--syntax-check", *_inventory(tree), path.name),
            subject=tree.name_of(path),
            cwd=path.parent,
            env=_settings(tree, scratch),
        )
        for path in playbooks
    )


def prepare_lint(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command for all playbooks, with what they use."""
    playbooks = _playbooks(tree)
    if not playbooks:
        return Skip(f"no playbook in {FOLDER}")
    # `--offline`: nothing is fetched. The cache would otherwise appear inside the project.
    argv = ("ansible-lint", "--offline", "--nocolor", "-q", "--parseable")
    return (
        Command(
            argv=(*argv, *(path.name for path in playbooks)),
            subject=FOLDER,
            cwd=tree.root / FOLDER,
            env=_settings(tree, scratch) | {"XDG_CACHE_HOME": str(scratch)},
        ),
    )


def read_lint(output: ToolOutput) -> str:
    """Return the findings, without the notices about ansible-lint itself."""
    if output.code == 0:
        return ""
    return output.stdout.strip() or output.stderr.strip() or f"exit code {output.code}"


def _playbooks(tree: Tree) -> tuple[Path, ...]:
    """Return the files at the top of deploy/ansible that are lists of plays."""
    files = tree.files(f"{FOLDER}/*.yml", f"{FOLDER}/*.yaml")
    return tuple(path for path in files if _is_playbook(path))


def _is_playbook(path: Path) -> bool:
    try:
        plays = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        # It may hold Ansible's own tags; Ansible says what is wrong with it.
        return not path.name.startswith("inventory")
    names = ("hosts", "import_playbook", "ansible.builtin.import_playbook")
    return isinstance(plays, list) and any(
        isinstance(play, dict) and any(name in play for name in names) for play in plays
    )


def _inventory(tree: Tree) -> tuple[str, ...]:
    """Return the inventory that is there; a person makes ``inventory.yml`` from the example."""
    names = ("inventory.yml", "inventory.example.yml", "inventory.yml.example", "inventory.ini")
    there = next((name for name in names if (tree.root / FOLDER / name).is_file()), None)
    return ("-i", there) if there else ()


def _settings(tree: Tree, scratch: Path) -> dict[str, str]:
    own = tree.root / FOLDER / "ansible.cfg"
    chosen = {"ANSIBLE_CONFIG": str(own)} if own.is_file() else {}
    return chosen | {
        "ANSIBLE_HOME": str(scratch / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(scratch / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
    }
