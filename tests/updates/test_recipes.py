"""The scripts behind the CI recipes, in a real shell: their exit codes and what they push."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.slow

SHARED = Path(__file__).parent.parent.parent / "templates" / "_shared" / "deploy" / "ci"


@pytest.fixture
def variables(tool: Any, tmp_path: Path) -> dict[str, str]:
    """Return an environment whose pip installs into a folder, with what is here already."""
    target = tmp_path / "installed"
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3").symlink_to(sys.executable)
    return {
        **tool.environment,
        "PATH": os.pathsep.join([str(target / "bin"), str(programs), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(target), sysconfig.get_paths()["purelib"]]),
        "PIP_TARGET": str(target),
        "PIP_UPGRADE": "1",
        "PIP_NO_DEPS": "1",
        # pip's way to say --no-build-isolation: hatchling is here.
        "PIP_NO_BUILD_ISOLATION": "0",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "protocol.file.allow",
        "GIT_CONFIG_VALUE_0": "always",
    }


@pytest.fixture
def project(tool: Any, tmp_path: Path) -> Path:
    """Return a scaffolded project with the recipes' scripts, and a remote."""
    project = tool.project(tmp_path / "p")
    shutil.copytree(SHARED, project / "deploy" / "ci")
    answers = project / ".copier-answers.yml"
    text = answers.read_text().replace("_src_path: /", "_src_path: file:///")
    answers.write_text(text)
    tool.commit(project)
    origin = tmp_path / "origin.git"
    tool.git("clone", "--quiet", "--bare", str(project), str(origin), cwd=tmp_path)
    tool.git("remote", "add", "origin", str(origin), cwd=project)
    return project  # type: ignore[no-any-return]


def sh(
    project: Path, variables: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", *arguments], cwd=project, env=variables, capture_output=True, text=True, check=False
    )


def test_the_check_installs_the_recorded_version_and_fails_on_an_edit(
    tool: Any, project: Path, variables: dict[str, str]
) -> None:
    clean = sh(project, variables, "deploy/ci/djscaffold.sh", "check")
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert "as djscaffold v1.0.0 rendered them" in clean.stdout

    (project / "deploy/plain.txt").write_text("by hand\n")
    on_github = {**variables, "GITHUB_ACTIONS": "true"}
    edited = sh(project, on_github, "deploy/ci/djscaffold.sh", "check")

    assert edited.returncode == 3
    assert "::error file=deploy/plain.txt,line=1," in edited.stdout


def test_an_update_is_pushed_ready_or_as_a_draft(
    tool: Any, project: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    ready = sh(project, variables, "deploy/ci/propose.sh", str(tmp_path / "summary"))
    assert ready.returncode == 0, ready.stderr
    assert ready.stdout.splitlines()[-1] == "ready"
    assert "v1.0.0 -> v1.5.0" in (tmp_path / "summary").read_text()
    pushed = tool.git("ls-remote", "origin", "djscaffold-update", cwd=project)
    assert pushed.split()[0] == tool.git("rev-parse", "HEAD", cwd=project).strip()

    again = sh(project, variables, "deploy/ci/propose.sh", str(tmp_path / "summary"))
    assert again.stdout.splitlines()[-1] == "none"

    tool.git("reset", "--quiet", "--hard", "HEAD~1", cwd=project)
    conf = project / "deploy/site.conf"
    conf.write_text(conf.read_text().replace("line 30\n", "mine\n"))
    tool.commit(project)
    draft = sh(project, variables, "deploy/ci/propose.sh", str(tmp_path / "summary"))
    assert draft.returncode == 0, draft.stderr
    assert draft.stdout.splitlines()[-1] == "draft"


def test_a_template_on_one_machine_cannot_be_reached_by_ci(
    tool: Any, tmp_path: Path, variables: dict[str, str]
) -> None:
    project = tool.project(tmp_path / "local")
    shutil.copytree(SHARED, project / "deploy" / "ci")

    done = sh(project, variables, "deploy/ci/djscaffold.sh", "check")

    assert done.returncode == 1
    assert "--template-url" in done.stderr


def test_gitlabs_job_opens_a_merge_request_by_push_options(
    tool: Any, project: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    """The script lines of the rendered job, and what the server is told."""
    origin = tmp_path / "origin.git"
    tool.git("config", "receive.advertisePushOptions", "true", cwd=origin)
    hook = origin / "hooks/post-receive"
    hook.write_text(f"#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ | sort >{tmp_path}/told\n")
    hook.chmod(0o755)
    job = yaml.safe_load((SHARED / "gitlab-update.yml").read_text())["djscaffold-update"]
    on_gitlab = {**variables, "GITLAB_CI": "true", "CI_DEFAULT_BRANCH": "main"}

    done = sh(project, on_gitlab, "-ec", "\n".join(job["script"]))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "told").read_text().splitlines() == [
        "GIT_PUSH_OPTION_0=merge_request.create",
        "GIT_PUSH_OPTION_1=merge_request.target=main",
        "GIT_PUSH_OPTION_2=merge_request.title=Update the deployment files",
        "GIT_PUSH_OPTION_COUNT=3",
    ]


@pytest.mark.parametrize(("there", "state"), [(0, "ready"), (0, "draft"), (1, "draft")])
def test_githubs_job_opens_a_pull_request_or_renews_the_one_that_is_open(
    tmp_path: Path, there: int, state: str
) -> None:
    """The last step, with a `gh` that writes down how it was called."""
    text = (SHARED.parent.parent / "github/github-update.yml.jinja").read_text()
    workflow = yaml.safe_load(text.replace("{% raw %}", "").replace("{% endraw %}", ""))
    step = workflow["jobs"]["update"]["steps"][-1]
    gh = tmp_path / "gh"
    gh.write_text(f'#!/bin/sh\n[ "$2" != list ] || {{ echo {there}; exit; }}\necho "$@" >called\n')
    gh.chmod(0o755)
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "RUNNER_TEMP": "t", "STATE": state}

    command = ["bash", "-e", "-c", step["run"]]
    subprocess.run(command, cwd=tmp_path, env=variables, check=True)

    assert step["if"] == "steps.update.outputs.state != 'none'"
    called = (tmp_path / "called").read_text()
    assert called.startswith("pr edit djscaffold-update" if there else "pr create --head")
    assert ("--draft" in called) is (state == "draft" and not there)
    assert "--body-file t/summary.txt" in called


def test_each_recipe_runs_the_scripts_that_are_tested_here() -> None:
    """A line that is added to a recipe wants a test of its own."""
    told = "".join(path.read_text() for path in SHARED.glob("gitlab-*.yml"))
    told += "".join(path.read_text() for path in (SHARED.parent.parent / "github").iterdir())

    lines = {line.strip().removeprefix("- ").removeprefix("run: ") for line in told.splitlines()}

    assert {line for line in lines if "deploy/ci/" in line and line.startswith("sh ")} == {
        "sh deploy/ci/djscaffold.sh check",
        'sh deploy/ci/propose.sh "$(mktemp)"',
        'sh deploy/ci/propose.sh "$RUNNER_TEMP/summary.txt" >"$RUNNER_TEMP/state"',
    }
