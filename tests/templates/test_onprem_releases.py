"""Which releases stay on a server, and that nothing about a server depends on chance."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from djscaffold.render.direct import render_files
from djscaffold.verify.tools import find_tool

FILES = {
    file.path: file.content.decode()
    for file in render_files({"platform": "onprem", "task_library": "celery", "task_app": "shop"})
}
PLAYBOOK = """- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: release, tasks_from: tidy}
"""


def test_the_newest_releases_stay_and_the_one_that_serves(tmp_path: Path) -> None:
    """Many more than stay: by chance the right ones would hardly be left."""
    for path, text in FILES.items():
        if path.startswith("deploy/ansible/roles/release/"):
            file = tmp_path / path.removeprefix("deploy/ansible/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    releases = tmp_path / "site/releases"
    names = [f"202601{day:02}T120000-{day:010x}" for day in range(1, 9)]
    for name in names:
        (releases / name).mkdir(parents=True)
    (tmp_path / "site/current").symlink_to(f"releases/{names[4]}")
    (tmp_path / "tidy.yml").write_text(PLAYBOOK)

    done = subprocess.run(
        [
            *(str(find_tool("ansible-playbook")), "tidy.yml"),
            *("--extra-vars", f"project_slug=..{tmp_path}/site releases_kept=3"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.name for path in releases.iterdir()) == [names[4], *names[-2:]]


def test_no_order_is_left_to_chance() -> None:
    """Ansible's filters for sets give any order, another one each time it is started."""
    careless = [
        (path, line.strip())
        for path, text in FILES.items()
        if path.startswith("deploy/ansible/")
        for line in text.splitlines()
        if re.search(r"\|\s*(difference|union|intersect|symmetric_difference)\(", line)
        and not re.search(r"\|\s*(length|sort)\b", line)
    ]

    assert careless == []
