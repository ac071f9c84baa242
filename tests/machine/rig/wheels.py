"""A folder of wheels for a machine that reaches no package index.

Wheels are for the machine's Python, not for the one that runs the tests; what a project publishes
as source only is built into a wheel first, here, with the Python of the same version if there is
one.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from rig.image import cache_folder

# The Python of each suite; where a `pip download` must resolve markers, the minor version rules.
PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
# What an installer itself needs before it can install anything.
TOOLS = ("pip", "setuptools", "wheel")


def make_wheelhouse(suite: str, requirements: list[str], *, tools: tuple[str, ...] = ()) -> Path:
    """Return a folder with wheels of *requirements* (lines of a requirements file), cached."""
    wanted = sorted({*requirements, *TOOLS, *tools})
    key = hashlib.sha256("\n".join([suite, *wanted]).encode()).hexdigest()[:12]
    folder = cache_folder() / "wheels" / f"{suite}-{key}"
    if (folder / "complete").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "requirements.in"
    listed.write_text("\n".join(wanted) + "\n")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)),
            *("--python-version", PYTHONS[suite], "--implementation", "cp"),
            *platform_options(),
            *("--only-binary", ":all:", "-r", str(listed)),
        ],
        check=True,
    )
    (folder / "complete").touch()
    return folder


def platform_options() -> list[str]:
    """Return pip's options for wheels that Debian 12 and later can load."""
    versions = [
        "manylinux2014",
        *(f"manylinux_2_{minor}" for minor in (17, 24, 27, 28, 31, 34, 35, 36)),
    ]
    return [word for version in versions for word in ("--platform", f"{version}_x86_64")]
