"""An update gives one result whatever surrounds the project: settings, checkouts, hooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

TreeOf = Callable[[Path], dict[str, tuple[bytes, bool]]]

CONFIGURATIONS = {
    "whitespace-error": ["apply.whitespace=error"],
    "whitespace-fix": ["apply.whitespace=fix"],
    "autocrlf": ["core.autocrlf=true"],
    "autocrlf-input": ["core.autocrlf=input"],
    "no-file-mode": ["core.fileMode=false"],
    "quotes": ["core.quotePath=true"],
    "no-prefix": ["diff.noprefix=true"],
    "mnemonic-prefix": ["diff.mnemonicPrefix=true"],
    "external-diff": ["diff.external=false"],
    "colours": ["color.ui=always"],
    "signing": ["commit.gpgSign=true", "user.signingKey=none", "tag.gpgSign=true"],
    "hooks": ["core.hooksPath=HOOKS"],
    "status": [
        "status.showUntrackedFiles=no",
        "status.short=true",
        "status.branch=true",
        "status.relativePaths=false",
        "status.renames=copies",
    ],
    "protocol": ["protocol.file.allow=never", "safe.bareRepository=explicit"],
    "ignores": ["core.excludesFile=IGNORES"],
    "rewriting": ["url.ssh://nowhere.invalid/.insteadOf=/", "fetch.pruneTags=true"],
}


def edited_project(tool: Any, folder: Path) -> Path:
    project = tool.project(folder)
    conf = project / "deploy/site.conf"
    conf.write_text(conf.read_text().replace("line 2\n", "line 2, mine\n"))
    (project / "deploy/plain.txt").unlink()
    return tool.commit(project)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def expected(
    tool: Any, tree: TreeOf, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[bytes, bool]]:
    """Return what the update gives where nothing is odd."""
    project = edited_project(tool, tmp_path_factory.mktemp("expected") / "p")
    run = tool.run("v1.1.0", "update", cwd=project)
    assert run.code == 0, run.err
    return tree(project)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_odd_configurations(
    tool: Any, tree: TreeOf, tmp_path: Path, expected: Any, name: str
) -> None:
    """G06: copier alone fails, or drops edits, in some of them (E25, E26)."""
    project = edited_project(tool, tmp_path / "p")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("pre-commit", "post-checkout", "post-index-change"):
        (hooks / hook).write_text("#!/bin/sh\nexit 1\n")
        (hooks / hook).chmod(0o755)
    (tmp_path / "ignores").write_text("*.rej\n*.orig\n*~\n")
    config = tmp_path / "gitconfig"
    for setting in CONFIGURATIONS[name]:
        key, _, value = setting.partition("=")
        value = {"HOOKS": str(hooks), "IGNORES": str(tmp_path / "ignores")}.get(value, value)
        tool.git("config", "--file", str(config), key, value, cwd=tmp_path)

    run = tool.run("v1.1.0", "update", cwd=project, variables={"GIT_CONFIG_GLOBAL": str(config)})

    assert run.code == 0, run.err + run.out
    assert tree(project) == expected


def test_a_hooks_variables_point_nowhere_else(
    tool: Any, tree: TreeOf, tmp_path: Path, expected: Any
) -> None:
    """They make copier's git look into another repository (E18.3)."""
    project = edited_project(tool, tmp_path / "p")
    other = tool.project(tmp_path / "other")
    variables = {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / ".git/index"),
        "GIT_PREFIX": "deploy/",
    }

    run = tool.run("v1.1.0", "update", cwd=project, variables=variables)

    assert run.code == 0, run.err
    assert tree(project) == expected
    assert tool.status(other) == []


def test_a_shallow_clone(tool: Any, tree: TreeOf, tmp_path: Path, expected: Any) -> None:
    project = edited_project(tool, tmp_path / "p")
    shallow = tmp_path / "shallow"
    tool.git("clone", "--quiet", "--depth=1", f"file://{project}", str(shallow), cwd=tmp_path)

    assert tool.run("v1.1.0", "update", cwd=shallow).code == 0
    assert tree(shallow) == expected


def test_a_worktree_whose_path_has_spaces_and_umlauts(
    tool: Any, tree: TreeOf, tmp_path: Path, expected: Any
) -> None:
    project = edited_project(tool, tmp_path / "p")
    beside = tmp_path / "ein größerer Ordner"
    tool.git("worktree", "add", "--quiet", "--detach", str(beside), cwd=project)

    assert tool.run("v1.1.0", "update", cwd=beside).code == 0
    assert tree(beside) == expected
    assert tool.status(project) == []


def test_a_subfolder_of_a_monorepo_with_changes_elsewhere(
    tool: Any, tree: TreeOf, tmp_path: Path, expected: Any
) -> None:
    """And a conflict in it is marked by its path from the top (E11.1)."""
    top = tmp_path / "top"
    top.mkdir()
    tool.git("init", "--quiet", cwd=top)
    (top / "other.txt").write_text("clean\n")
    (top / "shop").mkdir()
    project = tool.fresh("v1.0.0", top / "shop" / "site")
    (project / "manage.py").write_text("# mine\n")
    conf = project / "deploy/site.conf"
    conf.write_text(conf.read_text().replace("line 2\n", "line 2, mine\n"))
    (project / "deploy/plain.txt").unlink()
    tool.commit(top)
    (top / "other.txt").write_text("dirty\n")

    run = tool.run("v1.1.0", "update", cwd=project / "deploy")

    assert run.code == 0, run.err
    assert tree(project) == expected
    tool.commit(top)
    conf.write_text(conf.read_text().replace("line 8\n", "mine\n"))
    tool.commit(top)
    assert tool.run("v1.2.0", "update", cwd=project).code == 3
    assert "UU shop/site/deploy/site.conf" in tool.status(top)


def test_a_checkout_with_windows_line_endings(tool: Any, tmp_path: Path) -> None:
    """G06: git converts them; `check` sees no drift, and the update keeps them (E18.2)."""
    project = edited_project(tool, tmp_path / "p")
    windows = tmp_path / "windows"
    command = ("clone", "--quiet", "-c", "core.autocrlf=true", str(project), str(windows))
    tool.git(*command, cwd=tmp_path)
    conf = windows / "deploy/site.conf"
    assert b"line 2, mine\r\n" in conf.read_bytes()
    assert "deploy/title.txt" not in tool.run("v1.0.0", "check", cwd=windows).out

    run = tool.run("v1.1.0", "update", cwd=windows)

    assert run.code == 0, run.out + run.err
    assert b"line 2, mine\r\n" in conf.read_bytes()
    assert b"line thirty\r\n" in conf.read_bytes()
    changed = tool.git("diff", "--numstat", "--", "deploy/site.conf", cwd=windows).split()
    assert changed[:2] == ["1", "1"]


def test_a_home_that_cannot_be_written(
    tool: Any, tree: TreeOf, tmp_path: Path, expected: Any
) -> None:
    """copier's cache lies there (E06.7)."""
    project = edited_project(tool, tmp_path / "p")
    # Not a folder at all, which stops root too.
    (tmp_path / "home").write_text("")
    variables = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home")}
    variables["COPIER_CACHE_DIR"] = str(tmp_path / "home")

    assert tool.run("v1.1.0", "update", cwd=project, variables=variables).code == 0
    assert tree(project) == expected


def test_somebody_elses_repository_is_refused_in_gits_own_words(
    tool: Any, tree: TreeOf, tmp_path: Path
) -> None:
    """copier says "only supported in git-tracked subprojects" (E11.9)."""
    project = edited_project(tool, tmp_path / "p")
    before = tree(project)
    # git's own way to play another owner.
    variables = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}

    run = tool.run("v1.1.0", "update", cwd=project, variables=variables)

    assert run.code == 1
    assert "safe.directory" in run.err
    assert tree(project) == before
