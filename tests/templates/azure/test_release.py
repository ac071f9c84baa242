"""What release and rollback ask of Azure, in which order, and what they do when it says no.

Azure's command line cannot run without an account. A small stand-in answers in its place: it
keeps the lock and the list of releases in a folder and notes every call. What Azure does with a
call is not proven here; that no call comes too early is.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Render

AZ = r"""#!/usr/bin/env bash
echo "$*" >>"$CLOUD/calls"
[ -z "${REFUSE:-}" ] || [[ "$*" != *"$REFUSE"* ]] || exit 1
option() { local each seen=; for each in "${@:2}"; do [ -z "$seen" ] || { echo "$each"; return; }; [ "$each" != "$1" ] || seen=1; done; }
blob="$CLOUD/blobs/$(option --name "$@")"
case "$*" in
"resource list"*) echo shop123 ;;
"storage blob upload"*)
    [[ "$*" != *--if-none-match* ]] || [ ! -e "$blob" ] || exit 1
    mkdir -p "${blob%/*}" && cp "$(option --file "$@")" "$blob" ;;
"storage blob download"*) cat "$blob" ;;
"storage blob delete"*) rm "$blob" ;;
"storage blob list"*) for each in "$CLOUD"/blobs/list/*; do [ ! -e "$each" ] || echo "list/${each##*/}"; done ;;
"keyvault secret list-versions"*) echo "${VERSIONS:-2}" ;;
"acr repository show"*digest*) echo sha256:built ;;
"acr repository show"*) exit 1 ;;
"containerapp job start"*) echo run-1 ;;
"containerapp job execution show"*) echo "${JOB:-Succeeded}" ;;
"containerapp job list"*) echo shop-clearsessions ;;
"containerapp revision list"*) echo "$(option --name "$@")--old" ;;
"postgres flexible-server list"*) echo shop123 ;;
"containerapp revision show"*) echo "${HEALTH:-Healthy}" ;;
"containerapp update"*) echo shop--new ;;
"containerapp show"*image*) echo "${NOW:-the-first-image}" ;;
"containerapp show"*) echo shop.azurecontainerapps.io ;;
esac
"""
TOOLS = {
    "az": AZ,
    "docker": '#!/bin/sh\necho "docker $1 $2" >>"$CLOUD/calls"\n',
    "curl": '#!/bin/sh\necho curl >>"$CLOUD/calls"\n[ -z "${SILENT:-}" ]\n',
    "sleep": "#!/bin/sh\n",
}
CELERY = {
    "task_library": "celery",
    "task_app": "shop.celery",
    "uses_beat": True,
    "needs_redis": True,
    "task_broker": "redis",
    "env_vars": [{"name": "PAY_KEY", "required": True, "default": "", "where": "s.py:1"}],
}
IMAGE = "shop123.azurecr.io/site@sha256:built"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def cloud(tmp_path: Path) -> Path:
    return tmp_path / "cloud"


@pytest.fixture
def run(render: Render, cloud: Path, tmp_path: Path) -> Run:
    """Return a function that runs one command of deploy/bin in a clean git repository."""
    deploy = render(**CELERY)
    tools = cloud / "tools"
    tools.mkdir(parents=True)
    for name, text in TOOLS.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    (tmp_path / ".gitignore").write_text("cloud\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)

    def call(*command: str, given: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        path = f"{tools}:{os.environ['PATH']}"
        return subprocess.run(
            [str(deploy / "bin" / command[0]), *command[1:]],
            env={**os.environ, "PATH": path, "CLOUD": str(cloud), **changes},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def calls(cloud: Path) -> list[str]:
    """Return what was asked that changes something, and the smoke test."""
    told = (
        "containerapp update",
        "containerapp job update",
        "containerapp job start",
        "containerapp revision deactivate",
        "docker",
        "curl",
    )
    lines = (cloud / "calls").read_text().splitlines()
    return [line.partition(" --resource-group")[0] for line in lines if line.startswith(told)]


def named(command: str, name: str) -> str:
    return f"containerapp {command} --name {name}"


def test_a_release_migrates_before_it_serves_and_stops_beat_before_it_starts(
    run: Run, cloud: Path
) -> None:
    """J01, J02, J03."""
    done = run("release")

    assert done.returncode == 0, done.stderr
    expected = [
        "docker buildx build",
        f"{named('job update', 'shop-manage')} --image {IMAGE}",
        named("job start", "shop-manage"),
        f"{named('update', 'shop')} --image {IMAGE}",
        "curl",
        f"{named('update', 'shop-worker')} --image {IMAGE}",
        f"{named('revision deactivate', 'shop-beat')} --revision shop-beat--old",
        f"{named('update', 'shop-beat')} --image {IMAGE}",
        f"{named('job update', 'shop-clearsessions')} --image {IMAGE}",
    ]
    told = calls(cloud)
    assert [line[: len(want)] for line, want in zip(told, expected, strict=True)] == expected
    assert not (cloud / "blobs/lock").exists()
    assert [path.read_text() for path in (cloud / "blobs/list").iterdir()] == [f"{IMAGE}\n"]


def test_a_migration_that_fails_leaves_the_old_release_serving(run: Run, cloud: Path) -> None:
    done = run("release", JOB="Failed")

    assert done.returncode == 1
    assert "The migration failed; the old release serves on" in done.stderr
    assert calls(cloud)[-1].startswith(named("job start", "shop-manage"))
    assert not (cloud / "blobs/lock").exists()


@pytest.mark.parametrize(
    "trouble",
    [{"HEALTH": "Unhealthy"}, {"SILENT": "1"}, {"REFUSE": f"update --name shop --image {IMAGE}"}],
)
def test_a_release_that_does_not_answer_is_taken_back(
    run: Run, cloud: Path, trouble: dict[str, str]
) -> None:
    done = run("release", NOW="site@sha256:before", **trouble)

    assert done.returncode == 1
    assert "site@sha256:before serves again" in done.stderr
    changed = [line for line in calls(cloud) if line.startswith("containerapp update")]
    assert [line.split()[5] for line in changed] == [IMAGE, "site@sha256:before"]


def test_two_releases_do_not_interleave(run: Run, cloud: Path) -> None:
    lock = cloud / "blobs/lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("ann@laptop, since 2026-01-31 14:05:00 UTC\n")

    done = run("release")

    assert done.returncode == 1
    assert "Another release is running: ann@laptop" in done.stderr
    assert calls(cloud) == []
    assert lock.exists()


def test_a_secret_without_a_value_stops_the_release(run: Run, cloud: Path) -> None:
    done = run("release", VERSIONS="1")

    assert done.returncode == 1
    assert "these secrets have no value yet: PAY_KEY" in done.stderr
    assert calls(cloud) == []


def test_rollback_takes_the_release_before_and_migrates_nothing(run: Run, cloud: Path) -> None:
    """R19."""
    releases = cloud / "blobs/list"
    releases.mkdir(parents=True)
    for day, image in {"1": "site@sha256:one", "2": "site@sha256:two"}.items():
        (releases / f"2026010{day}T000000Z").write_text(f"{image}\n")

    done = run("rollback", NOW="site@sha256:two")

    assert done.returncode == 0, done.stderr
    assert f"{named('update', 'shop')} --image site@sha256:one" in " ".join(calls(cloud))
    assert not any("job start" in line for line in calls(cloud))
