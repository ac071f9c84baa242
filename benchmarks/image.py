"""Size and rebuild time of the rendered image, against a production image of the usual shape.

    DOCKER_HOST=... python benchmarks/image.py [--network=host ...]

The usual shape is that of cookiecutter-django's production Dockerfile, written anew: wheels in a
build stage, installed in a second one beside the client library's headers and gettext; the source
copied last; static files collected by the start script. Both images hold the same example project
on the same base, in one run. Other arguments go to `docker build`. Prints one JSON document.

`rebuild` is a build after a change in one Python file, median of 3. `until_collected` adds, for
the usual shape, the collecting of static files that its start script does, on every start of every
container; ours has done it by then.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 3
PROJECT = Path(__file__).parent.parent / "examples/projects/shop"
BASE = "python:3.13-slim-trixie"
USUAL = f"""
FROM {BASE} AS wheels
RUN apt-get update && apt-get install --no-install-recommends -y build-essential libpq-dev
COPY requirements.txt /want/project.txt
COPY deploy/requirements.txt /want/production.txt
RUN cat /want/*.txt > /all.txt && pip wheel --wheel-dir /wheels -r /all.txt

FROM {BASE}
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN groupadd --system django && useradd --system --gid django django
RUN apt-get update && apt-get install --no-install-recommends -y libpq-dev gettext wait-for-it \\
    && apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false \\
    && rm -rf /var/lib/apt/lists/*
COPY --from=wheels /wheels /wheels/
RUN pip install --no-cache-dir --ignore-installed --no-index --find-links=/wheels/ /wheels/* \\
    && rm -rf /wheels/
RUN printf '#!/bin/sh\\nexec "$@"\\n' > /entrypoint && chmod +x /entrypoint
COPY --chown=django:django . /app
RUN chown -R django:django /app
USER django
ENV DJANGO_SETTINGS_MODULE=deployment.settings PYTHONPATH=/app/deploy/django:/app
ENTRYPOINT ["/entrypoint"]
"""


def docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    return done.stdout.strip()


def prepare(folder: Path) -> None:
    """Copy the project, and let init write its deployment."""
    shutil.copytree(PROJECT, folder)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    init = ["init", "--platform", "aws", "--defaults", "--allow-dirty"]
    init += ["--data", "domain=shop.example.org", "--data", "python_version=3.13"]
    command = [sys.executable, "-m", "djscaffold", *init]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # The authority of the database's certificate is fetched from AWS, once; it is not measured.
    (folder / "authority.crt").write_text("none\n")
    (folder / "deploy/Dockerfile.usual").write_text(USUAL)
    ignored = (folder / "deploy/Dockerfile.dockerignore").read_text()
    (folder / "deploy/Dockerfile.usual.dockerignore").write_text(ignored)


def build(folder: Path, file: str, options: list[str]) -> float:
    """Return how many seconds a build took."""
    began = time.monotonic()
    name = f"djscaffold-benchmark:{file.lower()}"
    given = [*options, "--build-arg=DATABASE_CA=authority.crt"]
    docker("build", *given, "--file", str(folder / "deploy" / file), "--tag", name, str(folder))
    return time.monotonic() - began


def rebuild(folder: Path, file: str, options: list[str]) -> float:
    """Return the median of builds after a change in the source."""
    seconds = []
    for number in range(RUNS):
        with (folder / "orders/views.py").open("a") as source:
            source.write(f"\n# {file} {number}\n")
        seconds.append(build(folder, file, options))
    return statistics.median(seconds)


def collect(image: str) -> float:
    """Return how long the start script of the usual shape collects, without the bare start."""
    run = ("run", "--rm", "--network=none", "--user=0", "-e", "DEPLOYMENT_BUILD=1", image)
    began = time.monotonic()
    docker(*run, "python", "-c", "pass")
    idle = time.monotonic() - began
    began = time.monotonic()
    docker(*run, "python", "-m", "django", "collectstatic", "--noinput", "--verbosity=0")
    return time.monotonic() - began - idle


def size_mb(image: str) -> float:
    return int(docker("image", "inspect", "--format={{.Size}}", image)) / 1e6


def main() -> None:
    options = sys.argv[1:]
    files = {"ours": "Dockerfile", "usual": "Dockerfile.usual"}
    images = {name: f"djscaffold-benchmark:{file.lower()}" for name, file in files.items()}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "shop"
        prepare(folder)
        for file in files.values():
            build(folder, file, options)
        rebuilt = {name: rebuild(folder, file, options) for name, file in files.items()}
    sizes = {name: size_mb(image) for name, image in images.items()}
    collected = {"ours": rebuilt["ours"], "usual": rebuilt["usual"] + collect(images["usual"])}
    base = size_mb(BASE)
    above = {name: size - base for name, size in sizes.items()}
    docker("rmi", *images.values())
    rows = {
        "size_mb": sizes,
        "size_above_base_mb": above,
        "rebuild_s": rebuilt,
        "until_collected_s": collected,
    }
    for row in rows.values():
        row["ratio"] = row["ours"] / row["usual"]
    print(
        json.dumps({name: {k: round(v, 2) for k, v in row.items()} for name, row in rows.items()})
    )


if __name__ == "__main__":
    main()
