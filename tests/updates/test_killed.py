"""Killed at any moment, or out of room, a command leaves the project as it was or complete.

The real commands in processes of their own. Python tells a hook of every file that they are about
to open for writing, rename or remove below the project, and at the chosen one the hook kills the
process.
"""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from djscaffold.render.journal import STAGE, finish_interrupted

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
TreeOf = Callable[[Path], dict[str, tuple[bytes, bool]]]
INIT = ("init", "--platform", "onprem", "--defaults", "--data", "domain=notes.example.org")
# Of all the moments at which something is about to be written, these parts: the first, the last,
# one while all is laid ready beside, and two while files are moved into place.
PARTS = (0.0, 0.3, 0.6, 0.85, 1.0)
HOOK = """
import atexit, os, signal, sys
below, at, seen = os.environ["KILL_BELOW"], int(os.environ["KILL_AT"]), 0
writing = os.O_WRONLY | os.O_RDWR
def hook(event, details):
    global seen
    if event not in ("open", "os.rename", "os.remove", "os.mkdir"):
        return
    if event == "open" and not (isinstance(details[2], int) and details[2] & writing):
        return
    if isinstance(details[0], int) or not os.fsdecode(details[0]).startswith(below):
        return
    seen += 1
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
if at == 0:
    atexit.register(lambda: sys.stderr.write(f"\\nmoments: {seen}\\n"))
"""


@dataclass(frozen=True)
class Case:
    """A command, the tool that runs it, and how to make a project for it."""

    tool: Any
    version: str
    command: tuple[str, ...]
    make: Callable[[Path], Path]

    def run(self, project: Path, *command: str, kill_at: int | None = None, **options: Any) -> Any:
        """Run a command of the tool, or the case's own; killed at the *kill_at*-th moment."""
        hook = project.parent / "hook"
        hook.mkdir(exist_ok=True)
        (hook / "sitecustomize.py").write_text(HOOK if kill_at is not None else "")
        return subprocess.run(
            [sys.executable, "-m", "djscaffold", *(command or self.command)],
            cwd=project,
            env={
                **self.tool.environment,
                "PYTHONPATH": f"{hook}:{self.tool.folder(self.version) / 'generator'}",
                "DJSCAFFOLD_TEMPLATE_URL": str(self.tool.repository),
                "KILL_BELOW": str(project),
                "KILL_AT": str(kill_at),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )


@pytest.fixture(params=["init", "update", "switch"])
def case(request: pytest.FixtureRequest, tool: Any, real_tool: Any) -> Case:
    def fresh(folder: Path) -> Path:
        shutil.copytree(ROOT / "examples/projects/notes", folder)
        real_tool.git("init", "--quiet", cwd=folder)
        return real_tool.commit(folder)  # type: ignore[no-any-return]

    def scaffolded(folder: Path) -> Path:
        project: Path = tool.project(folder)
        conf = project / "deploy/site.conf"
        conf.write_text(conf.read_text().replace("line 2\n", "line 2, mine\n"))
        (project / "deploy/gone.txt").write_text("edited\n")
        return tool.commit(project)  # type: ignore[no-any-return]

    cases = {
        "init": Case(real_tool, "v1.0.0", INIT, fresh),
        "update": Case(tool, "v1.1.0", ("update",), scaffolded),
        "switch": Case(tool, "v1.0.0", ("switch", "aws"), scaffolded),
    }
    return cases[request.param]


def test_killed_at_any_moment(case: Case, tree: TreeOf, tmp_path: Path) -> None:
    """The next command puts it right, and git never sees what is unfinished."""
    project = case.make(tmp_path / "whole" / "p")
    before = tree(project)
    whole = case.run(project, kill_at=0)
    assert whole.returncode in (0, 3), whole.stderr
    complete = tree(project)
    moments = int(whole.stderr.rpartition("moments: ")[2])
    assert moments > 10
    halves = 0

    for number, part in enumerate(PARTS):
        project = case.make(tmp_path / str(number) / "p")
        at = 1 + round(part * (moments - 1))

        killed = case.run(project, kill_at=at)

        assert killed.returncode == -signal.SIGKILL, (at, moments, killed.stderr)
        assert STAGE not in "".join(case.tool.status(project))
        halves += without_stage(tree(project)) not in (before, complete)
        copy = shutil.copytree(project, tmp_path / str(number) / "copy")
        finish_interrupted(copy)
        assert tree(copy) in (before, complete)
        # Each of these commands begins by putting that right; update and switch then refuse where
        # all had been written, because it is not committed yet.
        again = case.run(project)
        assert again.returncode in (0, 1, 3), again.stderr
        assert tree(project) == complete, again.stderr

    assert halves, "it was never cut in the middle, so nothing was shown"


def without_stage(found: dict[str, tuple[bytes, bool]]) -> dict[str, tuple[bytes, bool]]:
    return {path: held for path, held in found.items() if not path.startswith(STAGE)}


def test_a_disk_that_is_full_changes_nothing(case: Case, tree: TreeOf, tmp_path: Path) -> None:
    """A file may not grow beyond 20 bytes: writing fails as it does on a full disk."""
    project = case.make(tmp_path / "p")
    before = tree(project)

    done = case.run(project, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)))

    assert done.returncode == 1, done.stdout + done.stderr
    assert tree(project) == before
    assert case.tool.status(project) == []
    assert "Traceback" not in done.stderr
