"""The page of moving from one platform to another: twelve ways, each with its own commands."""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from workflow_linters import shell_complaints

from djscaffold.plan.model import PLATFORMS
from djscaffold.render.direct import render_files

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
HEADING = {
    "onprem": "Own servers",
    "aws": "AWS",
    "azure": "Azure",
    "gcp": "Google Cloud",
}
# What the commands of a platform name, and where its files make or say it.
NAMED = {
    "onprem": {"/srv/shop/shared/media": "README.md.jinja", "/etc/shop/env": "README.md.jinja"},
    "aws": {
        "/database-url": "terraform/secrets.tf",
        "/secret-key": "terraform/secrets.tf",
        "$PROJECT/$ENVIRONMENT/deployment": "terraform/ci.tf",
        ".cluster": "terraform/ci.tf",
    },
    "azure": {
        "site-database-url": "terraform/secrets.tf",
        "site-secret-key": "terraform/secrets.tf",
        "$GROUP": "target.sh.jinja",
    },
    "gcp": {
        "$NAME-database-url": "terraform/secrets.tf",
        "NAME-secret-key": "terraform/secrets.tf",
        "$REGION": "target.sh.jinja",
    },
}


@cache
def files(platform: str, engine: str = "postgresql") -> dict[str, str]:
    answers = {
        "platform": platform,
        "project_slug": "shop",
        "domain": "shop.example.org",
        "domain_aliases": ["www.shop.example.org"],
        "serves_media": True,
        "database_engine": engine,
    }
    return {file.path: file.content.decode() for file in render_files(answers)}


def section(page: str, heading: str) -> str:
    """Return what stands below *heading*, up to the next one; a comment in a block has one #."""
    depth = heading.split(" ")[0].count("#")
    rest = page.partition(f"\n{heading}\n")[2]
    return re.split(rf"^#{{2,{depth}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize(("old", "new"), list(permutations(PLATFORMS, 2)))
def test_the_page_of_the_new_platform_leads_there_from_the_old_one(old: str, new: str) -> None:
    """Dump and restore, uploads, DNS, the way back, and what stays: for both sides, by name."""
    page = files(new)["deploy/MOVING.md"]

    for side in (old, new):
        way = section(page, f"### {HEADING[side]}")
        assert "15432" in way
        row = f"| {HEADING[side].lower() if side == 'onprem' else HEADING[side]} |"
        assert page.count(row) == 4, row
        if side != "onprem":
            # Its first line works in this folder for NEW and in the worktree for OLD.
            assert ". deploy/target.sh\n" in way
            assert "deploy/target.sh" in files(side)
        assert "deploy/bin/manage" in files(side)
    data = section(page, "## The data")
    for step in ("pg_dump", "pg_restore", "rclone sync", "rclone check", "manage migrate --check"):
        assert step in data
    order = [
        "TTL",
        "pg_dump",
        "Change the DNS records",
        "The point of no return",
        "terraform destroy",
    ]
    assert [page.index(word) for word in order] == sorted(page.index(word) for word in order)
    assert "`www.shop.example.org`" in section(page, "## The visitors")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_the_commands_name_is_what_the_files_make(platform: str) -> None:
    page = files("gcp" if platform == "onprem" else "onprem")["deploy/MOVING.md"]

    for name, source in NAMED[platform].items():
        assert name in page
        text = (TEMPLATES / platform / "deploy" / source).read_text()
        words = re.findall(r"[a-z]+", name.replace("shop", "").replace("site-", "").lower())
        assert all(word in text.lower() for word in words), (name, source)


@pytest.mark.parametrize("engine", ["postgresql", "mysql", "sqlite"])
def test_every_command_on_the_page_passes_shellcheck(engine: str) -> None:
    """What deploy/target.sh sets is taken for set."""
    page = files("onprem", engine)["deploy/MOVING.md"]
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", page, flags=re.DOTALL | re.MULTILINE)
    given = (
        "PROJECT=p ENVIRONMENT=e GROUP=g NAME=n REGION=r OLD=o NEW=n OLD_UPLOADS=o NEW_UPLOADS=n"
    )
    head = f"#!/bin/bash\n# shellcheck shell=bash disable=SC1091,SC2034\nexport {given}\n"

    assert len(blocks) >= 3
    for block in blocks:
        text = re.sub(r"^ {3,4}", "", block, flags=re.MULTILINE)
        assert shell_complaints(head + text) == [], block
