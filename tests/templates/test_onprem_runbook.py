"""What people are told about own servers: the runbook, and the files that it leads to."""

from __future__ import annotations

import re

import pytest

from .onprem_sites import BASE, SITES, rendered


def test_values_made_for_a_laptop_are_named() -> None:
    """Live, SITE_ROOT=http://localhost:8000 stands in every mail, and nothing fails."""
    rows = [
        {"name": "SITE_ROOT", "required": False, "default": "http://localhost:8000", "where": "s"},
        {"name": "PING", "required": False, "default": "127.0.0.1", "where": "s.py"},
        {
            "name": "CELERY_BROKER_URL",
            "required": False,
            "default": "redis://localhost",
            "where": "",
        },
        {"name": "PAGE_SIZE", "required": False, "default": "20", "where": "s.py"},
    ]
    lead = "These have a value made for a laptop"

    runbook = rendered(BASE | {"env_vars": rows})["deploy/README.md"]
    table = runbook.partition(lead)[2].partition("A value stands in double quotes")[0]
    assert re.findall(r"\| `(\w+)` \|", table) == ["SITE_ROOT", "PING"]
    assert "| `http://localhost:8000` | s |" in table
    assert lead not in rendered(BASE | {"env_vars": rows[3:]})["deploy/README.md"]


def test_a_runbook_fills_the_wheelhouse_as_the_release_reads_it() -> None:
    """A lock file is listed by its own tool, which the server needs a wheel of as well."""
    answers = {"dependency_manager": "poetry", "dependency_files": ["backend/poetry.lock"]}
    files = rendered(BASE | answers)
    section = files["deploy/YOUR-COMPUTER.md"].partition("## Wheels")[2]

    assert "YOUR-COMPUTER.md" in files["deploy/README.md"]
    assert "(cd ./backend && $tools/bin/poetry export" in section
    assert "download --dest wheels poetry poetry-plugin-export" in section


def test_nobody_is_told_to_copy_the_list_of_variables_over_the_real_ones() -> None:
    env = rendered(BASE)["deploy/env.example"]

    assert "do not copy this file" in env
    assert "Copy it to" not in env
    assert "without quotes" not in env


def test_the_runbook_speaks_of_this_project() -> None:
    runbook = rendered(SITES["everything"])["deploy/README.md"]

    assert "https://shop.example.org/healthz/ready" in runbook
    assert "journalctl --follow --unit 'order-desk-web@*'" in runbook
    assert "order-desk-worker@main" in runbook
    assert "order-desk-*" not in runbook
    assert "(on a new server it fails" in runbook.partition("--check --diff")[2][:100]
    assert "order-desk-worker" not in rendered(BASE)["deploy/README.md"]


def test_links_inside_the_runbook_lead_somewhere() -> None:
    runbook = rendered(BASE)["deploy/README.md"]
    headings = re.findall(r"^#+ (.*)$", runbook, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", runbook)) <= anchors


def test_files_that_the_runbook_names_are_rendered() -> None:
    files = rendered(SITES["everything"])
    named = set(re.findall(r"`(deploy/[\w./-]+)`", files["deploy/README.md"]))

    missing = {name for name in named if not any(path.startswith(name) for path in files)}

    assert missing == set()


@pytest.mark.parametrize(
    ("kept", "engine", "said"),
    [(True, "postgresql", True), (True, "sqlite", False), (False, "postgresql", False)],
)
def test_the_runbook_brings_rows_along_where_sqlite_is_left(
    kept: bool, engine: str, said: bool
) -> None:
    """A beginner's rows are in a file on a laptop; the new site starts with an empty database."""
    answers = BASE | {"has_sqlite_data": kept, "database_engine": engine}
    runbook = rendered(answers)["deploy/README.md"]

    assert ("manage loaddata --format=json - < first-data.json" in runbook) is said
