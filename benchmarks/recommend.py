"""CPU time of ``djscaffold recommend`` against the imports that it cannot do without.

    python benchmarks/recommend.py

Prints one JSON document: medians of interleaved runs in milliseconds, and the ratio. The bare
program imports click and PyYAML, reads the same data files, and answers nothing.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
DATA = ROOT / "generator" / "djscaffold" / "strategy" / "data"
RUNS = 15
OURS = "from djscaffold.__main__ import main; main()"
BARE = f"""
import click, json, pathlib, yaml
for path in sorted(pathlib.Path({str(DATA)!r}).glob("*.yaml")):
    yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
"""


def cpu_ms(command: list[str], folder: Path) -> float:
    """Return user and system time of one run in an empty folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "team.yml").write_text("{country: DE, users: [eu], needs: [background_jobs]}\n")
        ours = [sys.executable, "-c", OURS, "recommend", "--profile", "team.yml"]
        commands = {
            "bare_cpu_ms": [sys.executable, "-c", BARE],
            "json_cpu_ms": [*ours, "--format", "json"],
            "text_cpu_ms": [*ours, "--defaults"],
            "html_cpu_ms": [*ours, "--defaults", "--output", "report.html"],
        }
        times: dict[str, list[float]] = {key: [] for key in commands}
        for _ in range(RUNS):
            for key, command in commands.items():
                times[key].append(cpu_ms(command, folder))
    medians = {key: round(statistics.median(values), 1) for key, values in times.items()}
    ratio = round(medians["json_cpu_ms"] / medians["bare_cpu_ms"], 2)
    print(json.dumps({**medians, "json_to_bare": ratio}, indent=2))


if __name__ == "__main__":
    main()
