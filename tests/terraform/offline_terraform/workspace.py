"""A copy of a Terraform folder in which every command runs, without a network or an account.

``init`` installs from a mirror of empty files, which proves the version constraints. All other
commands talk to the providers of this process: ``TF_REATTACH_PROVIDERS`` names their sockets.
"""

from __future__ import annotations

import functools
import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc

from offline_terraform.provider import Provider, services

DATA = Path(__file__).parent.parent
# An apply writes its state after every resource; in memory that waits for no disk.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
_NOT_COPIED = shutil.ignore_patterns(".terraform*", "*.tfstate*", ".git")
_LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
_CLI_CONFIG = """disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path = "{mirror}"
  }}
}}
"""


class Workspace:
    """The copy: *root* is the folder of the root module."""

    def __init__(self, scratch: Path, root: Path, command: Sequence[str]) -> None:
        self.root = root
        self._command = tuple(command)
        self._backend = root / "local_backend_override.tf"
        self._environment = {
            **os.environ,
            "TF_CLI_CONFIG_FILE": str(_write_mirror(scratch)),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            # Terraform's runs are short: less time for collecting garbage, more memory.
            "GOGC": "400",
        }
        self._backend.write_text(_LOCAL_BACKEND)

    def terraform(
        self, *arguments: str, timeout_s: float = 300, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one command; ``stdout`` of the result holds all that was printed."""
        with self.start(*arguments, env=env) as process:
            try:
                output, _ = process.communicate(timeout=timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(arguments, process.returncode, output)

    def start(self, *arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """Begin one command, which may ask on its standard input."""
        served = {} if arguments[0] == "init" else _served()
        return subprocess.Popen(
            [*self._command, f"-chdir={self.root}", *arguments],
            env={**self._environment, **served, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def succeed(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        """Run one command that must end well; return what it printed."""
        result = self.terraform(*arguments, env=env)
        assert result.returncode == 0, f"terraform {' '.join(arguments)}\n{result.stdout}"
        return result.stdout

    def use_real_backend(self) -> None:
        """Let the next ``init`` configure the backend that the files name."""
        self._backend.unlink(missing_ok=True)

    def backend_problem(self, patience_s: float = 300) -> str:
        """Return what terraform dislikes about the arguments of the real backend, or nothing.

        It checks them before it calls the backend. Offline that call fails or hangs until
        *patience_s*, but only a complaint about the configuration names a line of it.
        """
        self.use_real_backend()
        try:
            output = self.terraform("init", "-no-color", timeout_s=patience_s).stdout
        except subprocess.TimeoutExpired:
            output = ""
        self._backend.write_text(_LOCAL_BACKEND)
        shutil.rmtree(self.root / ".terraform", ignore_errors=True)
        return output if re.search(r"^  on \S+ line \d+", output, re.MULTILINE) else ""


@contextmanager
def workspace(
    folder: Path, root: str = ".", command: Sequence[str] = ("terraform",)
) -> Iterator[Workspace]:
    """Yield a copy of *folder*, with its root module at *root*, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="terraform-", dir=_MEMORY) as name:
        scratch = Path(name)
        copy = shutil.copytree(folder, scratch / "work", ignore=_NOT_COPIED)
        yield Workspace(scratch, copy / root, command)


def _write_mirror(scratch: Path) -> Path:
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    system = f"{platform.system().lower()}_{machine}"
    for schema in (DATA / "schemas").glob("*.json"):
        for source, version in _versions(schema).items():
            package = scratch / "mirror" / source / version / system
            package.mkdir(parents=True)
            (package / f"terraform-provider-{schema.stem}").touch(mode=0o755)
    config = scratch / "terraform.rc"
    config.write_text(_CLI_CONFIG.format(mirror=scratch / "mirror"))
    return config


@functools.cache
def _versions(schema: Path) -> dict[str, str]:
    versions: dict[str, str] = json.loads(schema.read_text())["provider_versions"]
    return versions


@functools.cache
def _served() -> dict[str, str]:
    """Serve every provider as long as this process lives; return the variable that says where."""
    addresses = {}
    for schema in sorted((DATA / "schemas").glob("*.json")):
        provider = Provider(schema, DATA / "rules" / schema.name, DATA / "computed.json")
        socket = Path(_SOCKETS.name) / f"{schema.stem}.sock"
        _RUNNING.append(_serve(provider, socket))
        addresses[provider.source] = {
            "Protocol": "grpc",
            "ProtocolVersion": 5,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": "unix", "String": str(socket)},
        }
    return {"TF_REATTACH_PROVIDERS": json.dumps(addresses)}


def _serve(provider: Provider, socket: Path) -> grpc.Server:
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=8), options=unlimited)
    services.add_ProviderServicer_to_server(provider, server)
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    return server


_SOCKETS = tempfile.TemporaryDirectory(prefix="terraform-providers-")
_RUNNING: list[grpc.Server] = []
