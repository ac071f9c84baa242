"""Terraform's own binary is needed; without it these tests are skipped, not passed."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(autouse=True)
def _terraform() -> None:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed")
