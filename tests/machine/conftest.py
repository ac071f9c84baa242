"""Machines shared between tests: one LAN, one image, booted once for each module."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rig.image import make_image
from rig.machine import BootMachine, Lan, Machine

NEEDED = ("systemd-nspawn", "mmdebstrap", "apt-ftparchive", "ip", "ssh", "curl", "nsenter")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("machine")
    group.addoption("--suite", default="bookworm", help="Debian of the machines (trixie, bookworm)")
    group.addoption("--checkouts", type=Path, help="folder of Django projects to deploy as well")
    group.addoption("--checkout-names", default="", help="only these folders, comma-separated")


def why_no_machine() -> str | None:
    """Return what is missing here to boot a machine."""
    if os.geteuid() != 0:
        return "only root can boot a machine"
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    return f"not installed: {', '.join(missing)} (see .ci/packages.txt)" if missing else None


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> str:
    chosen = request.config.getoption("--suite")
    assert isinstance(chosen, str)
    return chosen


@pytest.fixture(scope="session")
def image(suite: str) -> Path:
    if reason := why_no_machine():
        pytest.skip(reason)
    return make_image(suite)


@pytest.fixture(scope="module")
def boot_machine(image: Path) -> Iterator[BootMachine]:
    """Boot machines on one LAN; all are gone when the module is done."""
    lan = Lan(f"djs{os.getpid() % 100000}")
    machines: list[Machine] = []

    def boot(name: str, shared: dict[Path, str] | None = None) -> Machine:
        machine = Machine(name, image, lan, shared or {})
        machines.append(machine)
        machine.up()
        return machine

    lan.up()
    try:
        yield boot
    finally:
        for machine in machines:
            machine.down()
        lan.down()
