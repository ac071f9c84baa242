"""How many jobs wait: counted in a real Redis, seen by CloudWatch, followed by the workers."""

from __future__ import annotations

import importlib.util
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from celery import Celery
from clouds.aws import CELERY, CLOUD
from offline_terraform.workspace import workspace
from ports import free_port
from redis import Redis
from rq import Queue

from djscaffold.render.direct import render_files


@pytest.fixture
def port() -> Iterator[int]:
    """Yield the port of a Redis of this test's own."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    number = free_port()
    command = ["redis-server", "--port", str(number), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not listens(number):
            assert process.poll() is None, "redis-server has ended"
            assert time.monotonic() < end, "redis-server does not listen"
            time.sleep(0.05)
        yield number
    finally:
        process.terminate()
        process.wait(10)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def rendered(folder: Path, **answers: Any) -> ModuleType:
    """Return the module deployment.queues as a site gets it."""
    deploy = CLOUD.write(folder, {**CELERY, **answers}).parent
    path = deploy / "django/deployment/queues.py"
    spec = importlib.util.spec_from_file_location("rendered_queues", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def queues_of(**answers: Any) -> list[str]:
    """Return the lists that terraform is told to watch."""
    [tfvars] = [
        file.content.decode()
        for file in render_files({"platform": "aws", **CLOUD.answers, **answers})
        if file.path.endswith("terraform.tfvars")
    ]
    lines = [line for line in tfvars.splitlines() if line.strip().startswith("queues ")]
    return json.loads(lines[0].partition("=")[2]) if lines else []


def test_jobs_of_celery_are_counted_whatever_their_priority(port: int, tmp_path: Path) -> None:
    broker = f"redis://127.0.0.1:{port}/0"
    app = Celery("shop", broker=broker)
    app.conf.broker_transport_options = {"priority_steps": [0, 3, 6, 9]}
    for priority in (0, 4, 9):
        app.send_task("shop.mail", queue="mail", priority=priority)
    app.send_task("shop.other", queue="elsewhere")
    names = queues_of(**CELERY, task_queues=["celery", "mail"])

    line = rendered(tmp_path).report(Redis.from_url(broker), names)

    assert json.loads(line) == {
        "event": "queue",
        "waiting": 3,
        "queues": {"celery": 0, "mail": 3},
    }


def test_jobs_of_rq_are_counted(port: int, tmp_path: Path) -> None:
    client = Redis(port=port)
    Queue("default", connection=client).enqueue("shop.jobs.mail")
    names = queues_of(task_library="rq", needs_redis=True)

    assert rendered(tmp_path).waiting(client, names) == {"rq:queue:default": 1}


def test_a_redis_that_is_away_is_said_and_counts_nothing(tmp_path: Path) -> None:
    line = json.loads(rendered(tmp_path).report(Redis(port=1, socket_timeout=1), ["celery"]))

    assert line == {"event": "queue", "error": "ConnectionError"}


def test_what_is_not_in_redis_is_not_watched() -> None:
    assert queues_of(task_library="django-tasks") == []
    assert queues_of(task_library="celery", task_app="shop.celery", task_broker="rabbitmq") == []
    files = render_files({"platform": "aws", **CLOUD.answers, "task_library": "django-tasks"})
    assert "deploy/django/deployment/queues.py" not in {file.path for file in files}


@pytest.mark.slow
def test_workers_follow_the_queue_and_somebody_hears_of_a_long_one(tmp_path: Path) -> None:
    """C18: the metric that the filter writes is the one that policy and alarm read."""
    answers = {**CELERY, "topology": "aws-fargate-ha", "uses_beat": True}
    with workspace(CLOUD.write(tmp_path, answers)) as ws:
        ws.succeed("init")
        ws.succeed("plan", "-out=tfplan")
        plan = json.loads(ws.succeed("show", "-json", "tfplan"))
    planned = {
        found["address"]: found["values"]
        for found in plan["planned_values"]["root_module"]["resources"]
    }
    written = planned['aws_cloudwatch_log_metric_filter.queue["worker"]']["metric_transformation"][
        0
    ]
    policy = planned['aws_appautoscaling_policy.queue["worker"]']
    [tracking] = policy["target_tracking_scaling_policy_configuration"]
    metrics = {m["id"]: m for m in tracking["customized_metric_specification"][0]["metrics"]}
    read = [metrics[name]["metric_stat"][0]["metric"][0] for name in ("waiting", "tasks")]
    alarm = planned['aws_cloudwatch_metric_alarm.main["queue-worker"]']

    expected = ("shop-production", "JobsWaiting-worker")
    assert (written["namespace"], written["name"]) == expected
    assert {(metric["namespace"], metric["metric_name"]) for metric in read} == {expected}
    assert (alarm["namespace"], alarm["metric_name"]) == expected
    assert metrics["each"]["return_data"]
    assert [address for address in planned if "queue[" in address and "beat" in address] == []
