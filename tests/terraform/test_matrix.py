"""The real terraform on what is rendered for each cloud, whatever was answered."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from clouds import CLOUDS, Cloud
from clouds.life import come_up_stay_and_go
from clouds.model import Answers
from offline_terraform import library
from offline_terraform.workspace import workspace
from packaging.version import Version


def cases(strength: int) -> list[Any]:
    return [
        pytest.param(cloud, answers, id=f"{cloud.platform}-{number}")
        for cloud in CLOUDS
        for number, answers in enumerate(cloud.cases(strength))
    ]


TOPOLOGIES = [
    pytest.param(cloud, answers, id=answers["topology"])
    for cloud in CLOUDS
    for answers in cloud.topologies()
]


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.platform)
@pytest.mark.parametrize("strength", [2, 3])
def test_no_combination_of_answers_is_left_out(cloud: Cloud, strength: int) -> None:
    """Counted, because there are packages that leave some out."""
    chosen = cloud.choices(strength)

    for options in itertools.combinations(cloud.options, strength):
        met = {tuple(case[option] for option in options) for case in chosen}
        assert met == set(itertools.product(*(range(len(cloud.options[o])) for o in options)))


@pytest.mark.slow
@pytest.mark.parametrize(("cloud", "answers"), cases(2))
def test_every_pair_of_answers_comes_up_stays_and_goes(
    cloud: Cloud, answers: Answers, tmp_path: Path
) -> None:
    """C01, C07 to C12: names are legal, no image is needed, a second plan is empty."""
    with workspace(cloud.write(tmp_path, answers)) as ws:
        come_up_stay_and_go(ws, *cloud.arguments(answers))


@pytest.mark.slow
@pytest.mark.parametrize(("cloud", "answers"), cases(3))
def test_every_three_answers_can_be_planned(cloud: Cloud, answers: Answers, tmp_path: Path) -> None:
    with workspace(cloud.write(tmp_path, answers)) as ws:
        ws.succeed("init")
        ws.succeed("validate")
        ws.succeed("plan", *cloud.arguments(answers))


@pytest.mark.slow
@pytest.mark.parametrize(("cloud", "answers"), TOPOLOGIES)
def test_everything_at_once_lives_in_the_newest_terraform_too(
    cloud: Cloud, answers: Answers, tmp_path: Path
) -> None:
    """The pairs have run in the oldest terraform that the files allow."""
    with workspace(cloud.write(tmp_path, answers), command=library.COMMAND) as ws:
        come_up_stay_and_go(ws, *cloud.arguments(answers))


def test_the_newest_is_newer_than_the_oldest() -> None:
    """C11 is shown on two versions, not twice on one."""
    spoken = [
        subprocess.run([*command, "version"], capture_output=True, text=True, check=True).stdout
        for command in (("terraform",), library.COMMAND)
    ]
    oldest, newest = (Version(re.search(r"v(\d+\.\d+\.\d+)", words)[1]) for words in spoken)

    assert Version("1.11") <= oldest < newest


# What OpenTofu 1.11 has, and Terraform 1.11 with it. https://opentofu.org/docs/language/
BLOCKS = {
    *("check", "data", "ephemeral", "import", "locals", "moved", "output", "provider", "removed"),
    *("resource", "terraform", "variable"),
}


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.platform)
def test_nothing_is_written_that_opentofu_does_not_know(cloud: Cloud, tmp_path: Path) -> None:
    """No package ships OpenTofu, so it cannot be run here.

    Where the two differ: kinds of blocks, and a validation that asks for a local, which OpenTofu
    takes for a circle where the local comes of the variable.
    """
    folder = cloud.write(tmp_path, cloud.rich)
    text = "\n".join(path.read_text() for path in folder.rglob("*.tf"))
    variables = re.findall(r'^variable "(\w+)" \{(.*?)^\}', text, re.MULTILINE | re.DOTALL)

    assert set(re.findall(r"^([a-z]\w*)(?: \"|(?= \{))", text, re.MULTILINE)) - BLOCKS == set()
    assert [name for name, body in variables if re.search(r"\blocal\.", body)] == []
    assert len(variables) > 10
    # Write-only arguments and ephemeral values, which every cloud uses, came with 1.11.
    assert re.findall(r'required_version = ">= (\d+\.\d+)', text)[0] == "1.11"
    assert "_wo " in text
