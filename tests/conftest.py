"""What holds for the whole run: nothing may be skipped where CI says so."""

from __future__ import annotations

import os

import pytest

NOTHING_SKIPPED = "DJSCAFFOLD_NOTHING_SKIPPED"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in which a test was skipped, where all tools are promised to be there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get(NOTHING_SKIPPED):
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and exitstatus == 0:
        reporter.write_line(f"{NOTHING_SKIPPED} is set, and {len(skipped)} tests were skipped.")
        session.exitstatus = 1
