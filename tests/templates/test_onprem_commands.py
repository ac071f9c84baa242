"""deploy/bin on one's own computer: what reaches Ansible."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .test_onprem_files import BASE, write


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
    root = write(tmp_path, BASE)
    environment = fake(tmp_path, "ansible")

    done = subprocess.run(
        [root / "deploy/bin/logs", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout)["argv"] == [
        *("journalctl", "--no-pager", "--unit", "shop-*"),
        *options,
    ]
