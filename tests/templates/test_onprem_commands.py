"""deploy/bin on one's own computer: what reaches Ansible."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .onprem_sites import BASE, SITES, rendered, write


def fake(folder: Path, name: str) -> dict[str, str]:
    """Put a program *name* into *folder* that prints its last argument; return the environment."""
    program = folder / name
    program.write_text('#!/bin/sh\nfor last in "$@"; do :; done; printf "%s" "$last"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def test_a_checkout_that_everybody_may_write_is_deployed_all_the_same(tmp_path: Path) -> None:
    """Ansible ignores an ansible.cfg in such a folder, and WSL's /mnt/c is one: "no hosts matched"."""
    root = write(tmp_path, BASE)
    (root / "deploy/ansible").chmod(0o777)

    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    for command in ("backup", "provision", "release", "rollback"):
        done = subprocess.run(
            [root / f"deploy/bin/{command}", "--list-hosts"],
            env={**os.environ, "HOME": str(tmp_path), "PATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "server1" in done.stdout, (command, done.stderr)


@pytest.mark.parametrize(
    "options",
    [["--since", "2 hours ago"], ["--grep", "it's"], ["--grep", r'say "no" \d+', "--reverse"]],
)
def test_an_option_of_the_log_stays_one_option(tmp_path: Path, options: list[str]) -> None:
    asked = journalctl(tmp_path, *options)

    assert asked[:3] == ["journalctl", "--no-pager", "--unit"]
    assert asked[-len(options) :] == options


def test_the_log_is_that_of_this_site_alone(tmp_path: Path) -> None:
    """A site called shop-admin may stand on the same machine: `shop-*` would be its units, too."""
    asked = journalctl(tmp_path)
    patterns = [name for option, name in pairwise(asked) if option == "--unit"]

    def is_shown(unit: str) -> bool:
        """Say whether journalctl, which matches as fnmatch(3) does, takes the unit."""
        return any(fnmatchcase(unit, pattern) for pattern in patterns)

    ours, others = (units_of(SITES["everything"] | {"project_slug": slug}) for slug in TWO_SITES)
    assert len(ours) == len(others) > 10
    assert [unit for unit in ours if not is_shown(unit)] == []
    assert [unit for unit in others if is_shown(unit)] == []


TWO_SITES = ("shop", "shop-admin")


def units_of(answers: dict[str, Any]) -> list[str]:
    """Return the units that are rendered, those with an `@` for one instance."""
    paths = [path for path in rendered(answers) if path.startswith("deploy/systemd/")]
    return [Path(path).name.replace("@.", "@main.") for path in paths]


def journalctl(tmp_path: Path, *options: str) -> list[str]:
    """Return the command that `deploy/bin/logs` has Ansible run."""
    root = write(tmp_path, BASE)
    done = subprocess.run(
        [root / "deploy/bin/logs", *options],
        env=fake(tmp_path, "ansible"),
        capture_output=True,
        text=True,
        check=True,
    )
    argv: list[str] = json.loads(done.stdout)["argv"]
    return argv
