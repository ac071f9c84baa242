"""Which platform and topology: said, recommended from a profile, or asked."""

from __future__ import annotations

from pathlib import Path

from djscaffold.cli.deciding import Read
from djscaffold.errors import PlatformUndecided


def choose_platform(read: Read, *, profile: Path | None, interactive: bool) -> Read:
    """Return *read* with a platform and a topology among its choices.

    Raises PlatformUndecided where nobody said one and nobody can be asked, NotGenerated for a
    topology that has no templates.
    """
    if "platform" not in read.choices:
        raise PlatformUndecided
    return read
