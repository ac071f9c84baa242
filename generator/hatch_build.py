"""Put the template's released versions into the wheel, as a git bundle.

The bundle holds one commit per version tag, with ``copier.yml`` and ``templates/`` only, under
the tag's own name and date: what the recorded version means is the same there and in the public
repository, and two builds of one commit are the same bytes. A source distribution carries the
bundle too, so that a wheel built from it, without git, is identical.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PARTS = ("copier.yml", "templates")
PACKAGE = "djscaffold"
BUNDLE, RECORD = "_template.bundle", "_template.json"


class TemplateBundleHook(BuildHookInterface[Any]):
    """Adds the bundle and its record to a wheel or a source distribution."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files and tell hatchling where they go; an editable install needs none."""
        if version == "editable":
            return
        root = Path(self.root)
        carried = root / "generator" / PACKAGE
        if not (carried / RECORD).is_file():
            self.folder = tempfile.TemporaryDirectory(prefix="djscaffold-")
            carried = Path(self.folder.name)
            commit = make_bundle(root, carried, fallback=f"v{self.metadata.version}")
            self.app.display_info(f"template bundle: {commit}")
        target = f"generator/{PACKAGE}" if self.target_name == "sdist" else PACKAGE
        for name in (BUNDLE, RECORD):
            if (carried / name).is_file():
                build_data["force_include"][str(carried / name)] = f"{target}/{name}"


def make_bundle(root: Path, folder: Path, *, fallback: str) -> str:
    """Write the bundle and its record for the checkout in *root*; return the version's name.

    Without a repository there is one version, called *fallback*; without git there is no bundle
    (rendering works, updating says what is missing).
    """
    try:
        commit = _git(root, "describe", "--tags", "--always").strip() if _is_top(root) else fallback
        source = root / ".git" if _is_top(root) else None
        tags = _make(root, source, folder / BUNDLE, commit)
    except FileNotFoundError:
        commit, tags = fallback, []
        print(
            "djscaffold: there is no git here; the wheel is built without the template's versions"
        )
    if tags and tags[:-1] == []:
        print(f"djscaffold: no version tags here; the wheel carries one version, {commit}")
    (folder / RECORD).write_text(json.dumps({"commit": commit, "versions": tags}) + "\n", "utf-8")
    return commit


def _make(root: Path, source: Path | None, bundle: Path, commit: str) -> list[str]:
    """Write the bundle and return the names of its versions, oldest first."""
    with tempfile.TemporaryDirectory(prefix="djscaffold-") as name:
        scratch = Path(name)
        _git(scratch, "init", "--quiet", "--bare", "--initial-branch=main")
        if source is None:
            versions = [(commit, _tree_of_folder(scratch, root), "0 +0000")]
        else:
            (scratch / "objects" / "info" / "alternates").write_text(
                _objects(root) + "\n", encoding="utf-8"
            )
            versions = [
                (tag, _tree_of(scratch, root, tag), _date(root, tag))
                for tag in _versions(root, commit)
            ]
        parent: list[str] = []
        for tag, tree, date in versions:
            made = _commit(scratch, tree, tag, date, parent)
            _git(scratch, "update-ref", f"refs/tags/{tag}", made)
            parent = ["-p", made]
        _git(scratch, "update-ref", "refs/heads/main", parent[1])
        # One thread and no reuse of old packs: the same input gives the same bytes.
        _git(scratch, "-c", "pack.threads=1", "-c", "core.compression=9", "bundle", "create",
             "--quiet", str(bundle), "HEAD", "refs/heads/main", "--tags")  # fmt: skip
    return [tag for tag, _, _ in versions]


def _versions(root: Path, commit: str) -> list[str]:
    """Return the version tags that lead to this commit, and the commit's own name last."""
    tags = _git(root, "tag", "--merged", "HEAD", "--list", "v[0-9]*", "--sort=version:refname")
    return [tag for tag in tags.split() if tag != commit] + [commit]


def _tree_of(scratch: Path, root: Path, tag: str) -> str:
    """Return a tree that holds the template's parts of *tag* and nothing else."""
    lines = _git(root, "ls-tree", "--full-tree", tag, "--", *PARTS)
    return _git(scratch, "mktree", text=lines).strip()


def _tree_of_folder(scratch: Path, root: Path) -> str:
    """Return the same tree, from files that are in no repository."""
    index = {"GIT_INDEX_FILE": str(scratch / "bundle-index"), "GIT_WORK_TREE": str(root)}
    _git(scratch, "add", "--force", "--", *PARTS, variables=index)
    return _git(scratch, "write-tree", variables=index).strip()


def _commit(scratch: Path, tree: str, tag: str, date: str, parent: list[str]) -> str:
    who = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", PACKAGE), ("EMAIL", f"{PACKAGE}@localhost"), ("DATE", date))
    }
    return _git(scratch, "commit-tree", tree, *parent, "-m", tag, variables=who).strip()


def _date(root: Path, tag: str) -> str:
    return _git(root, "log", "-1", "--format=%ct +0000", tag).strip()


def _objects(root: Path) -> str:
    """Return the folder of the repository's objects; a worktree has it elsewhere."""
    found = _git(root, "rev-parse", "--git-path", "objects").strip()
    return str((root / found).resolve())


def _is_top(root: Path) -> bool:
    """Return whether *root* is a repository of its own, and git may read it."""
    try:
        top = _git(root, "rev-parse", "--show-toplevel").strip()
        _git(root, "rev-parse", "--verify", "HEAD")
    except subprocess.CalledProcessError:
        return False
    return Path(top).resolve() == root.resolve()


def _git(
    folder: Path, *arguments: str, text: str | None = None, variables: dict[str, str] | None = None
) -> str:
    """Return what git prints, with no configuration but its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment = {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        **(variables or {}),
    }
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return done.stdout
