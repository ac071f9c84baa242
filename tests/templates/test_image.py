"""What the rendered Dockerfile and its neighbours say, for every dependency manager and cloud."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from djscaffold.errors import InvalidAnswer
from djscaffold.render.direct import render_files

CLOUDS = ("aws", "azure", "gcp")
MANAGERS = (
    "pip-requirements",
    "pip-pyproject",
    "poetry",
    "uv",
    "pipenv",
    "pdm",
    "hatch",
    "setuptools",
    "conda",
)
LOCKED = {
    "poetry": "poetry install --only main",
    "uv": "uv sync --locked --no-default-groups",
    "pipenv": "pipenv verify",
    "pdm": "pdm sync --prod",
}
EVERYTHING: dict[str, Any] = {
    "project_root": "backend",
    "dependency_files": ["backend/pyproject.toml"],
    "dependency_extras": ["prod"],
    "dependency_groups": ["web"],
    "needs_git_to_install": True,
    "build_packages": ["gcc", "libpq-dev"],
    "run_packages": ["libpq5"],
    "frontend_root": "web",
    "frontend_manager": "npm",
    "frontend_build": "build",
    "has_translations": True,
    "static_commands": ["compress --force"],
    "task_library": "celery",
    "task_app": "shop.celery",
    "uses_beat": True,
    "needs_redis": True,
}


def files_of(platform: str, **answers: Any) -> dict[str, str]:
    rendered = render_files({"platform": platform, "project_slug": "shop", **answers})
    return {file.path: file.content.decode() for file in rendered}


def final_stage(dockerfile: str) -> str:
    return dockerfile[dockerfile.rindex("\nFROM ") :]


def test_pipenv_installs_its_packages_beside_the_groups_named() -> None:
    """Categories stand in one option, and leave out the default ones unless these are named too."""
    answers = EVERYTHING | {"dependency_manager": "pipenv", "dependency_groups": ["web", "prod"]}

    assert '--categories "packages web prod"' in files_of("aws", **answers)["deploy/Dockerfile"]


def test_groups_without_a_project_are_all_that_is_installed() -> None:
    """B07: uv would build a pyproject.toml without [project] as a package, and refuse."""
    answers = EVERYTHING | {"dependency_manager": "pip-pyproject", "dependency_extras": []}
    with_table = files_of("aws", **answers)["deploy/Dockerfile"]
    answers["has_project_table"] = False
    without = files_of("aws", **answers)["deploy/Dockerfile"]
    by_hand = files_of("onprem", **answers)["deploy/README.md"]
    (call,) = re.findall(r"uv pip install.*?\n(?=\S)", without, re.S)

    assert "--requirement /src/backend/pyproject.toml" in with_table
    assert re.findall(r"--\w+ \S+", call) == [
        "--group web",
        "--requirement /src/deploy/requirements.txt",
    ]
    assert "WORKDIR /src/backend" in without
    assert "uv pip compile --quiet --group=web)" in by_hand


@pytest.mark.parametrize("platform", CLOUDS)
def test_static_files_that_a_command_makes_are_in_the_image(platform: str) -> None:
    """After collectstatic, and before the rights are set: a job of the release would lose them."""
    dockerfile = files_of(platform, static_commands=["compress --force"])["deploy/Dockerfile"]
    steps = re.findall(r"python -m django (\S+)|(chmod) ", dockerfile)

    assert [a or b for a, b in steps] == ["collectstatic", "compress", "chmod"]
    assert "compress" not in files_of(platform)["deploy/Dockerfile"]


def test_a_static_command_is_no_shell() -> None:
    with pytest.raises(InvalidAnswer, match="A list of commands"):
        files_of("aws", static_commands=["compress; curl example.org"])


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("answers", [{}, EVERYTHING], ids=["plain", "everything"])
def test_hadolint_has_nothing_to_say(manager: str, answers: dict[str, Any], tmp_path: Path) -> None:
    """B01: every manager, with nothing and with everything around it."""
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text(
        files_of("aws", dependency_manager=manager, **answers)["deploy/Dockerfile"]
    )

    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, "--no-color", dockerfile], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("manager", LOCKED)
def test_the_lock_is_honoured_and_never_written(manager: str) -> None:
    """B04: an image that resolves anew is not what was tested."""
    dockerfile = files_of("gcp", dependency_manager=manager)["deploy/Dockerfile"]
    instructions = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]

    assert LOCKED[manager] in dockerfile
    assert not any(f"/{manager} lock" in line for line in instructions)


def test_what_is_added_installs_beside_any_rule_of_the_project() -> None:
    """B05: hashes for all or for none; a project that takes no package younger than three weeks."""
    answers = {"missing_packages": ["gunicorn==27.0.1", "uvicorn[standard]==1.0"]}
    of_pip = files_of("aws", dependency_manager="pip-requirements", **answers)["deploy/Dockerfile"]
    of_uv = files_of("aws", dependency_manager="uv", **answers)["deploy/Dockerfile"]

    assert "&& pip install --requirement /src/deploy/requirements.txt" in of_pip
    assert "--exclude-newer-package gunicorn=false" in of_uv
    assert "--exclude-newer-package uvicorn=false" in of_uv


@pytest.mark.parametrize("platform", CLOUDS)
def test_what_builds_does_not_run(platform: str) -> None:
    """B17, B20: compilers, git and the front end's tools are left behind; the user is a number."""
    final = final_stage(files_of(platform, **EVERYTHING)["deploy/Dockerfile"])

    assert "apt-get" not in final
    assert "USER 10001:10001" in final
    assert 'CMD ["gunicorn",' in final
    assert "HEALTHCHECK" in final


def test_no_secret_has_a_place_in_the_image() -> None:
    """B06, B10: what an index asks for is a build secret; settings load without values."""
    dockerfile = files_of("aws", env_vars=[], **EVERYTHING)["deploy/Dockerfile"]

    assert "SECRET_KEY" not in dockerfile
    assert "--mount=type=secret,id=netrc" in dockerfile
    assert "DEPLOYMENT_BUILD=1 python -m django collectstatic" in dockerfile
    assert [line for line in dockerfile.splitlines() if line.startswith("ARG")] == [
        "ARG PYTHON_IMAGE=python:3.12-slim-trixie",
        "ARG NODE_IMAGE=node:24-trixie-slim",
        "ARG DATABASE_CA=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
    ]


@pytest.mark.parametrize(
    ("version", "debian"), [("3.8", "bookworm"), ("3.9", "trixie"), ("3.14", "trixie")]
)
def test_the_base_is_pinned_by_minor_version(version: str, debian: str) -> None:
    """B08: the project's Python; Python 3.8 has no image on trixie."""
    dockerfile = files_of("aws", python_version=version)["deploy/Dockerfile"]

    assert f"ARG PYTHON_IMAGE=python:{version}-slim-{debian}\n" in dockerfile


@pytest.mark.parametrize(
    ("architecture", "platform", "task"),
    [("arm64", "linux/arm64", "ARM64"), ("amd64", "linux/amd64", "X86_64")],
)
def test_the_architecture_is_chosen_once(architecture: str, platform: str, task: str) -> None:
    """B18: what a laptop builds is what the cloud runs."""
    files = files_of("aws", aws_architecture=architecture)
    services = yaml.safe_load(files["deploy/compose.yaml"])["services"]

    assert services["web"]["platform"] == platform
    assert f"docker build --platform {platform}" in files["deploy/Dockerfile"]
    assert f'architecture = "{task}"' in files["deploy/terraform/terraform.tfvars"]


@pytest.mark.parametrize("platform", [*CLOUDS, "onprem"])
def test_scripts_keep_their_line_ends_on_windows(platform: str) -> None:
    """B21: no file has CRLF, a checkout makes none, and scripts may be run."""
    rendered = render_files({"platform": platform, "project_slug": "shop"})
    scripts = [file for file in rendered if file.content.startswith(b"#!")]

    assert [file.path for file in rendered if b"\r\n" in file.content] == []
    assert "* text=auto eol=lf" in files_of(platform)["deploy/.gitattributes"]
    assert scripts
    # What Ansible copies gets its mode from the task.
    wrong = [file.path for file in scripts if not file.executable]
    assert [path for path in wrong if not path.startswith("deploy/ansible/")] == []


def test_gunicorn_counts_the_cores_of_its_container() -> None:
    """B22: the host's cores do not count; WEB_CONCURRENCY wins."""
    configuration = files_of("aws")["deploy/gunicorn.conf.py"]

    assert "cpu_count" not in configuration
    assert 'Path("/sys/fs/cgroup")' in configuration
    assert '_limits("cpu.max")' in configuration
    assert 'workers = _number("WEB_CONCURRENCY"' in configuration


def test_the_context_keeps_sources_and_drops_secrets() -> None:
    """B19: static/ and templates/ of the project are sources."""
    ignored = files_of("aws")["deploy/Dockerfile.dockerignore"].splitlines()

    assert {".git", "**/.env", "**/*.sqlite3", "**/node_modules", "**/*.tfstate"} <= set(ignored)
    assert not {"static", "**/static", "/static/", "templates", "locale"} & set(ignored)


def test_compose_runs_every_process_of_the_site() -> None:
    composed = yaml.safe_load(files_of("gcp", **EVERYTHING)["deploy/compose.yaml"])
    services = composed["services"]

    assert set(services) == {"web", "migrate", "worker", "beat", "database", "cache"}
    assert services["worker"]["read_only"] is True
    assert services["worker"]["environment"]["CELERY_BROKER_URL"] == "redis://cache:6379/0"
    assert services["beat"]["command"][-2:] == ["--schedule", "/tmp/celerybeat-schedule"]


def test_compose_has_nothing_that_the_site_does_not_need() -> None:
    composed = yaml.safe_load(files_of("gcp", database_engine="mysql")["deploy/compose.yaml"])

    assert set(composed["services"]) == {"web", "migrate", "database"}
    assert composed["services"]["database"]["image"] == "mysql:8.4"


@pytest.mark.parametrize(("project_root", "folder"), [(".", "/app"), ("src/web", "/app/src/web")])
def test_the_image_works_in_the_projects_folder(project_root: str, folder: str) -> None:
    """D10: the context is the repository, the working folder is that of manage.py."""
    dockerfile = files_of("aws", project_root=project_root)["deploy/Dockerfile"]

    assert f"PYTHONPATH=/app/deploy/django:{folder} \\" in dockerfile
    assert f"WORKDIR {folder}\nCOPY --from=packages" in dockerfile
