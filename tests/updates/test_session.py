"""The session in docs/updating.md is a real one: each command says today what the page says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
EDITED = "deploy/gunicorn.conf.py"


def section() -> str:
    page = (ROOT / "docs/updating.md").read_text(encoding="utf-8")
    return page.partition("## A session from start to finish\n")[2].partition("\n## ")[0]


def blocks(language: str = "") -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", section(), flags=re.DOTALL | re.MULTILINE)
    return [text for name, text in found if name == language]


def project_of(tool: Any, folder: Path) -> Path:
    """Return the page's project: scaffolded by 0.1.0, with the edits of its diff, committed."""
    shutil.copytree(ROOT / "examples/projects/notes", folder)
    tool.git("init", "--quiet", cwd=folder)
    tool.commit(folder)
    init = ("init", "--platform", "onprem", "--defaults", "--data", "domain=notes.example.org")
    assert tool.run("v0.1.0", *init, cwd=folder).code == 0
    text = (folder / EDITED).read_text()
    lines = blocks("diff")[0].splitlines()
    for number, line in enumerate(lines):
        if line.startswith("-"):
            assert text.count(f"\n{line[1:]}\n") == 1
            text = text.replace(f"\n{line[1:]}\n", f"\n{lines[number + 1][1:]}\n")
    (folder / EDITED).write_text(text)
    return tool.commit(folder)  # type: ignore[no-any-return]


def played(tool: Any, project: Path, commands: list[str]) -> str:
    """Return what a terminal shows: each command behind its prompt, and what it says."""
    python = f"{shlex.quote(sys.executable)} -m djscaffold"
    lines = [f'djscaffold() {{ {python} "$@"; }}', "exec 2>&1"]
    for command in commands:
        lines += [f"printf '%s\\n' {shlex.quote('$ ' + command)}", command]
    # `$?` must be that of the command before, not of printf.
    script = "\n".join(lines).replace("printf '%s\\n' '$ echo $?'\necho $?", "echo_code")
    script = script.replace("echo_code", "code=$?; printf '%s\\n' '$ echo $?' $code")
    variables = {"PYTHONPATH": str(tool.folder("v0.2.0") / "generator"), "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project,
        env={**tool.environment, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_update_on_the_page_is_real(session_tool: Any, tmp_path: Path) -> None:
    """Only how many files there are may differ."""
    terminal = blocks()
    conflict = next(text for text in terminal if text.startswith("<<<<<<< "))
    place = terminal.index(conflict)
    project = project_of(session_tool, tmp_path / "notes")

    until, after = "".join(terminal[:place]), "".join(terminal[place + 1 :])
    assert counted(played(session_tool, project, commands_of(until))) == counted(until)
    assert conflict in (project / EDITED).read_text()
    assert counted(played(session_tool, project, commands_of(after))) == counted(after)


def commands_of(terminal: str) -> list[str]:
    return [line[2:] for line in terminal.splitlines() if line.startswith("$ ")]


def counted(text: str) -> str:
    return re.sub(r"\b\d+ of \d+ files", "N files", text).strip()
