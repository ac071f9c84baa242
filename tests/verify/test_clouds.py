"""What is checked on the files of the clouds."""

from __future__ import annotations

import pytest

from djscaffold.verify.docker import prepare_compose
from djscaffold.verify.model import Skip, ToolOutput, Tree
from djscaffold.verify.terraform import read_validate

VERSIONS = 'terraform {\n  required_version = ">= 1.11"\n}\n'


def test_hadolint_names_the_line(run_check) -> None:
    [result] = run_check("hadolint", {"deploy/Dockerfile": "FROM python:latest\n"})

    assert result.status == "failed"
    assert "deploy/Dockerfile:1 DL3007" in result.words


def test_a_good_dockerfile_passes(run_check) -> None:
    [result] = run_check("hadolint", {"deploy/Dockerfile": "FROM python:3.13-slim\nUSER 1\n"})

    assert (result.status, result.subject) == ("passed", "deploy/Dockerfile")


def test_terraform_fmt_shows_what_it_would_write(run_check) -> None:
    [result] = run_check("terraform-fmt", {"deploy/terraform/a.tf": "locals {\na=1\n}\n"})

    assert result.status == "failed"
    assert "a = 1" in result.words


def test_terraform_validates_a_copy_and_leaves_nothing(run_check, tmp_path) -> None:
    [good] = run_check("terraform", {"deploy/terraform/versions.tf": VERSIONS})
    [bad] = run_check(
        "terraform", {"deploy/terraform/wrong.tf": 'output "x" {\n  value = var.none\n}\n'}
    )

    assert (good.status, bad.status) == ("passed", "failed")
    assert "undeclared input variable" in bad.words
    assert not (tmp_path / "deploy/terraform/.terraform").exists()


@pytest.mark.parametrize(
    "words",
    [
        "Error: Failed to query available provider packages\nCould not retrieve the list: "
        "could not connect to registry.terraform.io: failed to request discovery document",
        "Error: Failed to query available provider packages: lookup x: no such host",
    ],
)
def test_no_network_is_a_reason_not_a_failure(words: str) -> None:
    assert isinstance(read_validate(ToolOutput(1, "", words)), Skip)


def test_a_provider_without_a_release_is_a_failure() -> None:
    words = "Error: Failed to query available provider packages: no available releases match ~> 99"

    assert read_validate(ToolOutput(1, "", words)) == words


def test_compose_without_its_plugin_is_skipped(tmp_path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/compose.yaml").write_text("services: {}\n")
    tree = Tree(root=tmp_path, answers={})

    assert isinstance(prepare_compose(tree, tmp_path, "unknown command: docker compose"), Skip)
    [command] = prepare_compose(tree, tmp_path, "Docker Compose version v2.26.1")
    assert command.argv[-2:] == ("config", "--quiet")
