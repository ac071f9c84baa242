"""Compare what is rendered with a tutorial's stack and with a hand-tuned one.

    python benchmarks/throughput.py            about 7 minutes, on a machine that does nothing else
    python benchmarks/throughput.py --quick    one short round: does it run?

One site, some ways to run it (stacks.py), on this machine, in one run: nginx, gunicorn and
PostgreSQL are real, wrk asks. Their rounds take turns, the best of each counts: other
work on the machine can only make a round worse. Numbers compare; they are no capacity.

tutorial    what Django's deployment pages and common tutorials describe: sync workers, a
            connection to the database for each request, nginx without kept connections
hand-tuned  threads, preloading, kept connections on both sides, compressed static files
ours        deploy/gunicorn.conf.py, deployment.settings and deploy/nginx as rendered
unchecked   ours without asking whether a kept connection to the database still works: how much
            of the difference that is

Needs Debian's nginx, postgresql and wrk, and root (PostgreSQL runs as postgres).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from stacks import WORKERS, Stack, hand_tuned, ours, ours_unchecked, postgresql, python, tutorial

CONNECTIONS = 32
STACKS = (tutorial, hand_tuned, ours, ours_unchecked)
# Ours is compared with the better of the first two.
OTHERS, OURS = slice(0, 2), 2
PAGES = {"page": "/hello/", "query": "/items/", "waiting 50 ms": "/wait/", "static": "{static}"}


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: requests a second, the 99th percentile in ms, answers that were errors."""

    rps: float
    p99_ms: float
    errors: int


def main() -> None:
    """Run, print a table, and exit with 1 if a request failed."""
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--rounds", type=int, default=4)
    options.add_argument("--quick", action="store_true", help="one round of one second")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.seconds, chosen.rounds = 1, 1
    missing = [tool for tool in ("nginx", "wrk", "psql") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder, ExitStack() as running:
        Path(folder).chmod(0o755)
        sockets = running.enter_context(postgresql(Path(folder)))
        stacks = [make(Path(folder), sockets) for make in STACKS]
        results = measure(stacks, chosen.rounds, chosen.seconds)
    print(report(results))
    if any(load.errors for stack in results.values() for load in stack["loads"].values()):
        sys.exit("some requests were answered by an error; the table is worth nothing")


@contextmanager
def serving(stack: Stack) -> Iterator[int]:
    """Run gunicorn and nginx; yield gunicorn's process id."""
    log = (stack.folder / "gunicorn.log").open("w")
    gunicorn = subprocess.Popen(
        [python(), "-m", "gunicorn", *stack.gunicorn],
        env=stack.environment,
        cwd=stack.folder,
        stdout=log,
        stderr=log,
    )
    conf = ["nginx", "-p", str(stack.folder), "-c", str(stack.folder / "nginx.conf")]
    subprocess.run([*conf, "-e", str(stack.folder / "nginx.log")], check=True)
    try:
        wait_for(f"http://127.0.0.1:{stack.port}/items/")
        yield gunicorn.pid
    finally:
        nginx = int((stack.folder / "nginx.pid").read_text())
        os.kill(nginx, signal.SIGQUIT)
        gunicorn.terminate()
        gunicorn.wait(40)
        log.close()


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=2).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


def measure(stacks: list[Stack], rounds: int, seconds: int) -> dict[str, dict]:
    """Return {stack: {"loads": {page: best Load}, "memory_mib": least}}."""
    results: dict[str, dict] = {stack.name: {"loads": {}, "memory_mib": 1e9} for stack in stacks}
    for _ in range(rounds):
        for stack in stacks:
            found = results[stack.name]
            with serving(stack) as master:
                for page, path in PAGES.items():
                    load = ask(stack.port, path.format(static=stack.static), seconds)
                    best = found["loads"].get(page)
                    if best is None or load.rps > best.rps:
                        found["loads"][page] = load
                found["memory_mib"] = min(found["memory_mib"], memory_mib(master))
    return results


def ask(port: int, path: str, seconds: int) -> Load:
    """Let wrk ask for *path* with kept connections."""
    url = f"http://127.0.0.1:{port}{path}"
    load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    done = subprocess.run(
        [*load, "-H", "Accept-Encoding: gzip", url], capture_output=True, text=True, check=True
    )
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout).groups()
    errors = sum(int(n) for n in re.findall(r"Non-2xx.*: (\d+)", done.stdout))
    rps = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])
    return Load(rps, float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit], errors)


def memory_mib(master: int) -> float:
    """Return the memory of a gunicorn with its workers, shared pages counted once (PSS)."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    total = 0
    for process in [str(master), *children]:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1])
    return total / 1024


def report(results: dict[str, dict]) -> str:
    """Return a Markdown table: each stack, and ours against the better of the others."""
    names = list(results)
    lines = [f"| | {' | '.join(names)} | ours / better |", "|---" * (len(names) + 2) + "|"]
    for page in PAGES:
        rps = [results[name]["loads"][page].rps for name in names]
        p99 = [results[name]["loads"][page].p99_ms for name in names]
        lines.append(_row(f"{page}, requests/s", rps, ",.0f", rps[OURS] / max(rps[OTHERS])))
        lines.append(_row(f"{page}, p99 ms", p99, ",.1f", p99[OURS] / min(p99[OTHERS])))
    memory = [results[name]["memory_mib"] for name in names]
    lines.append(_row("memory, MiB", memory, ",.0f", memory[OURS] / min(memory[OTHERS])))
    how = {"cores": os.cpu_count(), "workers": WORKERS, "connections": CONNECTIONS}
    return "\n".join([*lines, "", json.dumps(how)])


def _row(name: str, values: list[float], form: str, ratio: float) -> str:
    return f"| {name} | {' | '.join(format(value, form) for value in values)} | {ratio:.2f} |"


if __name__ == "__main__":
    main()
