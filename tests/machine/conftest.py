"""Machines shared between tests: one LAN, one image, booted once for each module."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig.deployment import make_key
from rig.fresh import Deploy, booting, deploying
from rig.image import make_image
from rig.machine import BootMachine

NEEDED = ("systemd-nspawn", "mmdebstrap", "apt-ftparchive", "ip", "ssh", "curl", "nsenter")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("machine")
    group.addoption("--suite", default="bookworm", help="Debian of the machines (trixie, bookworm)")
    group.addoption("--checkouts", type=Path, help="folder of Django projects to deploy as well")
    group.addoption("--checkout-names", default="", help="only these folders, comma-separated")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without a folder of checkouts there is no such test, rather than a skipped one."""
    without = config.getoption("--checkouts", None) is None
    return True if without and collection_path.name == "test_checkouts.py" else None


def why_no_machine() -> str | None:
    """Return what is missing here to boot a machine."""
    if os.geteuid() != 0:
        return "only root can boot a machine"
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    return f"not installed: {', '.join(missing)} (see .ci/packages.txt)" if missing else None


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> str:
    # The options are there only when this folder is named on the command line.
    return str(request.config.getoption("--suite", "bookworm"))


@pytest.fixture(scope="session")
def image(suite: str) -> Path:
    if reason := why_no_machine():
        pytest.skip(reason)
    return make_image(suite)


@pytest.fixture(scope="session")
def ssh_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="module")
def boot_machine(image: Path) -> Iterator[BootMachine]:
    """Boot machines on one LAN; all are gone when the module is done."""
    with booting(image) as boot:
        yield boot


@pytest.fixture(scope="module")
def deploy(
    boot_machine: BootMachine, ssh_key: Path, suite: str, tmp_path_factory: pytest.TempPathFactory
) -> Deploy:
    """Scaffold a project and boot a bare machine for it; nothing is deployed yet."""
    return deploying(boot_machine, ssh_key, suite, lambda: tmp_path_factory.mktemp("work"))
