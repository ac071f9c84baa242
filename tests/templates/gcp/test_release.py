"""What release and rollback ask of Google Cloud, in which order, and what they do when it says no.

Google's command line cannot run without an account. A small stand-in answers in its place: it
keeps the lock and the list of releases in a folder and notes every call. What Google does with
a call is not proven here; that no call comes too early is.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Render

GCLOUD = r"""#!/usr/bin/env bash
shift 2 # --project and --quiet
echo "$*" >>"$CLOUD/calls"
[ -z "${REFUSE:-}" ] || [[ "$*" != *$REFUSE* ]] || exit 1
file="$CLOUD/${*: -1}"; file="${file//gs:\/\//}"
case "$*" in
"storage cp --if-generation-match=0"*) [ ! -e "$file" ] && mkdir -p "${file%/*}" && cat >"$file" ;;
"storage cp -"*) mkdir -p "${file%/*}" && cat >"$file" ;;
"storage cat"*) cat "$file" ;;
"storage rm"*) rm "$file" ;;
"storage ls"*) for each in $file; do echo "gs://${each#"$CLOUD/"}"; done ;;
"artifacts docker images describe"*--format*) echo sha256:built ;;
"artifacts docker images describe"*) exit 1 ;;
"secrets versions list"*) printf '%s\n' ${VERSIONS:-2 1} ;;
"sql backups list"*) echo 1769868300000 ;;
"run services describe"*image*) echo "${NOW:-the-hello-image}" ;;
"run services describe"*revisionName*) echo shop-00001 ;;
"run services describe"*) echo https://shop-1.run.app ;;
esac
"""
DOCKER = '#!/bin/sh\necho "docker $1 $2" >>"$CLOUD/calls"\n'
CURL = '#!/bin/sh\necho "curl" >>"$CLOUD/calls"\n[ -z "${SILENT:-}" ]\n'
SLEEP = "#!/bin/sh\n"
CELERY = {
    "task_library": "celery",
    "task_app": "shop.celery",
    "uses_beat": True,
    "needs_redis": True,
    "task_broker": "redis",
    "env_vars": [{"name": "PAY_KEY", "required": True, "default": "", "where": "s.py:1"}],
}
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
    for name, text in {"gcloud": GCLOUD, "docker": DOCKER, "curl": CURL, "sleep": SLEEP}.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    (tmp_path / ".gitignore").write_text("cloud\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)

    def call(*command: str, given: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "CLOUD": str(cloud),
            **changes,
        }
        return subprocess.run(
            [str(deploy / "bin" / command[0]), *command[1:]],
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def calls(cloud: Path) -> list[str]:
    """Return what was asked that changes something, and the smoke test."""
    told = ("run services update", "run jobs", "run worker-pools", "docker", "curl")
    return [line for line in (cloud / "calls").read_text().splitlines() if line.startswith(told)]


IMAGE = "europe-west1-docker.pkg.dev/example-project/shop/site@sha256:built"


def test_a_release_migrates_before_it_serves_and_stops_beat_before_it_starts(
    run: Run, cloud: Path
) -> None:
    """J01, J02, J03."""
    done = run("release")

    assert done.returncode == 0, done.stderr
    expected = [
        "docker buildx build",
        f"run jobs update shop-manage --image={IMAGE}",
        "run jobs execute shop-manage --args=migrate,--noinput",
        f"run services update shop --image={IMAGE} --no-traffic",
        "run services update-traffic shop --to-latest",
        "curl",
        f"run worker-pools update shop-worker --image={IMAGE}",
        "run worker-pools update shop-beat --instances=0",
        f"run worker-pools update shop-beat --image={IMAGE} --instances=1",
    ]
    told = calls(cloud)
    assert [line[: len(want)] for line, want in zip(told, expected, strict=True)] == expected
    assert not (cloud / "example-project-shop-ops/lock").exists()
    assert [
        path.read_text() for path in (cloud / "example-project-shop-ops/releases").iterdir()
    ] == [f"{IMAGE}\n"]


@pytest.mark.parametrize(
    ("refused", "last", "message"),
    [
        ("jobs execute", "run jobs execute", "The migration failed; the old release serves on"),
        ("--no-traffic", "run services update shop", "did not become ready; the old one serves on"),
    ],
)
def test_what_fails_leaves_the_old_release_serving(
    run: Run, cloud: Path, refused: str, last: str, message: str
) -> None:
    done = run("release", REFUSE=refused)

    assert done.returncode == 1
    assert message in done.stderr
    assert calls(cloud)[-1].startswith(last)
    assert not (cloud / "example-project-shop-ops/lock").exists()


def test_a_release_that_nobody_reaches_is_taken_back(run: Run, cloud: Path) -> None:
    done = run("release", SILENT="1")

    assert done.returncode == 1
    assert "shop-00001 serves again" in done.stderr
    assert calls(cloud)[-1].startswith(
        "run services update-traffic shop --to-revisions=shop-00001=100"
    )
    assert not any("worker-pools" in line for line in calls(cloud))


def test_two_releases_do_not_interleave(run: Run, cloud: Path) -> None:
    lock = cloud / "example-project-shop-ops/lock"
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


def test_an_uncommitted_change_stops_the_release(run: Run, cloud: Path, tmp_path: Path) -> None:
    (tmp_path / "deploy/target.sh").write_text((tmp_path / "deploy/target.sh").read_text() + "#\n")

    done = run("release")

    assert "there are changes that are not committed" in done.stderr
    assert calls(cloud) == []


def test_rollback_takes_the_release_before_and_migrates_nothing(run: Run, cloud: Path) -> None:
    """R19: expand and contract; the database stays one migration ahead."""
    releases = cloud / "example-project-shop-ops/releases"
    releases.mkdir(parents=True)
    for time, image in {"1": "site@sha256:one", "2": "site@sha256:two"}.items():
        (releases / f"2026010{time}T000000Z").write_text(f"{image}\n")

    done = run("rollback", NOW="site@sha256:two")

    assert done.returncode == 0, done.stderr
    assert "run services update shop --image=site@sha256:one --no-traffic" in " ".join(calls(cloud))
    assert not any("execute" in line for line in calls(cloud))


def test_without_an_earlier_release_rollback_says_so(run: Run, cloud: Path) -> None:
    done = run("rollback")

    assert done.returncode == 1
    assert "There is no other release to go back to" in done.stderr


@pytest.mark.parametrize(
    ("command", "backup", "source"),
    [
        (("1700000000000",), "1700000000000", "shop"),
        (("--into-site", "shop-restored"), "1769868300000", "shop-restored"),
    ],
)
def test_a_restore_over_the_site_stops_the_workers_first(
    run: Run, cloud: Path, command: tuple[str, ...], backup: str, source: str
) -> None:
    done = run("restore", *command, given="shop\n")

    assert done.returncode == 0, done.stderr
    told = (cloud / "calls").read_text().splitlines()
    order = [line for line in told if "worker-pools" in line or "backups restore" in line]
    assert order == [
        "run worker-pools update shop-worker --instances=0 --region=europe-west1",
        "run worker-pools update shop-beat --instances=0 --region=europe-west1",
        f"sql backups restore {backup} --restore-instance=shop --backup-instance={source}",
    ]


def test_a_restore_that_is_not_meant_changes_nothing(run: Run, cloud: Path) -> None:
    done = run("restore", "--into-site", "shop-restored", given="yes\n")

    assert (done.returncode, "Nothing was changed" in done.stderr) == (1, True)
    assert not (cloud / "calls").exists()
