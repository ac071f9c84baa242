"""A copy of the project to build from, in which every secret is a canary.

The build sees what it sees in the project; what a secret would be (an environment file, a key, a
state of Terraform) is replaced by a value of this run. So no secret is copied, and one that gets
into the image is found by its value.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

# Neither read by the image's build (deploy/Dockerfile.dockerignore) nor worth copying.
LEFT_OUT = frozenset(
    {
        ".git",
        ".venv",
        "venv",
        "node_modules",
        "__pycache__",
        ".terraform",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".tox",
    }
)
SECRET_FILES = (".env", ".env.*", "*.env", ".envrc", ".netrc", "*.key", "*.tfstate", "*.tfstate.*")
# Planted where the project has none: what a developer's checkout usually holds.
PLANTED = (".env", "deploy/.env.production", "deploy/terraform/terraform.tfstate", "server.key")


@dataclass(slots=True)
class Canaries:
    """Values that must not be in an image, and where each was put."""

    prefix: str = field(default_factory=lambda: f"djscaffold-canary-{secrets.token_hex(12)}-")
    places: list[str] = field(default_factory=list)

    def make(self, place: str) -> str:
        """Return a new value that stands for *place*."""
        self.places.append(place)
        return f"{self.prefix}{len(self.places) - 1:04d}"


def copy_context(root: Path, folder: Path, canaries: Canaries) -> None:
    """Copy *root* to *folder*, with a canary in place of every file that holds secrets."""
    shutil.copytree(root, folder, symlinks=True, ignore=_left_out(root), copy_function=_copy)
    for path in _secret_files(folder):
        _write(folder, path, canaries)
    for name in PLANTED:
        if not (folder / name).exists():
            _write(folder, folder / name, canaries)


def _left_out(root: Path) -> Callable[[str, list[str]], set[str]]:
    def names(folder: str, found: list[str]) -> set[str]:
        # Uploads at the top can be many gigabytes; the build ignores them.
        more = {"media", "mediafiles"} if Path(folder) == root else set()
        return set(found) & (LEFT_OUT | more)

    return names


def _copy(source: str, target: str) -> None:
    """Copy one file; of a secret only the name, and nothing of a socket or pipe."""
    path = Path(source)
    if _is_secret(path.name):
        Path(target).touch()
    elif path.is_file():
        shutil.copy2(source, target)


def _secret_files(folder: Path) -> list[Path]:
    found = [
        Path(top) / name
        for top, _, names in os.walk(folder)
        for name in names
        if _is_secret(name) and not (Path(top) / name).is_symlink()
    ]
    return sorted(found)


def _is_secret(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in SECRET_FILES)


def _write(folder: Path, path: Path, canaries: Canaries) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"SECRET_KEY={canaries.make(path.relative_to(folder).as_posix())}\n")
