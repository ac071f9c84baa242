"""The wheel carries what it needs to render and update where there is no network."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

TreeOf = Callable[[Path], dict[str, tuple[bytes, bool]]]
URL = "https://git.example.invalid/acme/djscaffold.git"


def build(source: Path, out: Path, *what: str) -> list[Path]:
    """Build with the hatchling of this environment; nothing is fetched."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), *what]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(out.iterdir())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def built(tool: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the wheels of two versions."""
    found = {}
    for version in ("v1.0.0", "v1.1.0"):
        out = tmp_path_factory.mktemp(version)
        found[version] = build(tool.folder(version), out, "--wheel")[0]
    return found


def install(wheel: Path, folder: Path) -> dict[str, str]:
    """Install the wheel, without index and dependencies, and return variables that use it."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*command, "--target", str(folder), str(wheel)], check=True)
    # The dependencies come from this environment, its editable djscaffold does not.
    return {"PYTHONPATH": f"{folder}{os.pathsep}{sysconfig.get_paths()['purelib']}"}


def run(
    tool: Any, variables: dict[str, str], *arguments: str, cwd: Path, url: str = URL
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "djscaffold", *arguments],
        cwd=cwd,
        env={**tool.environment, **variables, "DJSCAFFOLD_TEMPLATE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_scaffold_by_wheel_then_update_by_plain_copier_or_by_the_next_wheel(
    tool: Any, built: dict[str, Path], tree: TreeOf, tmp_path: Path
) -> None:
    """G09: nobody can reach the recorded address; both ways give one result (E06, E13)."""
    old = install(built["v1.0.0"], tmp_path / "old")
    new = install(built["v1.1.0"], tmp_path / "new")
    answers = tmp_path / "a.yml"
    answers.write_text("platform: onprem\n")
    for name in ("ours", "plain"):
        project = tmp_path / name
        project.mkdir()
        tool.git("init", "--quiet", cwd=project)
        done = run(tool, old, "render", "--data-file", str(answers), "--out", ".", cwd=project)
        assert done.returncode == 0, done.stderr
        (project / "deploy/plain.txt").write_text("plain\nmine\n")
        tool.commit(project)
    recorded = (tmp_path / "ours/.copier-answers.yml").read_text()
    assert f"_src_path: {URL}\n" in recorded
    assert "_commit: v1.0.0\n" in recorded

    ours = run(tool, new, "update", cwd=tmp_path / "ours")
    mapped = {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.{tool.repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": URL,
        "GIT_CONFIG_KEY_1": "protocol.file.allow",
        "GIT_CONFIG_VALUE_1": "always",
    }
    plain = subprocess.run(
        [sys.executable, "-m", "copier", "update", "--defaults", "--vcs-ref", "v1.1.0"],
        cwd=tmp_path / "plain",
        env={**tool.environment, **mapped},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ours.returncode, plain.returncode) == (3, 0), ours.stderr + plain.stderr
    assert tree(tmp_path / "ours") == tree(tmp_path / "plain")
    assert run(tool, new, "check", cwd=tmp_path / "ours").returncode == 3


def test_an_older_wheel_says_which_version_is_needed(
    tool: Any, built: dict[str, Path], tmp_path: Path
) -> None:
    project = tool.project(tmp_path / "p", version="v1.2.0")

    done = run(tool, install(built["v1.0.0"], tmp_path / "old"), "update", cwd=project)

    assert done.returncode == 1
    assert "does not know version v1.2.0" in done.stderr


def test_the_source_distribution_gives_the_same_wheel_without_git(
    tool: Any, built: dict[str, Path], tmp_path: Path
) -> None:
    sdist = build(tool.folder("v1.1.0"), tmp_path / "sdist", "--sdist")[0]
    shutil.unpack_archive(sdist, tmp_path / "unpacked")
    source = next((tmp_path / "unpacked").iterdir())

    wheel = build(source, tmp_path / "wheel", "--wheel")[0]

    assert not (source / ".git").exists()
    assert digest(wheel) == digest(built["v1.1.0"])


def test_two_builds_are_the_same_bytes(tool: Any, built: dict[str, Path], tmp_path: Path) -> None:
    again = build(tool.folder("v1.1.0"), tmp_path / "again", "--wheel")[0]

    assert digest(again) == digest(built["v1.1.0"])


def test_the_bundle_holds_the_template_and_nothing_else(
    tool: Any, built: dict[str, Path], tmp_path: Path
) -> None:
    with zipfile.ZipFile(built["v1.1.0"]) as wheel:
        wheel.extractall(tmp_path / "wheel")
    package = tmp_path / "wheel" / "djscaffold"
    assert json.loads((package / "_template.json").read_text()) == {
        "commit": "v1.1.0",
        "versions": ["v1.0.0", "v1.1.0"],
    }
    clone = tmp_path / "clone"
    tool.git("clone", "--quiet", str(package / "_template.bundle"), str(clone), cwd=tmp_path)
    assert sorted(path.name for path in clone.iterdir()) == [".git", "copier.yml", "templates"]
    listed = ["ls-files", "-s", "copier.yml", "templates"]
    assert tool.git(*listed, cwd=clone) == tool.git(*listed, cwd=tool.folder("v1.1.0"))


def test_a_clone_without_tags_builds_and_says_so(tool: Any, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    tool.git("clone", "--quiet", "--no-tags", str(tool.repository), str(clone), cwd=tmp_path)

    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir"]
    done = subprocess.run(
        [*command, str(tmp_path / "out"), str(clone)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "the wheel carries one version" in done.stdout + done.stderr
    wheel = next((tmp_path / "out").iterdir())
    commit = tool.git("rev-parse", "--short", "HEAD", cwd=clone).strip()
    with zipfile.ZipFile(wheel) as files:
        assert json.loads(files.read("djscaffold/_template.json"))["commit"] == commit
    variables = install(wheel, tmp_path / "installed")
    project = tmp_path / "p"
    project.mkdir()
    (tmp_path / "a.yml").write_text("platform: onprem\n")
    done = run(
        tool, variables, "render", "--data-file", "../a.yml", "--out", ".", cwd=project,
        url=str(clone),
    )  # fmt: skip
    tool.git("init", "--quiet", cwd=project)
    tool.commit(project)
    assert done.returncode == 0, done.stderr

    (clone / "templates/onprem/deploy/plain.txt").write_text("newer\n")
    tool.commit(clone)
    updated = tool.copier("update", "--defaults", cwd=project)

    assert updated.code == 0, updated.err
    assert (project / "deploy/plain.txt").read_text() == "newer\n"
