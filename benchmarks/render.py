"""CPU time of `check` and of 50 profiles rendered in one process, against copier's `run_copy`.

    python benchmarks/render.py

Prints one JSON document, milliseconds: medians of several runs for `check` (a process of its own,
beside `python -c pass`), and for rendering one profile, 50 in a row, and one by copier.
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
from typing import Any

from copier import run_copy

from djscaffold.plan.model import PLATFORMS
from djscaffold.render.direct import render_files

ROOT = Path(__file__).parent.parent
RUNS = 9
PROFILES: list[dict[str, Any]] = [
    {
        "platform": PLATFORMS[number % 4],
        "project_slug": f"shop{number}",
        "needs_redis": number % 3 == 0,
    }
    for number in range(50)
]


def cpu_of(*command: str) -> float:
    """Return the CPU time of a process, children and all."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def cpu_here(work: Any) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        answers = scratch / "answers.yml"
        answers.write_text("platform: onprem\n")
        project = scratch / "project"
        render = ("-m", "djscaffold", "render", "--data-file", str(answers), "--out", str(project))
        subprocess.run([sys.executable, *render], check=True, stdout=subprocess.DEVNULL)
        check = [cpu_of("-m", "djscaffold", "check", str(project)) for _ in range(RUNS)]
        bare = [cpu_of("-c", "pass") for _ in range(RUNS)]

        first = cpu_here(lambda: render_files(PROFILES[0]))
        fifty = cpu_here(lambda: [render_files(profile) for profile in PROFILES])
        plain = scratch / "template"
        shutil.copytree(ROOT / "templates", plain / "templates")
        shutil.copy(ROOT / "copier.yml", plain)
        copier = cpu_here(
            lambda: run_copy(
                str(plain), scratch / "out", data=PROFILES[0], defaults=True, quiet=True
            )
        )
    print(
        json.dumps(
            {
                "files": len(render_files(PROFILES[0])),
                "python_ms": round(statistics.median(bare)),
                "check_ms": round(statistics.median(check)),
                "first_profile_ms": round(first),
                "fifty_profiles_ms": round(fifty),
                "copier_one_profile_ms": round(copier),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
