"""The only access to the repository's files: listing, skip rules, decoding and parsing.

Nothing is followed out of the repository, nothing that is not a regular file is opened, and a
file that cannot be read costs only itself: it becomes a warning.
"""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import Any

from djscaffold.facts.decode import decode
from djscaffold.facts.model import Place
from djscaffold.facts.project import ReadWarning
from djscaffold.facts.syntax import parse_python

# Folders that hold other people's code, caches or history. docs/reading.md lists them.
SKIPPED_FOLDERS = frozenset(
    {
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".idea",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        "__pycache__",
        "__pypackages__",
        "bower_components",
        "dist-packages",
        "htmlcov",
        "node_modules",
        "site-packages",
        "venv",
        "virtualenv",
    }
)
# A folder that holds one of these is an environment, whatever its name.
ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
_CODE = (
    *(".py", ".pyc", ".html", ".htm", ".js", ".ts", ".tsx", ".jsx", ".vue", ".css", ".scss"),
    *(".svg", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".woff", ".woff2", ".ttf"),
    *(".po", ".mo", ".md", ".rst", ".graphql", ".map", ".pdf", ".csv", ".snap"),
)
MAX_FILES = 200_000
MAX_DEPTH = 40
MAX_PARSED_BYTES = 2_000_000
MAX_TEXT_BYTES = 20_000_000


class Source:
    """The files of one repository, seen from its root; paths are relative and use ``/``."""

    def __init__(self, root: Path) -> None:
        """List nothing yet: the first question does."""
        self.root = root
        self.warnings: list[ReadWarning] = []
        # Files that an image build copies to where Python looks: where it looks -> the file,
        # and the line that copies it.
        self.copies: dict[str, tuple[str, Place]] = {}
        # What readers have worked out of these files and will ask for again.
        self.memory: dict[str, Any] = {}
        self._texts: dict[str, str | None] = {}
        self._trees: dict[str, ast.Module] = {}

    @cached_property
    def files(self) -> Mapping[str, None]:
        """Return every regular file that the skip rules leave, in the same order each time."""
        found: list[str] = []
        self._list(str(self.root), "", 0, found)
        if len(found) >= MAX_FILES:
            self.warn(f"more than {MAX_FILES} files: the rest was not looked at", ".", 1)
        return dict.fromkeys(sorted(found))

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """Return the paths of each file name, shallow ones first."""
        names: dict[str, list[str]] = {}
        for path in sorted(self.files, key=lambda path: (path.count("/"), path)):
            names.setdefault(path.rpartition("/")[2], []).append(path)
        return names

    @cached_property
    def other_files(self) -> list[str]:
        """Return the files that are neither code of the project nor pages, pictures or texts."""
        return [path for path in self.files if not path.endswith(_CODE)]

    @cached_property
    def folders(self) -> Set[str]:
        """Return every folder that holds a file, directly or below; the root is ``.``."""
        found = {"."}
        for path in self.files:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return found

    def _list(self, folder: str, prefix: str, depth: int, found: list[str]) -> None:
        entries = self._entries(folder, prefix)
        if depth and any(entry.name in ENVIRONMENT_MARKS for entry in entries):
            return
        for entry in entries:
            if len(found) >= MAX_FILES or not _is_utf8(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED_FOLDERS and depth < MAX_DEPTH:
                    self._list(entry.path, f"{prefix}{entry.name}/", depth + 1, found)
            elif _is_regular(entry):
                found.append(prefix + entry.name)

    def _entries(self, folder: str, prefix: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.warn(f"cannot be listed: {error.strerror}", prefix.rstrip("/") or ".", 1)
            return []

    def warn(self, message: str, path: str, line: int) -> None:
        """Remember that something could not be read."""
        warning = ReadWarning(message=message, evidence=(Place(path, line),))
        if warning not in self.warnings:
            self.warnings.append(warning)

    def named(self, name: str) -> list[str]:
        """Return the paths of all files called *name*, shallow ones first."""
        return self.by_name.get(name, [])

    def exists(self, path: str) -> bool:
        """Return whether *path* is a file of the repository."""
        return path in self.files

    def text(self, path: str) -> str:
        """Return what the file says, or an empty text (and a warning) if it cannot be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path] or ""

    def _read(self, path: str) -> str | None:
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    return None
                if status.st_size > MAX_TEXT_BYTES:
                    self.warn(f"too large to read ({status.st_size} bytes)", path, 1)
                    return None
                return decode(file.read(MAX_TEXT_BYTES))
        except OSError as error:
            self.warn(f"cannot be read: {error.strerror}", path, 1)
            return None

    def lines(self, path: str) -> list[str]:
        """Return the lines of a file."""
        return self.text(path).splitlines()

    def tree(self, path: str) -> ast.Module:
        """Return the syntax tree of a Python file; what cannot be parsed is left out, and said."""
        if path not in self._trees:
            text = self.text(path)
            if len(text) > MAX_PARSED_BYTES:
                self.warn("too large to parse", path, 1)
                text = ""
            tree, broken = parse_python(text)
            for line in broken[:3]:
                self.warn("not understood by any Python we know: left out", path, line)
            self._trees[path] = tree
        return self._trees[path]


def _is_regular(entry: os.DirEntry[str]) -> bool:
    """Return whether the entry is a file, or a link to one."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_utf8(name: str) -> bool:
    """Return whether a file name can be printed: others cannot be meant."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
