"""One engine for all tests of images, on the machine's network: it builds, and runs without any."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from container_engine import Engine, container_engine, import_base, why_no_engine


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Yield an engine that can reach package indexes, with the base image in it."""
    if reason := why_no_engine():
        pytest.skip(reason)
    with (
        container_engine(tmp_path_factory.mktemp("building")) as started,
        started.running(closed=False),
    ):
        import_base(started)
        yield started


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-managers", action="store_true", help="build an image for each manager")
