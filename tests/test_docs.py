"""What the documentation says is true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from djscaffold.cli import COMMANDS, cli

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("script", [pytest.param("questions", marks=pytest.mark.slow), "parity"])
def test_a_generated_page_is_current(script: str) -> None:
    """`make docs` writes it. The table also fails where a file lost what a cell names."""
    result = subprocess.run(
        [sys.executable, f"docs/generate_{script}.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_command_explains_itself(name: str) -> None:
    """`--help` answers, and docs/usage.md has a section."""
    result = CliRunner().invoke(cli, [name, "--help"])

    assert result.exit_code == 0
    assert f"\n## djscaffold {name}\n" in (ROOT / "docs/usage.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_between_pages_leads_somewhere(page: Path) -> None:
    """Relative links only; the network is not asked."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_session_in_the_readme_is_real(tmp_path: Path) -> None:
    """`inspect` on the example says today what the README says; only the time may differ."""
    project = tmp_path / "notes"
    shutil.copytree(ROOT / "examples/projects/notes", project)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("$ djscaffold inspect\n")[2].partition("\n```")[0]

    result = CliRunner().invoke(cli, ["inspect", str(project)])

    timeless = [re.sub(r"Read in [0-9.]+ s", "", text) for text in (shown, result.stdout)]
    assert timeless[0].strip() == timeless[1].strip()


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    """Debian's python3 lacks it, and its own words name a package of another version."""
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)

    done = subprocess.run(
        ["make", "demo", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()
