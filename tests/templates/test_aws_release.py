"""The release commands, by bash itself, against a stand-in for the `aws` program.

No account can be had in a test, so what the commands *decide* is tested: in which order things
are asked for, what stops a release, and what a failure leaves behind.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.model import ServiceModel
from botocore.session import get_session
from botocore.waiter import WaiterModel

from djscaffold.render.direct import render_files

NEW, OLD = "sha256:new", "sha256:old"
SETTINGS = {
    "name": "shop-production",
    "repository": "123.dkr.ecr.eu-central-1.amazonaws.com/shop-production",
    "cluster": "shop-production",
    "services": {"web": 1, "worker": 1},
    "subnets": ["subnet-1"],
    "group": "sg-1",
    "public_ip": "ENABLED",
    "logs": "/shop-production",
    "database": "shop-production",
    "environment": None,
    "site_url": "https://shop.example.org",
    "health_url": "https://shop.example.org/healthz/ready",
    "platform": "linux/amd64",
}
# Writes down what it is asked for, and answers from the files beside it.
AWS = """#!/usr/bin/env bash
here=$(dirname "$0")
printf '%s\\n' "$*" >> "$here/calls"
{ printf '%s\\037' "$@"; printf '\\036'; } >> "$here/words"
value() { cat "$here/$1" 2>/dev/null || printf '%s' "$2"; }
case "$1 $2 $3" in
"ssm get-parameter --name") cat "$here/settings" ;;
"ssm put-parameter --name") [ ! -e "$here/locked" ] ;;
"ecs describe-task-definition "*) echo '{"family": "f", "containerDefinitions": [{"name": "c"}, {"name": "queue"}]}' ;;
"ecs register-task-definition "*) echo "arn:aws:ecs:x:1:task-definition/f:$(grep -c register "$here/calls")" ;;
"ecs run-task "*) echo arn:aws:ecs:x:1:task/shop/1 ;;
"ecs describe-tasks "*)
    case "$*" in
    *managedAgents*) echo RUNNING ;;
    *) value exit_code 0 ;;
    esac ;;
"ecs describe-services "*)
    case "$*" in
    *desiredCount*) echo 0 ;;
    *) grep update-service "$here/calls" | grep "service $(sed 's/.*--services \\([a-z]*\\).*/\\1/' <<<"$*") " |
        tail -1 | sed 's/.*--task-definition \\([^ ]*\\).*/\\1/' ;;
    esac ;;
"ecs wait tasks-running") [ ! -e "$here/never_runs" ] ;;
"ecs wait services-stable") [ ! -e "$here/unstable" ] || { rm "$here/unstable"; exit 1; } ;;
"ecr describe-images "*)
    case "$*" in
    *imageTag=current*) value current "" ;;
    *imageTag=previous*) value previous "" ;;
    esac ;;
"ecr batch-get-image "*) echo manifest ;;
"logs get-log-events "*) echo '["Applying 0001_initial"]' ;;
esac
"""


@pytest.fixture
def cloud(tmp_path: Path) -> Path:
    """The folder of the stand-ins, first on PATH, beside the rendered commands."""
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    for file in render_files({"platform": "aws", "project_slug": "shop"}):
        if file.path.startswith(("deploy/bin/", "deploy/target.sh")):
            path = tmp_path / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            path.chmod(0o755)
    stand_ins = tmp_path / "stand-ins"
    stand_ins.mkdir()
    (stand_ins / "settings").write_text(json.dumps(SETTINGS))
    (stand_ins / "calls").touch()
    (stand_ins / "words").touch()
    programs = {
        "aws": AWS,
        "curl": "#!/bin/sh\n[ ! -e $(dirname $0)/down ]\n",
        "sleep": "#!/bin/sh\n",
        "session-manager-plugin": "#!/bin/sh\n",
    }
    for name, text in programs.items():
        (stand_ins / name).write_text(text)
        (stand_ins / name).chmod(0o755)
    return stand_ins


#: Options of the program itself, and commands that it adds to those of the services.
GLOBAL = {"query", "output", "region", "cli-input-json"}
OWN = {("logs", "tail"), ("ecr", "get-login-password")}


@functools.cache
def described(service: str) -> tuple[ServiceModel, WaiterModel | None]:
    """Return AWS's own description of a service, and of what can be waited for."""
    session = get_session()
    waits = service in ("ecs", "ecr", "rds")
    return session.get_service_model(service), session.get_waiter_model(service) if waits else None


def misunderstood(words: list[str]) -> str:
    """Return what AWS's own description of the service does not know of a call, or nothing."""
    service, command, *rest = words
    if (service, command) in OWN:
        return ""
    model, waiters = described(service)
    if command == "wait" and waiters is not None:
        names = {xform_name(name, "-"): name for name in waiters.waiter_names}
        if rest[0] not in names:
            return f"no waiter {rest[0]}"
        command = xform_name(waiters.get_waiter(names[rest[0]]).operation, "-")
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if command not in operations:
        return f"no command {command}"
    shape = model.operation_model(operations[command]).input_shape
    known = {xform_name(name, "-") for name in shape.members}
    given = {word.removeprefix("--") for word in rest if word.startswith("--")}
    missing = {xform_name(name, "-") for name in shape.required_members} - given
    strange = {name for name in given - GLOBAL if name.removeprefix("no-") not in known}
    if "cli-input-json" in given:
        missing = set()
    return " ".join(
        [*(f"missing {name}" for name in missing), *(f"no --{name}" for name in strange)]
    )


def run(cloud: Path, *command: str) -> tuple[int, str, list[str]]:
    """Return (status, what was said, what AWS was asked for)."""
    environment = {**os.environ, "PATH": f"{cloud}:{os.environ['PATH']}"}
    script, *arguments = command
    done = subprocess.run(
        [cloud.parent / "deploy/bin" / script, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
    )
    calls = [call.split("\037")[:-1] for call in (cloud / "words").read_text().split("\036")[:-1]]
    assert [(words, wrong) for words in calls if (wrong := misunderstood(words))] == []
    return done.returncode, done.stdout, (cloud / "calls").read_text().splitlines()


def steps(calls: list[str]) -> list[str]:
    """Return what changes something, without repetition."""
    verbs = ("run-task", "update-service", "put-image", "put-parameter", "delete-parameter")
    found = [word for call in calls for word in verbs if word in call]
    return [word for index, word in enumerate(found) if index == 0 or found[index - 1] != word]


def test_a_release_migrates_first_and_remembers_last(cloud: Path) -> None:
    """J01, J02: the new image migrates before any service moves; the lock is given back."""
    (cloud / "current").write_text(OLD)

    status, said, calls = run(cloud, "release", NEW)

    assert status == 0, said
    assert steps(calls) == [
        "put-parameter",
        "run-task",
        "update-service",
        "put-image",
        "delete-parameter",
    ]
    assert "Released" in said
    migration = next(call for call in calls if "run-task" in call)
    assert '"migrate","--noinput"' in migration
    # Every container of a task gets the released image, also the one that counts the queue.
    revisions = [call for call in calls if "register-task-definition" in call]
    assert len(revisions) == 3
    assert all(call.count(f'"image":"{SETTINGS["repository"]}@{NEW}"') == 2 for call in revisions)


def test_a_failing_migration_changes_nothing(cloud: Path) -> None:
    (cloud / "exit_code").write_text("1")

    status, said, calls = run(cloud, "release", NEW)

    assert status == 1
    assert "The migration failed; nothing else was changed" in said
    assert steps(calls) == ["put-parameter", "run-task", "delete-parameter"]


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["unstable", "down"])
def test_what_does_not_come_up_is_taken_back(cloud: Path, trouble: str) -> None:
    """The release before serves again, and the failure is the exit status."""
    (cloud / "current").write_text(OLD)
    (cloud / trouble).touch()

    status, said, calls = run(cloud, "release", NEW)

    registered = [call for call in calls if "register-task-definition" in call]
    assert status == 1
    assert f"Going back to {OLD}" in said
    assert f"@{OLD}" in registered[-1]
    assert not any("put-image" in call for call in calls)


def test_two_releases_cannot_run_at_once(cloud: Path) -> None:
    (cloud / "locked").touch()

    status, said, calls = run(cloud, "release", NEW)

    assert status == 1
    assert "Another release is running" in said
    assert "aws ssm delete-parameter --name /shop/production/release-lock" in said
    assert steps(calls) == ["put-parameter"]


@pytest.mark.slow
def test_rollback_moves_to_the_release_before(cloud: Path) -> None:
    (cloud / "current").write_text(NEW)
    (cloud / "previous").write_text(OLD)

    status, said, calls = run(cloud, "rollback")

    registered = [call for call in calls if "register-task-definition" in call]
    assert status == 0, said
    assert registered
    assert all(f"@{OLD}" in call for call in registered)
    assert not any("run-task" in call for call in calls)


@pytest.mark.slow
def test_rollback_without_a_release_before_says_so(cloud: Path) -> None:
    status, said, calls = run(cloud, "rollback")

    assert status == 1
    assert "There is no release before this one" in said
    assert steps(calls) == []


def test_a_command_gives_back_its_own_status(cloud: Path) -> None:
    (cloud / "exit_code").write_text("3")

    status, said, _ = run(cloud, "manage", "check", "--deploy")

    assert status == 3
    assert "Applying 0001_initial" in said


def test_a_shell_is_a_task_of_its_own_that_ends_with_it(cloud: Path) -> None:
    """ECS opens none in a container whose file system cannot be written to."""
    status, said, calls = run(cloud, "shell", "python", "-m", "django", "dbshell", "--", "it's")
    asked = [call for call in calls if call.startswith("ecs") and "describe" not in call]
    started, waited, opened, stopped = asked

    assert status == 0, said
    assert "--enable-execute-command" in started
    assert '"command":["sleep","14400"]' in started
    assert "tasks-running" in waited
    assert "--container job" in opened
    assert opened.endswith(r"python -m django dbshell -- it\'s ")
    assert "stop-task" in stopped


def test_a_shell_that_does_not_start_is_stopped_and_says_why(cloud: Path) -> None:
    (cloud / "never_runs").touch()
    (cloud / "exit_code").write_text("CannotPullContainerError")

    status, said, calls = run(cloud, "shell")

    assert status == 1
    assert "The task did not start: CannotPullContainerError" in said
    assert "stop-task" in calls[-1]
    assert not [call for call in calls if call.startswith("ecs execute-command")]


@pytest.mark.parametrize(
    "command",
    [
        ("backup",),
        ("backup", "--list"),
        ("logs", "worker", "2d", "--follow"),
        ("manage", "check", "--deploy"),
        ("restore", "a-snapshot"),
        ("restore", "--time", "2026-01-31T14:05:00Z"),
        ("restore", "--remove"),
        ("rollback", "--list"),
        ("secret",),
    ],
    ids=" ".join,
)
def test_every_command_speaks_as_aws_understands(cloud: Path, command: tuple[str, ...]) -> None:
    """`run` holds each call against AWS's own description of its services."""
    settings = {**SETTINGS, "environment": "shop-production/environment"}
    (cloud / "settings").write_text(json.dumps(settings))

    status, said, calls = run(cloud, *command)

    assert (status, len(calls) > 1) == (0, True), said


def test_a_call_that_aws_would_refuse_is_seen() -> None:
    assert misunderstood(["ecs", "stop-tasks"]) == "no command stop-tasks"
    assert misunderstood(["ecs", "stop-task", "--cluster", "c"]) == "missing task"
    assert misunderstood(["ecs", "stop-task", "--task", "t", "--because", "x"]) == "no --because"
    assert misunderstood(["rds", "wait", "db-is-there"]) == "no waiter db-is-there"
