"""The command: wiring, formats and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from djscaffold.cli.inspect import command
from djscaffold.errors import NoDjangoProject

CONTRACT = [
    "project_root",
    "manage_py",
    "default_settings",
    "production_settings",
    "wsgi_application",
    "asgi_application",
    "needs_asgi",
    "server",
    "python_specifier",
    "python_version",
    "dependency_manager",
    "dependency_files",
    "dependency_extras",
    "dependency_groups",
    "needs_git_to_install",
    "django_version",
    "database",
    "cache",
    "needs_redis",
    "task_queue",
    "env_vars",
    "secret_key",
    "debug",
    "allowed_hosts",
    "static",
    "media",
    "health_paths",
    "frontend",
    "system_packages",
    "deployment_files",
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "manage.py").write_text(
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n# django\n"
    )
    (tmp_path / "shop/settings.py").write_text(
        'INSTALLED_APPS = []\nROOT_URLCONF = "shop.urls"\nDEBUG = True\nSECRET_KEY = "canary-1"\n'
    )
    return tmp_path


def test_json_holds_the_documented_facts(project: Path) -> None:
    result = CliRunner().invoke(command, [str(project), "--format", "json"])

    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document["schema"] == 1
    assert [name for name in CONTRACT if name not in document["facts"]] == []
    for reading in document["facts"].values():
        keys = {
            "found": {"status", "value", "evidence"},
            "missing": {"status", "looked_for"},
            "ambiguous": {"status", "candidates", "question"},
        }
        assert set(reading) == keys[reading["status"]]
    assert {"id", "severity", "message", "evidence", "fix", "handled"} == set(
        document["findings"][0]
    )
    assert "canary" not in result.stdout


def test_sarif_points_at_lines(project: Path) -> None:
    result = CliRunner().invoke(command, [str(project), "--format", "sarif"])

    run = json.loads(result.stdout)["runs"][0]
    debug = next(one for one in run["results"] if one["ruleId"] == "debug-on")
    place = debug["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (
        "shop/settings.py",
        3,
    )
    assert {one["ruleId"] for one in run["results"]} == {
        one["id"] for one in run["tool"]["driver"]["rules"]
    }


def test_text_says_where_and_what_to_do(project: Path) -> None:
    result = CliRunner().invoke(command, [str(project)])

    assert "debug-on  shop/settings.py:3" in result.stdout
    assert "Turn it off in production." in result.stdout
    assert "canary" not in result.stdout


def test_open_questions_come_first(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manage.py").write_text(
            "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 's')\n# django\n"
        )

    result = CliRunner().invoke(command, [str(tmp_path)])

    assert result.stdout.splitlines()[2] == "Open questions"


def test_a_folder_inside_a_repository_names_the_project(project: Path) -> None:
    """Paths are those of the repository, wherever the command is pointed at."""
    (project / ".git").mkdir()
    inner = project / "backend"
    inner.mkdir()
    (inner / "manage.py").write_text((project / "manage.py").read_text())

    result = CliRunner().invoke(command, [str(inner), "--format", "json"])

    assert json.loads(result.stdout)["facts"]["project_root"]["value"] == "backend"


def test_no_django_project_is_an_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(tmp_path)])

    assert isinstance(result.exception, NoDjangoProject)
    assert "manage.py" in str(result.exception)


def test_neither_copier_nor_jinja_is_imported(project: Path) -> None:
    """A question about a project must not cost the start of a template engine."""
    code = (
        "import sys\nfrom djscaffold.__main__ import main\n"
        f"try:\n    main(['inspect', {str(project)!r}, '--format', 'json'])\nfinally:\n"
        "    print([n for n in ('copier', 'jinja2', 'rich') if n in sys.modules], file=sys.stderr)\n"  # noqa: E501
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert run.stderr.strip() == "[]"
