"""Machines shared between tests: one LAN, one image, booted once for each module."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rig.deployment import PYTHON, WHEELHOUSE, Deployment, commit, make_key, scaffold
from rig.image import make_image
from rig.machine import BootMachine, Lan, Machine
from rig.wheels import make_wheelhouse

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


@pytest.fixture(scope="session")
def ssh_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("key"))


Deploy = Callable[..., Deployment]


@pytest.fixture(scope="module")
def deploy(
    boot_machine: BootMachine, ssh_key: Path, suite: str, tmp_path_factory: pytest.TempPathFactory
) -> Deploy:
    """Scaffold a project and boot a bare machine for it; nothing is deployed yet."""

    def make(
        source: Path,
        slug: str,
        *,
        python: Path | None = None,
        shared: dict[Path, str] | None = None,
        committed: bool = True,
        **answers: object,
    ) -> Deployment:
        project = tmp_path_factory.mktemp("work") / source.name
        domain = str(answers.pop("domain", f"{slug}.test"))
        scaffold(source, project, project_slug=slug, domain=domain, **answers)
        binary = python / "bin/python3" if python else None
        if committed:
            commit(project, "Deployment files")
        wheels = make_wheelhouse(suite, project, binary)
        given = {python: PYTHON} if python else {}
        machine = boot_machine(slug, {wheels: WHEELHOUSE, **given, **(shared or {})})
        deployment = Deployment(
            project=project,
            slug=slug,
            domain=domain,
            machine=machine,
            key=ssh_key,
            wheels=wheels,
            variables={
                "wheelhouse": WHEELHOUSE,
                "python_binary": f"{PYTHON}/bin/python3" if python else "",
            },
        )
        deployment.authorize()
        if python:
            # Its own library lies where its maker put it, which is nowhere here.
            machine.sh(f"echo {PYTHON}/lib > /etc/ld.so.conf.d/given-python.conf && ldconfig")
        return deployment

    return make
