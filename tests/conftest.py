"""What holds for the whole run: nothing of this machine counts, and where CI says so all is run."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

NOTHING_SKIPPED = "DJSCAFFOLD_NOTHING_SKIPPED"
# What changes how git, terraform, the clouds' tools and our own output behave.
_OF_THIS_MACHINE = ("AWS_", "GIT_", "GITHUB_", "GITLAB_", "TF_")


def _forget_this_machine() -> None:
    for name in [*os.environ]:
        if name.startswith(_OF_THIS_MACHINE) and not name.startswith("GIT_SSL_"):
            del os.environ[name]
    for name in ("CI", "FORCE_COLOR"):
        os.environ.pop(name, None)
    direct = ",".join(filter(None, (os.environ.get("no_proxy"), "127.0.0.1", "localhost")))
    # A repository of another owner is read all the same, and nobody's hooks and keys are used.
    os.environ |= {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_CONFIG_KEY_1": "maintenance.auto",
        "GIT_CONFIG_VALUE_1": "false",
        "no_proxy": direct,
        "NO_PROXY": direct,
    }


_forget_this_machine()
# CI tries the same examples in each run of a commit; a developer's runs go on looking for others.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
if os.environ.get(NOTHING_SKIPPED):
    settings.load_profile("ci")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in which a test was skipped, where all tools are promised to be there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get(NOTHING_SKIPPED):
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and exitstatus == 0:
        reporter.write_line(f"{NOTHING_SKIPPED} is set, and {len(skipped)} tests were skipped.")
        session.exitstatus = 1
