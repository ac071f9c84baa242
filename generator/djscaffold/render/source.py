"""Where the template comes from, and what a scaffolded project records about it.

An installed wheel carries the template as plain files (for rendering) and as a git bundle of its
released versions (for merging). A checkout is its own template. Either way one installed version
gives one result, with or without a network; the recorded address only matters to people who run
plain ``copier update``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import djscaffold

PUBLIC_URL = "https://github.com/djscaffold/djscaffold.git"
URL_VARIABLE = "DJSCAFFOLD_TEMPLATE_URL"
_PACKAGE = Path(djscaffold.__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What ``.copier-answers.yml`` records about the template."""

    src_path: str | None
    commit: str | None

    @property
    def is_local(self) -> bool:
        """Return whether the address is a folder, known on this machine only."""
        return self.src_path is not None and self.src_path.startswith("/")


def installed_template() -> Path:
    """Return the folder with ``copier.yml``: the wheel's copy, or the checkout itself."""
    packed = _PACKAGE / "_template"
    return packed if (packed / "copier.yml").is_file() else _PACKAGE.parents[1]


def is_checkout() -> bool:
    """Return whether the tool runs from a checkout, not from an installed wheel."""
    return installed_template() == _PACKAGE.parents[1]


def template_repository() -> Path | None:
    """Return what git reads the template's versions from: the bundle or the checkout."""
    if is_checkout():
        root = installed_template()
        return root if (root / ".git").exists() else None
    bundle = _PACKAGE / "_template.bundle"
    return bundle if bundle.is_file() else None


def tool_origin(template_url: str | None = None) -> Origin:
    """Return what a project scaffolded now records.

    The address is, in this order: *template_url*; the variable DJSCAFFOLD_TEMPLATE_URL; where the
    tool was installed from, if that is a repository; the project's public address.
    """
    named = template_url or os.environ.get(URL_VARIABLE)
    return Origin(src_path=named or installed_from() or PUBLIC_URL, commit=installed_commit())


@lru_cache(maxsize=1)
def installed_from() -> str | None:
    """Return the repository the tool was installed from, by PEP 610; None for an index or wheel."""
    if is_checkout():
        return str(installed_template()) if template_repository() else None
    # Imported here: it costs more than all else that `check` reads.
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        text = distribution("djscaffold").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return repository_of(json.loads(text)) if text else None


def repository_of(direct_url: dict[str, Any]) -> str | None:
    """Return the repository a PEP 610 record names, without credentials; None if it names none."""
    url = str(direct_url.get("url", ""))
    if direct_url.get("vcs_info", {}).get("vcs") == "git":
        return _git_address(url)
    if "dir_info" in direct_url and url.startswith("file://"):
        folder = Path(unquote(urlsplit(url).path))
        return str(folder) if (folder / ".git").exists() else None
    return None


def _git_address(url: str) -> str:
    """Return *url* as copier takes it for a git repository, and without a password."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return unquote(parts.path)
    if parts.scheme in ("http", "https"):
        parts = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    address = urlunsplit(parts)
    # copier knows a git repository by this prefix or by the ending.
    return address if address.endswith(".git") else f"git+{address}"


@lru_cache(maxsize=1)
def installed_commit() -> str:
    """Return the installed template's version, as copier would record it: a tag, or a commit."""
    if not is_checkout():
        record = _PACKAGE / "_template.json"
        if record.is_file():
            return str(json.loads(record.read_text(encoding="utf-8"))["commit"])
        return f"v{djscaffold.__version__}"
    described = _describe(installed_template())
    return described or f"v{djscaffold.__version__}"


def _describe(checkout: Path) -> str | None:
    """Return git's name for the checkout's commit; None without git or history."""
    variables = {key: value for key, value in os.environ.items() if not _is_git_hooks(key)}
    try:
        done = subprocess.run(
            # The checkout may belong to root, or to whoever cloned it.
            ["git", "-c", "safe.directory=*", "-C", checkout, "describe", "--tags", "--always"],
            capture_output=True,
            text=True,
            check=False,
            env=variables,
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() or None


def _is_git_hooks(variable: str) -> bool:
    """Return whether git sets *variable* for its hooks, which would point us elsewhere."""
    return re.fullmatch(r"GIT_(DIR|INDEX_FILE|WORK_TREE|PREFIX|OBJECT_.*)", variable) is not None
