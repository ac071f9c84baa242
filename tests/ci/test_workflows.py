"""Every CI file that is rendered, on every platform, is one that its CI system takes."""

from __future__ import annotations

from functools import cache

import pytest
import yaml
from workflow_linters import (
    github_complaints,
    gitlab_complaints,
    schema_complaints,
    shell_complaints,
)

from djscaffold.plan.model import PLATFORMS
from djscaffold.render.direct import render_files

RECIPES = ["github-check", "github-update", "gitlab-check", "gitlab-update", "renovate"]


@cache
def rendered(platform: str, ci: str) -> dict[str, str]:
    """Return the CI files of a project that asked for all of them."""
    answers = {"platform": platform, "ci": ci, "ci_recipes": RECIPES}
    texts = {file.path: file.content for file in render_files(answers)}
    return {
        path: content.decode()
        for path, content in texts.items()
        if path.startswith((".github/", "deploy/ci/")) or path == "deploy/gitlab-ci.yml"
    }


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_github_workflow_is_valid_and_its_actions_still_run(platform: str) -> None:
    files = rendered(platform, "github")
    workflows = {path: text for path, text in files.items() if path.startswith(".github/")}

    names = {path.rpartition("/")[2] for path in workflows}
    deploys = set() if platform == "onprem" else {"deploy.yml"}
    assert names == {"djscaffold-check.yml", "djscaffold-update.yml"} | deploys
    assert github_complaints(workflows) == []


@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_gitlab_file_follows_gitlabs_schema(platform: str) -> None:
    files = rendered(platform, "gitlab")
    pipelines = {path: text for path, text in files.items() if "gitlab-" in path}

    assert len(pipelines) == (2 if platform == "onprem" else 3)
    assert gitlab_complaints(pipelines) == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_script_lines_of_gitlab_files_pass_shellcheck(platform: str) -> None:
    """actionlint does this for GitHub; here the lines are put together as the runner does."""
    for path, text in rendered(platform, "gitlab").items():
        if "gitlab-" not in path:
            continue
        jobs = [job for job in yaml.safe_load(text).values() if isinstance(job, dict)]
        scripts = [
            "\n".join([*job.get("before_script", []), *job["script"]])
            for job in jobs
            if "script" in job
        ]
        assert scripts
        assert [shell_complaints(f"#!/bin/sh\n{script}\n") for script in scripts] == [[]] * len(
            scripts
        )


@pytest.mark.slow
def test_the_renovate_preset_follows_renovates_schema() -> None:
    preset = rendered("aws", "github")["deploy/ci/renovate.json"]

    assert schema_complaints("renovate", {"renovate.json": preset}) == []


@pytest.mark.slow
def test_the_linters_complain_of_what_is_wrong() -> None:
    """Or the tests above could not fail: an old action, an expression, a shell slip, a key."""
    workflow = rendered("aws", "github")[".github/workflows/djscaffold-update.yml"]

    def broken(old: str, new: str) -> str:
        assert old in workflow
        return "\n".join(github_complaints({"w.yml": workflow.replace(old, new)}))

    assert "deprecated" in broken("actions/checkout@v6", "actions/checkout@v4")
    assert "outputs" in broken("steps.update.outputs.state }}", "steps.updat.outputs.state }}")
    assert "SC2086" in broken('>>"$GITHUB_OUTPUT"', ">>$GITHUB_OUTPUT")
    assert "schedules" in broken("  schedule:\n", "  schedules:\n")
    assert gitlab_complaints({"a.yml": "job:\n  script: 5\n"}) != []
    assert schema_complaints("renovate", {"a.json": '{"packageRules": 1}'}) != []
    assert shell_complaints("#!/bin/sh\n[ $1 = a ]\n") != []
