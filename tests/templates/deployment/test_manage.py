"""deploy/bin/manage, as rendered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MakeSite = Callable[..., Any]
AWKWARD = 'p$a%b@c/d#e`f"g\\h' * 4


@pytest.mark.parametrize("folder", [".", "back end"])
def test_manage_runs_from_anywhere_where_the_environment_is_set(
    make_site: MakeSite, folder: str
) -> None:
    """In a container: directly. C03: what passwords may contain reaches the settings."""
    site = make_site(answers={"project_root": folder})
    if folder != ".":
        (site.root / folder).mkdir()
        (site.root / "shop").rename(site.root / folder / "shop")
    (site.root / ".venv" / "bin").mkdir(parents=True)
    python = site.root / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {site.python} "$@"\n')
    python.chmod(0o755)
    show = "from django.conf import settings as s; print(s.SECRET_KEY, s.DEBUG)"

    done = subprocess.run(
        [str(site.root / "deploy" / "bin" / "manage"), "shell", "-v", "0", "-c", show],
        env=site.variables(
            SECRET_KEY=AWKWARD,
            DJANGO_SETTINGS_MODULE=None,
            PYTHONPATH=None,
        ),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout == f"{AWKWARD} False\n", done.stderr


def test_manage_is_clean_for_shellcheck(make_site: MakeSite) -> None:
    # Beside the interpreter, where a virtual environment keeps it.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shellcheck = shutil.which("shellcheck", path=path)
    if shellcheck is None:
        pytest.skip("shellcheck is not installed")
    manage = make_site().root / "deploy" / "bin" / "manage"

    done = subprocess.run([shellcheck, str(manage)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")
