"""`djscaffold render`: answers in, files out, and every way it says no."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yml"
    path.write_text("platform: onprem\nproject_slug: shop\n")
    return path


def test_files_are_written_and_left_alone_the_second_time(
    djscaffold: Any, answers: Path, tmp_path: Path
) -> None:
    """Needs no project, no git, no question."""
    out = tmp_path / "a" / "b"

    first = djscaffold("render", "--data-file", answers, "--out", out)
    second = djscaffold("render", "--data-file", answers, "--out", out)

    count = sum(path.is_file() for path in out.rglob("*"))
    assert (first.code, first.out) == (0, f"{count} files written to {out}\n")
    assert (second.code, second.out) == (0, f"0 files written to {out}, {count} were there\n")


def test_answers_may_be_json_or_recorded_and_options_win(
    djscaffold: Any, answers: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    as_json = tmp_path / "answers.json"
    as_json.write_text(json.dumps({"platform": "aws"}))
    options = ("--data", "domain=shop.example.org", "--data", "domain_aliases=[a.example.org]")
    url = ("--template-url", "https://git.example.org/t.git")
    assert djscaffold("render", "--data-file", as_json, "--out", first, *options, *url).code == 0

    recorded = first / ".copier-answers.yml"
    again = djscaffold("render", "--data-file", recorded, "--out", second, *url)

    assert again.code == 0
    assert recorded.read_bytes() == (second / ".copier-answers.yml").read_bytes()
    content = yaml.safe_load(recorded.read_text())
    assert content["domain"] == "shop.example.org"
    assert content["domain_aliases"] == ["a.example.org"]
    assert content["_src_path"] == url[1]


def test_a_file_that_differs_is_replaced_only_when_told(
    djscaffold: Any, answers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "deploy").mkdir(parents=True)
    (out / "deploy/README.md").write_text("mine\n")
    command = ("render", "--data-file", answers, "--out", out)

    refused = djscaffold(*command)

    assert (refused.code, refused.out) == (1, "")
    assert "deploy/README.md" in refused.err
    assert [path for path in out.rglob("*") if path.is_file()] == [out / "deploy/README.md"]
    assert djscaffold(*command, "--overwrite").code == 0
    assert (out / "deploy/README.md").read_text() != "mine\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("platform: [", "answers.yml"),
        ("- a list\n", "a mapping"),
        ("project_slug: shop\n", "platform"),
        ("platform: heroku\n", "one of onprem, aws, azure, gcp"),
        ("platform: aws\ncolour: red\n", "colour"),
        ("platform: aws\nproject_slug: My Shop\n", "Lower case"),
    ],
)
def test_bad_answers_are_explained_and_nothing_is_written(
    djscaffold: Any, answers: Path, tmp_path: Path, text: str, says: str
) -> None:
    answers.write_text(text)

    ran = djscaffold("render", "--data-file", answers, "--out", tmp_path / "out")

    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err
    assert not (tmp_path / "out").exists()


def test_wrong_usage(djscaffold: Any, answers: Path, tmp_path: Path) -> None:
    assert djscaffold("render").code == 2
    assert djscaffold("render", "--data-file", answers).code == 2
    assert djscaffold("render", "--data-file", "nowhere", "--out", tmp_path / "out").code == 2
    command = ("render", "--data-file", answers, "--out", tmp_path / "out")
    assert "KEY=VALUE" in djscaffold(*command, "--data", "domain").err
