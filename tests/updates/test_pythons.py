"""The wheel, installed into every Python from 3.11 on that is found here, gives the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
Tree = dict[str, tuple[bytes, bool]]
TreeOf = Callable[[Path], Tree]


def interpreters() -> dict[str, Path]:
    """Return one interpreter a version: this one first, then PATH's, then pyenv's."""
    found = {f"3.{sys.version_info.minor}": Path(sys.executable)}
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    for minor in range(11, 20):
        name = f"python3.{minor}"
        on_path = shutil.which(name)
        places = [Path(on_path)] if on_path else []
        places += sorted(pyenv.glob(f"3.{minor}.*/bin/{name}"))
        for place in places:
            # pyenv's own commands on PATH stand for versions that are not switched on.
            if subprocess.run([place, "-c", ""], capture_output=True, check=False).returncode == 0:
                found.setdefault(f"3.{minor}", place)
    return found


@pytest.fixture(scope="module")
def wheel(real_tool: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    source = str(real_tool.folder("v1.0.0"))
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out)]
    subprocess.run([*command, source], check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def expected(
    real_tool: Any, wheel: Path, tree: TreeOf, tmp_path_factory: pytest.TempPathFactory
) -> Tree:
    """Return what the Python that runs the tests gives."""
    folder = tmp_path_factory.mktemp("expected")
    return tree(scaffold_and_update(real_tool, wheel, Path(sys.executable), folder))


@pytest.mark.parametrize("version", interpreters())
def test_init_check_and_plain_copiers_update_give_the_same_bytes(
    real_tool: Any, wheel: Path, tree: TreeOf, tmp_path: Path, expected: Tree, version: str
) -> None:
    """G15: the built wheel, on every Python that is here and that it says it runs on."""
    python = interpreters()[version]

    project = scaffold_and_update(real_tool, wheel, python, tmp_path)

    assert tree(project) == expected
    assert b"keepalive = 75" in expected["deploy/gunicorn.conf.py"][0]
    assert expected["deploy/env.example"][0].endswith(b"# mine\n")


def scaffold_and_update(tool: Any, wheel: Path, python: Path, folder: Path) -> Path:
    """Install the wheel for *python*, scaffold the example, edit a file, update by plain copier."""
    place = folder / "venv"
    subprocess.run([python, "-m", "venv", "--without-pip", place], check=True)
    mine = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", mine]
    subprocess.run([*pip, "install", wheel], check=True)
    project = folder / "p"
    shutil.copytree(ROOT / "examples/projects/notes", project)
    tool.git("init", "--quiet", cwd=project)
    tool.commit(project)

    def run(*arguments: str) -> None:
        variables = {"DJSCAFFOLD_TEMPLATE_URL": str(tool.repository)}
        done = subprocess.run(
            [mine, "-m", *arguments],
            cwd=project,
            env={**tool.environment, **variables},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    options = ("--platform", "onprem", "--defaults", "--data", "domain=notes.example.org")
    run("djscaffold", "init", *options)
    run("djscaffold", "check")
    edited = project / "deploy/env.example"
    edited.write_bytes(edited.read_bytes() + b"# mine\n")
    tool.commit(project)
    run("copier", "update", "--defaults", "--vcs-ref", "v1.1.0")
    return project
