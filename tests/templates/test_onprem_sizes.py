"""How gunicorn sizes itself, and how long a stop may take: the rendered files, run for real."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .onprem_sites import BASE, rendered, write

# A machine is what the kernel says it is; systemd's ProcSubset=pid hides /proc/meminfo.
MACHINE = """
import os, pathlib, runpy
real = pathlib.Path.read_text
groups = {groups!r}
def read(path, **options):
    if str(path) in groups:
        return groups[str(path)]
    if str(path).startswith(("/proc/", "/sys/")):
        raise FileNotFoundError(path)
    return real(path, **options)
pathlib.Path.read_text = read
os.sched_getaffinity = lambda process: range(16)
os.sysconf = {{"SC_PHYS_PAGES": {mib} * 256, "SC_PAGE_SIZE": 4096}}.__getitem__
print(runpy.run_path({config!r})["workers"])
"""
UNIT = "/system.slice/system-shop.slice/shop-web@1.service"


@pytest.mark.parametrize(
    ("mib", "groups", "workers"),
    [
        (65536, {}, 16),
        (1024, {}, 3),
        # `web_limits: ["MemoryMax=1G"]`: the unit's own group, far below the root.
        (
            65536,
            {
                "/proc/self/cgroup": f"0::{UNIT}\n",
                f"/sys/fs/cgroup{UNIT}/memory.max": f"{2**30}\n",
            },
            3,
        ),
        # CPUQuota=400% of a slice above it.
        (
            65536,
            {
                "/proc/self/cgroup": f"0::{UNIT}\n",
                "/sys/fs/cgroup/system.slice/cpu.max": "400000 100000\n",
                f"/sys/fs/cgroup{UNIT}/memory.max": "max\n",
            },
            4,
        ),
        # A container sees its own group as the root.
        (65536, {"/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": f"{2**30}\n"}, 3),
    ],
)
def test_workers_follow_the_machine_and_the_limits_of_the_unit(
    tmp_path: Path, mib: int, groups: dict[str, str], workers: int
) -> None:
    config = str(write(tmp_path, BASE) / "deploy/gunicorn.conf.py")
    code = MACHINE.format(groups=groups, mib=mib, config=config)

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={}, check=True
    )

    assert int(done.stdout) == workers


def test_a_stop_lets_a_request_have_the_time_that_nginx_gives_it() -> None:
    files = rendered(BASE)
    unit = files["deploy/systemd/shop-web@.service"]
    nginx = files["deploy/nginx/snippets/timeouts.conf"]

    (answer,) = re.findall(r"^proxy_read_timeout (\d+)s;", nginx, re.MULTILINE)
    (graceful,) = re.findall(r"--graceful-timeout (\d+)$", unit, re.MULTILINE)
    (stop,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)

    assert int(answer) <= int(graceful) < int(stop)
