"""Run a tool: the only subprocess of the checks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from djscaffold.verify.model import Command, ToolOutput

# Slowest of them all here: ansible-lint, about 10 s for a deploy folder on one core.
TIMEOUT_S = 300
# What a shell gives for a command that is there and cannot be run.
NOT_EXECUTABLE = 126
# Debian keeps nginx where the PATH of an ordinary user does not look.
MORE_FOLDERS = ("/usr/sbin", "/sbin")


def find_tool(name: str) -> str | None:
    """Return the path of the tool called *name*, preferring what is installed beside djscaffold."""
    own = str(Path(sys.executable).parent)
    return shutil.which(
        name, path=os.pathsep.join([own, os.environ.get("PATH", ""), *MORE_FOLDERS])
    )


def run_tool(command: Command) -> ToolOutput:
    """Run *command* without a terminal; its ``env`` is added to a plain environment."""
    try:
        done = subprocess.run(
            command.argv,
            cwd=command.cwd,
            env=_environment() | dict(command.env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ToolOutput(124, "", f"gave no answer within {TIMEOUT_S} s")
    except OSError as error:
        return ToolOutput(NOT_EXECUTABLE, "", _not_executable(command.argv[0], error))
    return ToolOutput(done.returncode, done.stdout, done.stderr)


def follow_tool(argv: Sequence[str]) -> Iterator[str | int]:
    """Run a tool in the caller's own environment; yield its lines as they come, then its code."""
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        yield _not_executable(argv[0], error)
        yield NOT_EXECUTABLE
        return
    with process:
        for line in process.stdout or ():
            yield line.rstrip("\n")
    yield process.returncode


def _not_executable(path: str, error: OSError) -> str:
    return f"{path} cannot be executed: {error.strerror or error}"


def _environment() -> dict[str, str]:
    """Return what a tool needs of the caller's environment: no Django, no colours, no secrets."""
    kept = ("HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "DOCKER_HOST", "TF_PLUGIN_CACHE_DIR")
    own = {name: os.environ[name] for name in kept if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return own | {
        "PATH": path,
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }
