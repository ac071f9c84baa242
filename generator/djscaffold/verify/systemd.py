"""``systemd-analyze verify`` and ``security`` on the rendered units, in a root of their own.

No systemd has to run: the units are looked up in a scratch folder that holds this machine's own
units and an empty program wherever one of ours is started.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, ToolOutput, Tree

SYSTEM_UNITS = Path("/usr/lib/systemd/system")
# On systemd's scale 0 (locked up) to 10 (no sandbox at all); `--threshold` counts in tenths.
# A unit with a user but no sandbox has 9.2; every unit here is meant to stay below 1.5.
WORST_EXPOSURE = 1.5
# A template is read as the instance of this name.
INSTANCE = "r1"
KINDS = ("service", "socket", "timer", "target", "path")


def prepare_verify(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command that reads all units together, as they refer to one another."""
    units = _install(tree, scratch)
    if not units:
        return Skip("no unit in deploy/systemd")
    argv = ("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", f"--root={scratch}")
    return (Command(argv=(*argv, *units), subject="deploy/systemd", cwd=scratch),)


def prepare_security(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return one command for each service."""
    services = [unit for unit in _install(tree, scratch) if unit.endswith(".service")]
    if not services:
        return Skip("no service in deploy/systemd")
    options = ("--offline=yes", f"--threshold={round(WORST_EXPOSURE * 10)}", f"--root={scratch}")
    return tuple(
        Command(
            argv=("systemd-analyze", "security", *options, "--no-pager", unit),
            subject=f"deploy/systemd/{_source_name(Path(unit).name)}",
            cwd=scratch,
        )
        for unit in services
    )


def read_verify(output: ToolOutput) -> str:
    """Return every line: systemd exits 0 on an unknown setting, and only warns."""
    lines = [_shorter(line) for line in output.stderr.splitlines() if line.strip()]
    return "\n".join(lines) or ("" if output.code == 0 else output.text)


def read_security(output: ToolOutput) -> str:
    """Return the exposure and the settings that cost most, if it is above the limit."""
    if output.code == 0:
        return ""
    level = re.search(r"Overall exposure level.*", output.stdout)
    costs = [line for line in output.stdout.splitlines() if line.startswith("✗")]
    worst = sorted(costs, key=lambda line: line.split()[-1], reverse=True)[:5]
    if level is None:
        return output.text
    return "\n".join([f"{level[0]} (at most {WORST_EXPOSURE} is allowed)", *worst])


def _install(tree: Tree, scratch: Path) -> tuple[str, ...]:
    """Copy our units and the machine's into the scratch root; return the paths of ours in it."""
    sources = tree.files(*(f"deploy/systemd/*.{kind}" for kind in KINDS))
    if not sources:
        return ()
    if SYSTEM_UNITS.is_dir():
        shutil.copytree(SYSTEM_UNITS, scratch / "usr/lib/systemd/system", symlinks=True)
    folder = scratch / "etc/systemd/system"
    folder.mkdir(parents=True)
    for source in sources:
        shutil.copy(source, folder / source.name)
        _add_programs(source.read_text(encoding="utf-8"), scratch)
    return tuple(f"/etc/systemd/system/{_instance_name(source.name)}" for source in sources)


def _instance_name(name: str) -> str:
    return name.replace("@.", f"@{INSTANCE}.")


def _source_name(name: str) -> str:
    return name.replace(f"@{INSTANCE}.", "@.")


def _add_programs(unit: str, scratch: Path) -> None:
    """Put an empty program at every path that the unit starts."""
    for value in re.findall(r"^Exec\w+=[@+!:-]*(/\S+)", unit, flags=re.MULTILINE):
        program = scratch / value.replace("%i", INSTANCE).lstrip("/")
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch()
        program.chmod(0o755)


def _shorter(line: str) -> str:
    return re.sub(r"\S*/etc/systemd/system/", "deploy/systemd/", line).replace(
        f"@{INSTANCE}.", "@."
    )
