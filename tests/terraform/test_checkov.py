"""checkov on what is rendered for each cloud: every finding is mended, or explained beside it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from clouds import CLOUDS, Cloud

# In an environment of its own (`make slow` makes it): its pins and ours exclude each other.
CHECKOV = Path(sys.prefix) / "checkov/bin/checkov"
EXPLAINED = Path(__file__).parent / "checkov"

Findings = set[tuple[str, str]]


def explained(cloud: Cloud) -> Findings:
    """Return check and resource of every line of the cloud's list; each has a reason."""
    lines = yaml.safe_load((EXPLAINED / f"{cloud.platform}.yml").read_text())
    assert all(len(line["why"].split()) > 1 for line in lines)
    return {(line["check"], resource) for line in lines for resource in line["resources"]}


def found(folder: Path) -> Findings:
    """Return check and resource of what checkov finds fault with, whichever values are set."""
    variables = folder / "terraform.tfvars"
    done = subprocess.run(
        [
            *(CHECKOV, "--directory", folder, "--var-file", variables),
            *("--framework", "terraform", "--skip-download", "--quiet", "--compact"),
            *("--output", "json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0, report["results"]["parsing_errors"]
    assert report["summary"]["resource_count"] > 20
    return {
        (finding["check_id"], re.sub(r"\[.*?\]", "", finding["resource"]))
        for finding in report["results"]["failed_checks"]
    }


@pytest.mark.slow
@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.platform)
def test_every_finding_is_explained_and_no_explanation_is_stale(
    cloud: Cloud, tmp_path: Path
) -> None:
    if not CHECKOV.exists():
        pytest.skip("checkov is not installed: make slow")
    smallest, *others = cloud.topologies()

    findings: Findings = set()
    for answers in (smallest, others[0]):
        findings |= found(cloud.write(tmp_path / answers["topology"], answers))

    assert {"new": findings - explained(cloud), "stale": explained(cloud) - findings} == {
        "new": set(),
        "stale": set(),
    }
