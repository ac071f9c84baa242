"""CPU time of ``djscaffold --help`` against a bare click program, and wall time of ``init``.

    python benchmarks/startup.py

Prints one JSON document: medians of interleaved runs, in milliseconds, and the ratio of the first
two. The bare program has the same number of commands and options, and does nothing else.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 15
BARE = """
import click

@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("1", prog_name="bare")
def cli():
    "Ten commands that do nothing."

for name in "inspect recommend init render check diff update switch verify explain".split():
    cli.add_command(click.Command(name, help="Does nothing."))

cli(prog_name="bare")
"""
# What the installed console script does.
OURS = "from djscaffold.__main__ import main; main()"


def cpu_ms(command: list[str]) -> float:
    """Return user and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def help_times() -> dict[str, float]:
    """Return the medians for both programs, run in turn so that both meet the same machine."""
    commands = {
        "bare_click_cpu_ms": [sys.executable, "-c", BARE, "--help"],
        "help_cpu_ms": [sys.executable, "-c", OURS, "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            times[name].append(cpu_ms(command))
    return {name: round(statistics.median(values), 1) for name, values in times.items()}


def init_time() -> dict[str, float]:
    """Return wall time and number of files of `init` on the example shop."""
    walls = []
    files = 0
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder, "shop")
            shutil.copytree(ROOT / "examples/projects/shop", project)
            before = sum(1 for path in project.rglob("*") if path.is_file())
            command = [sys.executable, "-m", "djscaffold", "init", str(project)]
            start = time.perf_counter()
            subprocess.run(
                [*command, "--platform", "onprem", "--defaults"], check=True, capture_output=True
            )
            walls.append(1000 * (time.perf_counter() - start))
            files = sum(1 for path in project.rglob("*") if path.is_file()) - before
    return {"init_wall_ms": round(statistics.median(walls), 1), "init_files": files}


if __name__ == "__main__":
    times = help_times()
    ratio = times["help_cpu_ms"] / times["bare_click_cpu_ms"]
    print(json.dumps({**times, "help_ratio": round(ratio, 2), **init_time()}, indent=2))
