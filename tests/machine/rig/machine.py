"""Boot a real systemd machine from an image, on a network that leads nowhere.

A container with its own PID 1, users, mounts and network (systemd-nspawn, without machined), over
a throw-away layer on the image. Sandbox directives and firewalls are really enforced in it; the
limits of MemoryMax and its like are not where the host's cgroups are of version 1.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CLONE_NEWNET = 0x40000000
BOOT_LIMIT_S = 120
# What nspawn exits with when the machine inside wants to be started again.
REBOOT = 133
CGROUP_ROOTS = tuple(
    root
    for root in (Path("/sys/fs/cgroup/systemd"), Path("/sys/fs/cgroup/unified"))
    if root.is_dir()
) or (Path("/sys/fs/cgroup"),)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Lan:
    """A bridge in a network namespace of its own; nothing goes in or out of it."""

    name: str
    hosts: dict[str, str] = field(default_factory=dict)

    def up(self) -> None:
        """Make the namespace and the bridge; its own end is 10.77.0.1."""
        _ip("netns", "add", self.name)
        _ip("-n", self.name, "link", "set", "lo", "up")
        _ip("-n", self.name, "link", "add", "br0", "type", "bridge")
        _ip("-n", self.name, "addr", "add", "10.77.0.1/24", "dev", "br0")
        _ip("-n", self.name, "link", "set", "br0", "up")

    def connect(self, host: str) -> str:
        """Give *host* a namespace with eth0 on the bridge; return the namespace's name."""
        number = 10 + len(self.hosts)
        namespace = f"{self.name}-{host}"
        port = f"p{number}"
        _ip("netns", "add", namespace)
        peer = ("peer", "name", "eth0", "netns", namespace)
        _ip("-n", self.name, "link", "add", port, "type", "veth", *peer)
        _ip("-n", self.name, "link", "set", port, "master", "br0", "up")
        _ip("-n", namespace, "link", "set", "lo", "up")
        _ip("-n", namespace, "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
        _ip("-n", namespace, "link", "set", "eth0", "up")
        self.hosts[host] = f"10.77.0.{number}"
        return namespace

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Let this thread, and what it starts, use the LAN instead of the host's network."""
        with open("/proc/self/ns/net") as before:  # noqa: PTH123 - a descriptor to come back by
            _set_network(f"/run/netns/{self.name}")
            try:
                yield
            finally:
                _set_network(before.fileno())

    def down(self) -> None:
        """Remove the bridge and every namespace on it."""
        for host in self.hosts:
            subprocess.run(["ip", "netns", "del", f"{self.name}-{host}"], check=False)
        subprocess.run(["ip", "netns", "del", self.name], check=False)


def _set_network(target: str | int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(target, os.O_RDONLY) if isinstance(target, str) else target
    try:
        if libc.setns(descriptor, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns to {target}")
    finally:
        if isinstance(target, str):
            os.close(descriptor)


class Machine:
    """One booted server."""

    def __init__(self, name: str, image: Path, lan: Lan, shared: dict[Path, str]) -> None:
        self.name = name
        self.lan = lan
        self.namespace = lan.connect(name)
        self.address = lan.hosts[name]
        self.folder = Path(tempfile.mkdtemp(prefix=f"djscaffold-{name}-", dir="/var/tmp"))
        self.root = self.folder / "root"
        self._image = image
        self._shared = shared
        self._cgroups = [root / f"{lan.name}-{name}" for root in CGROUP_ROOTS]
        self._nspawn: subprocess.Popen[bytes] | None = None

    def up(self) -> None:
        """Mount a fresh layer over the image and boot it."""
        for folder in ("upper", "work", "root"):
            (self.folder / folder).mkdir()
        options = ",".join(
            f"{kind}={path}"
            for kind, path in (
                ("lowerdir", self._image),
                ("upperdir", self.folder / "upper"),
                ("workdir", self.folder / "work"),
            )
        )
        subprocess.run(
            ["mount", "-t", "overlay", "overlay", "-o", options, str(self.root)], check=True
        )
        hosts = f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {self.name}\n"
        (self.root / "etc/hosts").write_text(hosts)
        # The layer is thrown away: dpkg need not wait for the disk after each file.
        (self.root / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
        self._boot()

    def _boot(self) -> None:
        for cgroup in self._cgroups:
            cgroup.mkdir(exist_ok=True)
        enter = "".join(f"echo $$ > {cgroup}/cgroup.procs; " for cgroup in self._cgroups)
        binds = [f"--bind-ro={source}:{target}" for source, target in self._shared.items()]
        argv = [
            "systemd-nspawn",
            "--quiet",
            "--boot",
            "--register=no",
            "--keep-unit",
            "--console=read-only",
            # bpf() is among them: without it IPAddressDeny= would silently do nothing.
            "--system-call-filter=@known",
            # A machine sets up its own firewall; nspawn takes this away with a given namespace.
            "--capability=CAP_NET_ADMIN",
            f"--directory={self.root}",
            f"--machine={self.lan.name}-{self.name}",
            f"--hostname={self.name}",
            f"--network-namespace-path=/run/netns/{self.namespace}",
            *binds,
        ]
        with (self.folder / "console").open("ab") as console:
            self._nspawn = subprocess.Popen(
                ["sh", "-c", f'{enter} exec "$@"', "boot", *argv],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        self._wait_until_running()

    def _wait_until_running(self) -> None:
        assert self._nspawn is not None
        until = time.monotonic() + BOOT_LIMIT_S
        while time.monotonic() < until and self._nspawn.poll() is None:
            state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
            if state in {"running", "degraded"}:
                return
            time.sleep(0.1)
        tail = (self.folder / "console").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{self.name} did not boot:\n{tail}")

    def _leader(self) -> int | None:
        """Return the process that is the machine's PID 1."""
        assert self._nspawn is not None
        pid = self._nspawn.pid
        if self._nspawn.returncode is not None:
            return None
        with contextlib.suppress(OSError):
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                # Its first child is still in our own namespaces, for a moment.
                if Path(f"/proc/{child}/ns/pid").readlink() != Path("/proc/self/ns/pid").readlink():
                    return int(child)
        return None

    def run(
        self, *argv: str, check: bool = True, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as root inside; its output is in the result, and in the error."""
        if self._leader() is None:
            return subprocess.CompletedProcess(argv, 255, "", "the machine is not running")
        result = subprocess.run(
            self.inside(*argv),
            input=stdin,
            capture_output=True,
            text=True,
        )
        if check and result.returncode != 0:
            raise AssertionError(
                f"{self.name}: {' '.join(argv)} exited {result.returncode}\n"
                f"{result.stdout[-4000:]}{result.stderr[-4000:]}"
            )
        return result

    def inside(self, *argv: str) -> list[str]:
        """Return the words that run *argv* as root inside, at whatever terminal they are given."""
        environment = [f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8", "TERM=dumb"]
        enter = ["nsenter", "-t", str(self._leader()), "-a", "--"]
        return [*enter, "env", "-i", *environment, *argv]

    def sh(self, script: str, *, check: bool = True) -> str:
        """Run a line of shell inside and return what it printed."""
        return self.run("sh", "-c", script, check=check).stdout

    def reboot(self) -> None:
        """Restart the machine as its own `reboot` does; what is on disk stays."""
        assert self._nspawn is not None
        self.run("systemctl", "--no-block", "reboot", check=False)
        code = self._nspawn.wait(timeout=BOOT_LIMIT_S)
        if code not in {0, REBOOT}:
            raise RuntimeError(f"{self.name}: nspawn exited {code} on reboot")
        self._boot()

    def down(self) -> None:
        """Stop at once and forget everything."""
        leader = self._leader() if self._nspawn else None
        if leader is not None:
            # Never nspawn itself: that would leave the inside running without it.
            os.kill(leader, signal.SIGKILL)
        if self._nspawn:
            self._nspawn.wait(timeout=30)
        subprocess.run(["umount", "-l", str(self.root)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        for cgroup in self._cgroups:
            for folder in sorted(cgroup.rglob("*"), reverse=True):
                if folder.is_dir():
                    with contextlib.suppress(OSError):
                        folder.rmdir()
            with contextlib.suppress(OSError):
                cgroup.rmdir()


BootMachine = Callable[..., Machine]
