"""Who compares the platforms compares them, not our care: same answers, verbs and headings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from clouds import CLOUDS, Cloud
from offline_terraform.workspace import workspace

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[2]
# What a team says of its project; nothing here knows a platform.
PROJECT = {
    "project_slug": "shop",
    "domain": "shop.example.org",
    "domain_aliases": ["www.shop.example.org"],
    "database_engine": "postgresql",
    "needs_redis": True,
    "task_library": "celery",
    "task_app": "shop.celery",
    "task_broker": "redis",
    "uses_beat": True,
    "serves_media": True,
    "needs_asgi": True,
    "uses_channels": True,
    "ci": "github",
    "ci_repository": "acme/shop",
    "periodic_commands": [
        {"name": "clearsessions", "command": "clearsessions", "schedule": "daily"}
    ],
    "env_vars": [{"name": "PAY_KEY", "required": True, "default": "", "where": "s.py:1"}],
}
# A verb that one platform alone needs, and why.
OWN_VERBS = {
    "aws": {"shell"},  # a command in a running task; elsewhere `manage` does it
    "azure": {"domain"},  # binds the domain, which Terraform cannot before the records are there
    "gcp": set(),
}
# A section that one platform alone has.
OWN_SECTIONS = {"gcp": {"Assured Workloads"}}
# Own servers have a section for each of some that the clouds take together, in this order.
SECTIONS_OF_SERVERS = ["Before you start", "First deploy", "Release", "Roll back"]


def files_of(platform: str) -> dict[str, str]:
    written = render_files({"platform": platform, **PROJECT}, template=ROOT)
    return {file.path: file.content.decode() for file in written}


def headings(platform: str) -> list[str]:
    """Return the sections of the runbook, without numbers."""
    return re.findall(r"^## (?:\d+\. )?(.+)$", files_of(platform)["deploy/README.md"], re.MULTILINE)


def test_the_runbooks_of_the_clouds_have_the_same_sections_in_the_same_order() -> None:
    found = {
        cloud.platform: [
            heading
            for heading in headings(cloud.platform)
            if heading not in OWN_SECTIONS.get(cloud.platform, set())
        ]
        for cloud in CLOUDS
    }

    assert found["azure"] == found["gcp"] == found["aws"]


def test_own_servers_call_the_same_things_the_same() -> None:
    found = headings("onprem")

    assert [each for each in found if each in SECTIONS_OF_SERVERS] == SECTIONS_OF_SERVERS
    assert {
        "Backup",
        "Restore",
        "Upgrades",
        "Scale",
        "When something is wrong",
        "What it costs",
    } <= {*found}


def test_the_commands_are_the_same_everywhere() -> None:
    verbs = {
        cloud.platform: {
            path.rpartition("/")[2]
            for path in files_of(cloud.platform)
            if path.startswith("deploy/bin/")
        }
        - OWN_VERBS[cloud.platform]
        for cloud in CLOUDS
    }

    assert verbs["aws"] == verbs["azure"] == verbs["gcp"]
    assert {"release", "rollback", "backup", "restore", "manage", "logs", "secret"} <= verbs["aws"]


@pytest.mark.slow
@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.platform)
def test_the_same_answers_give_a_site_on_each_cloud(cloud: Cloud, tmp_path: Path) -> None:
    """Only the platform is said; where an answer names a place of the platform, the default is."""
    place = {"gcp_project": "example-project"} if cloud.platform == "gcp" else {}
    for file in render_files({"platform": cloud.platform, **PROJECT, **place}, template=ROOT):
        target = tmp_path / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)

    with workspace(tmp_path / "deploy/terraform") as ws:
        ws.succeed("init")
        ws.succeed("validate")
        ws.succeed("plan")
