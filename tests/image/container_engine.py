"""A real Docker engine on a root of its own: for machines that have none, and no registry.

The engine (dockerd, BuildKit, compose) is Debian's, in a root made by mmdebstrap once and kept. It
starts twice: on the machine's network, to build; then in a network namespace without a way out, to
run what was built. The base image is Debian's Python under the name of the official one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rig.image import RETRIES, cache_folder

NEEDED = ("mmdebstrap", "ip", "nsenter", "unshare", "curl")
ENGINE_PACKAGES = (
    "ca-certificates,iproute2,iptables,docker.io,docker-cli,docker-buildx,docker-compose,runc"
)
PYTHON_PACKAGES = "ca-certificates,netbase,tzdata,python3,python3-venv,python3-pip"
BASE = "python:3.13-slim-trixie"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# As in the official image: python and pip are in /usr/local/bin, and pip may install.
PYTHON_HOOK = " && ".join(
    (
        'cd "$1/usr/local/bin"',
        "ln -s ../../bin/python3 python3",
        "ln -s python3 python",
        "ln -s ../../bin/pip3 pip",
        'rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED',
    )
)
# pivot_root and not chroot: health checks and `docker exec` need a true root.
START = """
root=$1 state=$2; shift 2
mount --bind "$root" "$root"
for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
mount -t tmpfs tmpfs "$root/run"
cat /etc/resolv.conf > "$root/etc/resolv.conf"
mkdir -p "$root$state" && mount --bind "$state" "$root$state"
cd "$root"; pivot_root . .; umount -l .
exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root dockerd \\
    --data-root /var/lib/docker --pidfile /run/docker.pid -H "unix://$state/docker.sock" "$@"
"""


def why_no_engine() -> str | None:
    """Return what is missing here to start an engine."""
    if os.geteuid() != 0:
        return "only root can start a container engine"
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    return f"not installed: {', '.join(missing)}" if missing else None


@dataclass(frozen=True)
class Engine:
    """A root with an engine in it; images stay in it between two starts."""

    root: Path
    state: Path
    namespace: str

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables by which any client finds this engine."""
        return {
            **os.environ,
            "DOCKER_HOST": f"unix://{self.state}/docker.sock",
            "DOCKER_CONFIG": str(self.state / "config"),
        }

    def docker(self, *arguments: str, check: bool = True) -> str:
        """Run the docker client; return what it printed."""
        done = subprocess.run(
            [self.root / "usr/bin/docker", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout[-4000:]
        return done.stdout.strip()

    def visit(self, url: str, *options: str) -> tuple[int, str]:
        """Return (status, body) of *url*, asked from inside the closed network."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.namespace, "curl", "-s", "-w", "\n%{http_code}", url]
            + list(options),
            capture_output=True,
            text=True,
            check=False,
        )
        body, _, status = done.stdout.rpartition("\n")
        return int(status or 0), body

    @contextmanager
    def running(self, *, closed: bool) -> Iterator[None]:
        """Start the engine, with the machine's network or without a way out; stop it at the end."""
        enter = ["nsenter", f"--net=/run/netns/{self.namespace}", "--"] if closed else []
        flags = ["--ip6tables=false"]
        flags += [] if closed else ["--iptables=false", "--bridge=none"]
        with (self.state / "log").open("a") as log:
            process = subprocess.Popen(
                [*enter, "unshare", "--mount", "--propagation", "private", "--"]
                + ["bash", "-euc", START, "engine", str(self.root), str(self.state), *flags],
                stdout=log,
                stderr=log,
            )
        try:
            self._wait(process)
            yield
        finally:
            process.terminate()
            process.wait(60)
            (self.state / "docker.sock").unlink(missing_ok=True)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(300):
            if process.poll() is not None:
                break
            if "Server Version" in self.docker("info", check=False):
                return
            time.sleep(0.2)
        raise AssertionError((self.state / "log").read_text()[-2000:])


@contextmanager
def container_engine(state: Path) -> Iterator[Engine]:
    """Yield an engine with the base image in it; its network namespace goes at the end."""
    root = _make_root("engine", ENGINE_PACKAGES)
    plugins = state / "config/cli-plugins"
    plugins.parent.mkdir(parents=True)
    plugins.symlink_to(root / "usr/libexec/docker/cli-plugins")
    engine = Engine(root, state, f"djsimage{os.getpid() % 100000}")
    subprocess.run(["ip", "netns", "add", engine.namespace], check=True)
    try:
        subprocess.run(["ip", "-n", engine.namespace, "link", "set", "lo", "up"], check=True)
        yield engine
    finally:
        subprocess.run(["ip", "netns", "del", engine.namespace], check=False)


def import_base(engine: Engine) -> None:
    """Put the stand-in of the official Python image into a running engine, once.

    Containers and volumes that an earlier run left behind go.
    """
    for kind in ("container", "volume"):
        every = ["--all"] if kind == "container" else []
        left = engine.docker(kind, "ls", "--quiet", *every).split()
        if left:
            engine.docker(kind, "rm", "--force", *left)
    if engine.docker("images", "--quiet", BASE):
        return
    archive = _make_archive("python-trixie", PYTHON_PACKAGES, PYTHON_HOOK)
    changes = [
        "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
        f"ENV PIP_CERT={AUTHORITIES}",
        f"ENV SSL_CERT_FILE={AUTHORITIES}",
        f"ENV REQUESTS_CA_BUNDLE={AUTHORITIES}",
        'CMD ["python3"]',
    ]
    options = [word for change in changes for word in ("-c", change)]
    engine.docker("import", *options, str(archive), BASE)


def _make_root(name: str, packages: str) -> Path:
    key = hashlib.sha256(packages.encode()).hexdigest()[:12]
    root = cache_folder() / "containers" / f"{name}-{key}"
    if not root.is_dir():
        part = root.with_name(f"{root.name}.part{os.getpid()}")
        part.parent.mkdir(parents=True, exist_ok=True)
        _mmdebstrap(packages, part)
        part.rename(root)
    return root


def _make_archive(name: str, packages: str, hook: str) -> Path:
    archive = cache_folder() / "containers" / f"{name}.tar"
    if not archive.is_file():
        part = archive.with_name(f"{name}.part{os.getpid()}.tar")
        _mmdebstrap(packages, part, hook)
        part.rename(archive)
    return archive


def _mmdebstrap(packages: str, out: Path, hook: str = "") -> None:
    hooks = [
        *([f"--customize-hook={hook}"] if hook else []),
        f'--customize-hook=cp {AUTHORITIES} "$1{AUTHORITIES}"',
        '--customize-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"',
    ]
    command = [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        *RETRIES,
        f"--include={packages}",
        *hooks,
    ]
    subprocess.run([*command, "trixie", str(out)], check=True)
