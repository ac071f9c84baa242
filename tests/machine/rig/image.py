"""Build the disk of a bare Debian server, once for each list of packages.

It holds what the smallest of rented servers holds (systemd and sshd; no sudo, no Python) and a
local apt repository, so that a machine without any network can still really `apt-get install` what
it is told to. /opt/debs is a flat repository and, by suite, a mirror such as `apt_mirror` names.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

PACKAGES = Path(__file__).parent.parent / "packages.txt"
SERVER = (
    "acl,ca-certificates,dbus,iproute2,libpam-systemd,openssh-server,procps,"
    "systemd,systemd-sysv,tzdata"
)
RETRIES = ('--aptopt=Acquire::Retries "5"',)
# Anything that needs an older or newer image changes this text.
RECIPE = "3"

DOWNLOAD = """
set -e
apt-get update -qq
for package in {packages}; do
  apt-get install -y -qq --download-only -o APT::Install-Recommends=true "$package" > /dev/null
done
"""
REPOSITORY = """
set -e
root=${1:?}
suite=${2:?}
mkdir -p "$root/opt/debs"
mv "$root"/var/cache/apt/archives/*.deb "$root/opt/debs/"
cd "$root/opt/debs" && apt-ftparchive packages . > Packages
for part in "" -updates -security; do
  mkdir -p "dists/$suite$part/main/binary-amd64"
  cp Packages "dists/$suite$part/main/binary-amd64/Packages"
  named="APT::FTPArchive::Release::Suite=$suite$part"
  apt-ftparchive -o "$named" release "dists/$suite$part" > Release.new
  mv Release.new "dists/$suite$part/Release"
done
rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*
echo 'deb [trusted=yes] file:/opt/debs ./' > "$root/etc/apt/sources.list"
chroot "$root" apt-get update -qq
rm -f "$root/etc/hostname" "$root/etc/machine-id"
touch "$root/etc/machine-id"
"""


def cache_folder() -> Path:
    """Return where images and wheels are kept between runs."""
    chosen = os.environ.get("DJSCAFFOLD_TEST_CACHE")
    return Path(chosen) if chosen else Path.home() / ".cache" / "djscaffold-tests"


def wanted_packages(suite: str) -> list[str]:
    """Return the packages of packages.txt that belong to *suite*."""
    lines = [line.partition("#")[0].split() for line in PACKAGES.read_text().splitlines()]
    return [words[0] for words in lines if words and (len(words) == 1 or words[1] == f"[{suite}]")]


@contextlib.contextmanager
def alone(what: str) -> Iterator[None]:
    """Let nobody else in who builds *what* for the cache: tests run side by side."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    with (cache_folder() / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_image(suite: str, more_packages: tuple[str, ...] = ()) -> Path:
    """Return the root folder of a server image of *suite*, built on first use (1 to 3 minutes)."""
    packages = sorted({*wanted_packages(suite), *more_packages})
    key = hashlib.sha256("\n".join([RECIPE, SERVER, *packages]).encode()).hexdigest()[:12]
    image = cache_folder() / "images" / f"{suite}-{key}"
    with alone("images"):
        if not image.is_dir():
            _build_image(suite, packages, image)
    return image


def _build_image(suite: str, packages: list[str], image: Path) -> None:
    part = image.with_name(f"{image.name}.part{os.getpid()}")
    part.parent.mkdir(parents=True, exist_ok=True)
    scripts = part.with_suffix(".hooks")
    scripts.mkdir(exist_ok=True)
    (scripts / "repository").write_text(REPOSITORY)
    try:
        subprocess.run(_mmdebstrap(suite, packages, scripts, part), check=True)
        part.rename(image)
    finally:
        shutil.rmtree(scripts)
        shutil.rmtree(part, ignore_errors=True)


def _mmdebstrap(suite: str, packages: list[str], scripts: Path, out: Path) -> list[str]:
    (scripts / "download").write_text(DOWNLOAD.format(packages=" ".join(packages)))
    return [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        *RETRIES,
        "--skip=cleanup/apt/lists",
        f"--include={SERVER}",
        f"--customize-hook=copy-in {scripts}/download /opt/",
        '--customize-hook=chroot "$1" sh /opt/download',
        f'--customize-hook=sh {scripts}/repository "$1" {suite}',
        suite,
        str(out),
    ]
