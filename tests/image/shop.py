"""Projects to build images of: what startproject writes, one manager's files, the deployment's."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from djscaffold.render.direct import render_files

EXAMPLES = Path(__file__).parents[2] / "examples/projects"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# No bridge to build on; and the certificate of the database comes from AWS, here from the folder.
BUILD_OPTIONS = ("--network=host", "--build-arg=DATABASE_CA=ca.crt")


def make_shop(folder: Path, files: Mapping[str, str], **answers: Any) -> None:
    """Write the project, and the files of the deployment for its *answers*."""
    folder.mkdir(parents=True)
    start = [sys.executable, "-m", "django", "startproject", "shop", str(folder)]
    subprocess.run(start, check=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    chosen = {
        "platform": "aws",
        "project_slug": "shop",
        "domain": "shop.example.org",
        "python_version": "3.13",
        "missing_packages": ["gunicorn==23.0.0", "whitenoise==6.9.0"],
        "database_engine": "sqlite",
        "has_static_root": False,
        **answers,
    }
    for rendered in render_files(chosen):
        path = folder / rendered.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rendered.content)
    shutil.copy(CERTIFICATES, folder / "ca.crt")


def make_example(folder: Path, name: str) -> None:
    """Copy an example project of ours, and let `djscaffold init` write its deployment."""
    shutil.copytree(EXAMPLES / name, folder)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    init = ["init", "--platform", "aws", "--defaults", "--allow-dirty"]
    init += ["--data", "domain=shop.example.org", "--data", "python_version=3.13"]
    subprocess.run([sys.executable, "-m", "djscaffold", *init], cwd=folder, check=True)
    shutil.copy(CERTIFICATES, folder / "ca.crt")
