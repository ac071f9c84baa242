"""CPU time of `check` and of 50 profiles rendered in one process, against copier's `run_copy`.

    python benchmarks/render.py

Prints one JSON document, milliseconds: medians of several runs for `check`, a process of its own,
as people have it (installed from a wheel) and from the checkout (which asks git for its version,
twice), beside `python -c pass` and an import of the libraries it cannot do without; then one
profile, 50 in a row, and one by copier. CPU times: they hold on a busy machine too.
"""

from __future__ import annotations

import json
import os
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


def cpu_of(*command: str, path: Path | None = None) -> float:
    """Return the CPU time of a process, children and all; *path* goes before the installed."""
    variables = {**os.environ, "PYTHONPATH": str(path or "")}
    # People's Python keeps bytecode.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, env=variables)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def median_of(*command: str, path: Path | None = None) -> int:
    return round(statistics.median(cpu_of(*command, path=path) for _ in range(RUNS)))


def install_wheel(scratch: Path) -> Path:
    """Build this checkout's wheel and return the folder it was installed into."""
    build = ("-m", "build", "--no-isolation", "--wheel", "--outdir", str(scratch), str(ROOT))
    cpu_of(*build)
    wheel = next(scratch.glob("*.whl"))
    target = scratch / "installed"
    pip = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target")
    cpu_of(*pip, str(target), str(wheel))
    return target


def check_of(scratch: Path, path: Path | None) -> int:
    """Return what `check` costs in a project that the tool in *path* wrote."""
    answers = scratch / "answers.yml"
    answers.write_text("platform: onprem\n")
    project = scratch / ("wheel" if path else "checkout")
    render = ("-m", "djscaffold", "render", "--data-file", str(answers), "--out", str(project))
    cpu_of(*render, path=path)
    return median_of("-m", "djscaffold", "check", str(project), path=path)


def cpu_here(work: Any) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        from_wheel = check_of(scratch, install_wheel(scratch))
        from_checkout = check_of(scratch, None)
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
                "python_ms": median_of("-c", "pass"),
                "imports_ms": median_of("-c", "import click, jinja2.sandbox, pathspec, yaml"),
                "check_ms": from_wheel,
                "check_from_checkout_ms": from_checkout,
                "first_profile_ms": round(first),
                "fifty_profiles_ms": round(fifty),
                "copier_one_profile_ms": round(copier),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
