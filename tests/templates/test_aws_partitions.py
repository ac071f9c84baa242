"""GovCloud and China: other names, fewer services, the same site."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session
from clouds.aws import CLOUD
from offline_terraform.workspace import workspace

from djscaffold.errors import DjscaffoldError
from djscaffold.render.direct import render_files
from djscaffold.strategy.generated import GENERATED

# What terraform calls a service -> what the SDK calls it, where the two differ.
SERVICES = {
    "acm": "acm",
    "appautoscaling": "application-autoscaling",
    "cloudwatch": "monitoring",
    "db": "rds",
    "default": "ec2",
    "ecr": "api.ecr",
    "egress": "ec2",
    "eip": "ec2",
    "internet": "ec2",
    "lb": "elasticloadbalancing",
    "nat": "ec2",
    "route": "ec2",
    "security": "ec2",
    "subnet": "ec2",
    "vpc": "ec2",
}


def offered(partition: str) -> set[str]:
    """Return the services that the SDK has an address for."""
    known = get_session().get_component("data_loader").load_data("endpoints")["partitions"]
    [services] = [found["services"] for found in known if found["partition"] == partition]
    return set(services)


def lives_in(region: str, folder: Path) -> tuple[list[dict[str, Any]], str]:
    """Apply everything at once there; return the resources, and the state as text."""
    answers = {**CLOUD.rich, "topology": "aws-fargate-ha", "aws_region": region}
    with workspace(CLOUD.write(folder, answers)) as ws:
        ws.succeed("init")
        ws.succeed("apply", "-auto-approve", *CLOUD.arguments(answers))
        shown = json.loads(ws.succeed("show", "-json"))
        state = (ws.root / "terraform.tfstate").read_text()
    return shown["values"]["root_module"]["resources"], state


@pytest.mark.slow
@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
    ],
)
def test_another_partition_gets_its_own_names_and_only_its_services(
    region: str, partition: str, suffix: str, tmp_path: Path
) -> None:
    """C13: arn:aws: is wrong there, and a service that is missing makes the apply fail."""
    resources, state = lives_in(region, tmp_path)
    used = {
        SERVICES.get(kind, kind)
        for kind in (
            found["type"].split("_")[1] for found in resources if found["mode"] == "managed"
        )
    }
    [key] = [found for found in resources if found["address"].endswith("policy_document.key")]
    principals = re.findall(r"[\w.-]+\.amazonaws\.com[.\w]*", key["values"]["json"])

    assert set(re.findall(r"arn:aws[\w-]*:", state)) == {f"arn:{partition}:"}
    assert used - offered(partition) == set()
    assert sorted(principals) == ["cloudwatch.amazonaws.com", f"logs.{region}.{suffix}"]


def test_the_sovereign_cloud_is_refused_with_its_reason() -> None:
    """`recommend` says so, too: nothing is written that could not connect to its database."""
    with pytest.raises(DjscaffoldError, match="European Sovereign Cloud"):
        render_files({"platform": "aws", **CLOUD.answers, "aws_region": "eusc-de-east-1"})

    assert not GENERATED["aws-eusc-ha"]
