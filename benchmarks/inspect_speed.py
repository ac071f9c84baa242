"""Time ``djscaffold inspect`` on real projects, against parsing every Python file of each.

    python benchmarks/inspect_speed.py FOLDER/OF/PROJECTS [--repeat 3]

Both are whole commands in processes of their own, so that the interpreter's start counts in both.
The best of the repetitions is taken: what is slower was the machine. Exit code 1 where the median
is over 0.25 s, one project over 1 s, a large one over a tenth of the baseline, or memory over
150 MB.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

MEDIAN_S, SLOWEST_S, SHARE, MEMORY_MB = 0.25, 1.0, 0.1, 150
LARGE = 4000
BASELINE = """
import ast, pathlib, sys
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        pass
"""


def measure(command: list[str], repeat: int) -> tuple[float, float, float]:
    """Return the best wall clock and CPU seconds of a command, and its memory in MB."""
    wall, cpu, memory = float("inf"), float("inf"), 0.0
    for _ in range(repeat):
        started = time.monotonic()
        process = os.posix_spawn(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
        )
        _, _, usage = os.wait4(process, 0)
        wall = min(wall, time.monotonic() - started)
        cpu = min(cpu, usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss / 1024)
    return wall, cpu, memory


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("projects", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    times, bad = [], []
    print(f"{'project':45}{'files':>7}{'wall s':>9}{'cpu s':>8}{'all .py':>9}{'ratio':>8}{'MB':>6}")
    for project in sorted(path for path in arguments.projects.iterdir() if path.is_dir()):
        inspect = [sys.executable, "-m", "djscaffold", "inspect", "--format", "json", str(project)]
        wall, cpu, memory = measure(inspect, arguments.repeat)
        parse = measure([sys.executable, "-c", BASELINE, str(project)], 1)
        files = sum(1 for _ in project.rglob("*.py"))
        ratio = cpu / parse[1]
        times.append(wall)
        print(
            f"{project.name:45}{files:7}{wall:9.3f}{cpu:8.3f}{parse[1]:9.3f}{ratio:8.2f}{memory:6.0f}"
        )
        if wall > SLOWEST_S or memory > MEMORY_MB or (files > LARGE and ratio > SHARE):
            bad.append(project.name)
    median = statistics.median(times)
    print(f"median {median:.3f} s, over the limit: {', '.join(bad) or 'none'}")
    return 1 if bad or median > MEDIAN_S else 0


if __name__ == "__main__":
    sys.exit(main())
