"""Keep compiled templates between runs: compiling them is most of what a `check` would cost.

One file in the person's cache folder, as Python keeps its own bytecode; nothing is lost without it.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Jinja's bytecode, by the template's name; Jinja itself compares the source's checksum."""

    def __init__(self, options: dict[str, Any]) -> None:
        """Read what an earlier run with the same *options* of Jinja kept."""
        made_by = (sys.version, jinja2.__version__, sorted(map(repr, options.items())))
        self._path = _folder() / f"templates-{sha256(repr(made_by).encode()).hexdigest()[:16]}"
        self._known = _read(self._path)
        self._changed = False

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name: the same template may lie in another folder tomorrow."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill *bucket* with what is known; a changed source leaves it empty."""
        if bucket.key in self._known:
            bucket.load_bytecode(BytesIO(self._known[bucket.key]))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled just now."""
        self._known[bucket.key] = bucket.bytecode_to_string()
        self._changed = True

    def save(self) -> None:
        """Write what is new, whole or not at all; a folder that cannot be written is no failure."""
        if not self._changed:
            return
        self._changed = False
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._path.parent, delete=False) as draft:
                draft.write(marshal.dumps(self._known))
            Path(draft.name).replace(self._path)


def _folder() -> Path:
    named = os.environ.get("XDG_CACHE_HOME")
    return Path(named or "~/.cache").expanduser() / "djscaffold"


def _read(path: Path) -> dict[str, bytes]:
    """Return what *path* holds; nothing if it is missing, damaged, or somebody else's."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return {}
            known = marshal.load(file)
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return known if isinstance(known, dict) else {}
