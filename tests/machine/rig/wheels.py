"""A folder of wheels for a machine that reaches no package index, as an air-gapped site has it.

They are fetched by pip, with an interpreter of the machine's own minor version, so that markers
and tags are the machine's. What a lock file names is listed by the tool that wrote it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from rig.image import alone, cache_folder

# Debian's own Python in each suite.
PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
# What a source distribution may need to become a wheel on the machine.
BUILDERS = ("pip", "setuptools", "wheel", "hatchling", "flit-core", "poetry-core", "pdm-backend")
# Asked for below Python 3.11.3 (by redis), which Debian 12 has, and the one that runs here may not.
OF_OLDER_PATCHES = ("async-timeout",)
EXPORTS: dict[str, tuple[str, ...]] = {
    "poetry": ("poetry", "export", "--format", "requirements.txt", "--without-hashes"),
    "uv": (
        "uv",
        "export",
        "--quiet",
        "--frozen",
        "--no-default-groups",
        "--no-emit-project",
        "--no-hashes",
    ),
    "pdm": ("pdm", "export", "--prod", "--format", "requirements", "--without-hashes"),
    "pipenv": ("pipenv", "requirements"),
}


def make_wheelhouse(suite: str, project: Path, python: Path | None = None) -> Path:
    """Return a folder with everything that a release of the scaffolded *project* installs.

    *python* is the interpreter that the machine is given, if not its suite's own.
    """
    with alone("wheels"):
        return _make_wheelhouse(suite, project, python)


def _make_wheelhouse(suite: str, project: Path, python: Path | None) -> Path:
    answers = _read_yaml(project / "deploy/ansible/group_vars/all.yml")
    defaults = _read_yaml(project / "deploy/ansible/roles/release/defaults/main.yml")
    tool = _tool(answers["dependency_manager"])
    tools: list[str] = defaults["release_tool_packages"].get(tool, [])
    files = [project / "deploy/requirements.txt", *_requirement_files(project, answers, tools)]
    texts = [*(file.read_text(errors="replace") for file in files), *tools, *BUILDERS]
    texts += OF_OLDER_PATCHES
    texts += [suite, str(python)]
    folder = cache_folder() / "wheels" / hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        for wanted in (
            [word for file in files for word in ("-r", str(file))],
            [*tools, *BUILDERS, *OF_OLDER_PATCHES],
        ):
            _download(suite, wanted, folder, project, python)
        (folder / "complete").touch()
    return folder


def _tool(manager: str) -> str:
    return {"hatch": "uv", "setuptools": "uv", "pip-pyproject": "uv"}.get(manager, manager)


def _requirement_files(project: Path, answers: dict[str, Any], tools: list[str]) -> list[Path]:
    """Return files that pip reads: the project's own, or what its lock file says."""
    files = [project / name for name in answers["dependency_files"]]
    manager = answers["dependency_manager"]
    if manager == "pip-requirements":
        return files
    tool = _tool(manager)
    export = EXPORTS.get(manager) or _compile(answers)
    if manager == "uv":
        export += tuple(f"--group={name}" for name in answers["dependency_groups"])
    bin_folder = _tool_environment(tool, tools) / "bin"
    done = subprocess.run(
        [str(bin_folder / export[0]), *export[1:]],
        cwd=files[0].parent,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = cache_folder() / "wheels" / f"{project.name}.txt"
    listed.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text(done.stdout)
    return [listed]


def _compile(answers: dict[str, Any]) -> tuple[str, ...]:
    """Return uv's call for a project without a lock file, as the release makes it."""
    groups = [f"--group={name}" for name in answers["dependency_groups"]]
    extras = [f"--extra={name}" for name in answers["dependency_extras"]]
    declared = answers["has_project_table"] or not groups
    files = [Path(answers["dependency_files"][0]).name] if declared else []
    return ("uv", "pip", "compile", "--quiet", *files, *groups, *extras)


def _tool_environment(tool: str, packages: list[str]) -> Path:
    folder = cache_folder() / "tools" / tool
    if not (folder / "bin" / tool).exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin/pip"), "install", "-qq"]
        subprocess.run([*pip, *packages], check=True)
    return folder


def _download(
    suite: str, wanted: list[str], folder: Path, project: Path, given: Path | None
) -> None:
    version = PYTHONS[suite]
    python = str(given) if given else _interpreter(version)
    options = ["-qq", "--prefer-binary"]
    if python is None:
        python = sys.executable
        options = ["-qq", "--python-version", version, "--only-binary", ":all:", *_platforms()]
    subprocess.run(
        [python, "-m", "pip", "download", *options, "--dest", str(folder), *wanted],
        cwd=project,
        check=True,
    )


def _interpreter(version: str) -> str | None:
    """Return a Python of *version* that really runs (a version manager's stub may not)."""
    code = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    for name in (sys.executable, f"python{version}"):
        if shutil.which(name):
            done = subprocess.run([name, "-c", code], capture_output=True, text=True)
            if done.stdout.strip() == version:
                return name
    return None


def _platforms() -> list[str]:
    """Return pip's options for wheels that Debian 12 and later can load."""
    minors = (17, 24, 27, 28, 31, 34, 35, 36)
    names = ["manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in minors)]
    return [word for name in names for word in ("--platform", name)]


def _read_yaml(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text())
    assert isinstance(content, dict)
    return content
