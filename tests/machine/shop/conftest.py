"""One machine with the shop for all modules of this folder, in the order of their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rig.browser import Browser
from rig.deployment import Deployment
from rig.fresh import Deploy, booting, deploying
from rig.machine import BootMachine

SHOP = Path(__file__).parent.parent.parent.parent / "examples/projects/shop"


@pytest.fixture(scope="package")
def boot_machine(image: Path) -> Iterator[BootMachine]:
    """Boot machines on one LAN; all are gone when the folder is done."""
    with booting(image) as boot:
        yield boot


@pytest.fixture(scope="package")
def shop(
    boot_machine: BootMachine, ssh_key: Path, suite: str, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """Scaffold the shop and boot a bare machine for it; nothing is deployed yet."""
    deploy: Deploy = deploying(
        boot_machine, ssh_key, suite, lambda: tmp_path_factory.mktemp("work")
    )
    return deploy(SHOP, "shop", committed=False)


@pytest.fixture
def visitor(shop: Deployment) -> Iterator[Browser]:
    """A fresh browser, in the visitors' network."""
    with shop.lan.entered():
        yield shop.browser()
