"""Compare what ``djscaffold inspect`` says of real projects with what a careful reader found.

    python benchmarks/corpus_score.py --projects FOLDER --truth FOLDER [--score SCRIPT]

FOLDER/<owner>__<name> of --projects holds a checkout, FOLDER/<owner>__<name>.yaml of --truth the
facts. The script that judges comes with the truth: --score, or the file ``score`` beside it.
Exit code 1 where precision is under 0.98 or recall under 0.95.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

PRECISION, RECALL = 0.98, 0.95


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--projects", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--score", type=Path)
    arguments, more = parser.parse_known_args()
    script = arguments.score or arguments.truth.parent / "score"
    command = f"{sys.executable} -m djscaffold inspect --format json"
    run = subprocess.run(
        [
            sys.executable,
            str(script),
            *("--projects", str(arguments.projects)),
            *("--truth", str(arguments.truth)),
            *("--command", command),
            *more,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    print(run.stdout, end="")
    print(run.stderr, end="", file=sys.stderr)
    found = re.search(r"precision ([\d.]+) recall ([\d.]+)", run.stdout)
    if found is None:
        return 1
    return 0 if float(found[1]) >= PRECISION and float(found[2]) >= RECALL else 1


if __name__ == "__main__":
    sys.exit(main())
