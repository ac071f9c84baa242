"""The Terraform of AWS, run by the real terraform against the schemas of the real provider."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import get_session
from botocore.validate import ParamValidator
from clouds.aws import CELERY, CLOUD
from clouds.life import CANARY
from offline_terraform.workspace import workspace

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[2]
TOPOLOGIES = ROOT / "generator/djscaffold/strategy/data/topologies.yaml"
HOURS = 730

SITE: dict[str, Any] = {
    "serves_media": True,
    "ci": "github",
    "ci_repository": "me/shop",
    **CELERY,
}


@dataclass(frozen=True)
class Applied:
    """What terraform holds after the first apply, and what it still wants to do."""

    resources: list[dict[str, Any]]
    state: str
    plan: str
    again: int

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [found["values"] for found in self.resources if found["type"] == kind]


def write(folder: Path, answers: dict[str, Any]) -> Path:
    return CLOUD.write(folder, answers)


def apply(folder: Path, *variables: str) -> Applied:
    arguments = [f"-var={variable}" for variable in variables]
    with workspace(folder) as ws:
        ws.succeed("init")
        ws.succeed("fmt", "-check", "-diff", "-recursive")
        ws.succeed("apply", "-auto-approve", *arguments)
        again = ws.terraform("plan", "-detailed-exitcode", *arguments)
        shown = json.loads(ws.succeed("show", "-json"))
        state = (ws.root / "terraform.tfstate").read_text()
    return Applied(
        shown["values"]["root_module"]["resources"], state, again.stdout, again.returncode
    )


@pytest.fixture(autouse=True)
def _terraform() -> None:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed")
    return apply(write(tmp_path_factory.mktemp("small"), SITE))


def test_the_first_apply_needs_no_image_and_the_second_nothing(small: Applied) -> None:
    """C09, C11: services wait for the first release; terraform and releases do not fight."""
    assert small.again == 0, small.plan
    assert [service["desired_count"] for service in small.of("aws_ecs_service")] == [0, 0]


def test_no_password_is_in_the_state_or_the_plan(small: Applied) -> None:
    """C01: write-only arguments hold them, and the secret store."""
    assert CANARY not in small.state
    assert CANARY not in small.plan


def test_container_definitions_are_what_ecs_accepts(small: Applied) -> None:
    """Terraform sees a text; botocore knows the shape of the API."""
    shape = get_session().get_service_model("ecs").shape_for("ContainerDefinitions")

    for task in small.of("aws_ecs_task_definition"):
        definitions = json.loads(task["container_definitions"])
        report = ParamValidator().validate(definitions, shape)
        assert not report.has_errors(), report.generate_report()


def test_a_shell_can_be_opened_where_the_commands_open_it(small: Applied) -> None:
    """Its agent needs to write; containers that visitors reach cannot be written to."""
    definitions = {
        definition["name"]: definition
        for task in small.of("aws_ecs_task_definition")
        for definition in json.loads(task["container_definitions"])
    }

    assert [one["enable_execute_command"] for one in small.of("aws_ecs_service")] == [None, None]
    assert not definitions.pop("job")["readonlyRootFilesystem"]
    assert definitions.keys() == {"web", "worker", "queue"}
    assert all(one["readonlyRootFilesystem"] for one in definitions.values())


def test_data_is_private_encrypted_and_kept(small: Applied) -> None:
    """C04, C14, C18."""
    [database] = small.of("aws_db_instance")
    [block] = small.of("aws_s3_bucket_public_access_block")

    assert database["storage_encrypted"]
    assert not database["publicly_accessible"]
    assert database["deletion_protection"]
    assert database["engine_version"] == "17"
    assert all(value for name, value in block.items() if name.startswith(("block_", "restrict_")))
    assert all(group["retention_in_days"] for group in small.of("aws_cloudwatch_log_group"))


def test_the_small_size_has_no_nat_and_data_ports_are_closed(small: Applied) -> None:
    """C06: a NAT gateway costs as much as the site. Only the balancer is open to the world."""
    open_ports = {
        rule["from_port"]
        for rule in small.of("aws_vpc_security_group_ingress_rule")
        if rule["cidr_ipv4"] == "0.0.0.0/0"
    }

    assert small.of("aws_nat_gateway") == []
    assert open_ports == {80, 443}


def test_only_this_repositorys_environment_may_release(small: Applied) -> None:
    """C14: a fork, a branch or another environment gets no role, and the role no other service."""
    [role] = [role for role in small.of("aws_iam_role") if role["name"] == "shop-production-ci"]
    [trusted] = json.loads(role["assume_role_policy"])["Statement"]
    [policy] = [one for one in small.of("aws_iam_role_policy") if one["name"] == "release"]
    statements = json.loads(policy["policy"])["Statement"]

    assert trusted["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trusted["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:me/shop:environment:production",
    }
    assert {one["Sid"] for one in statements if one["Resource"] == "*"} == {"Login", "Describe"}
    assert not [one for one in statements if "*" in one["Action"]]


def test_beat_never_runs_twice() -> None:
    """J03: the old one stops before the new one starts."""
    [beat] = [
        file.content.decode()
        for file in render_files({"platform": "aws", **SITE, "uses_beat": True})
        if file.path.endswith("terraform.tfvars")
    ]

    assert beat.count("single  = true") == 1
    worker = (ROOT / "templates/aws/deploy/terraform/worker.tf").read_text()
    assert "deployment_minimum_healthy_percent = each.value.single ? 0 : 100" in worker
    assert "deployment_maximum_percent         = each.value.single ? 100 : 200" in worker


def test_every_path_that_takes_a_password_has_a_limit(tmp_path: Path) -> None:
    """`/` is the front page, and not the beginning of all others."""

    def limited(folder: str, *login_paths: str) -> list[Any]:
        answers = {"topology": "aws-fargate-ha", "login_paths": list(login_paths)}
        applied = apply(write(tmp_path / folder, answers))
        [firewall] = applied.of("aws_wafv2_web_acl")
        rules = [rule for rule in firewall["rule"] if rule["name"] == "login"]
        return [rule["statement"][0]["rate_based_statement"][0] for rule in rules]

    [rate] = limited("several", "/", "/accounts/login/", "/a.b/login/")
    [both] = rate["scope_down_statement"][0]["and_statement"]
    path, method = both["statement"]
    pattern = path["regex_match_statement"][0]["regex_string"]
    tried = ["/", "/accounts/login/", "/a.b/login/", "/a-b/login/", "/cart/", "/x/accounts/login/"]
    assert [one for one in tried if re.search(pattern, one)] == tried[:3]
    assert method["byte_match_statement"][0]["search_string"] == "POST"
    assert (rate["limit"], rate["evaluation_window_sec"]) == (10, 60)
    assert limited("none") == []


def test_no_name_of_a_partition_is_written_out() -> None:
    """C13: arn:aws: is wrong in GovCloud, China and the European Sovereign Cloud."""
    folder = ROOT / "templates/aws/deploy/terraform"

    assert [path.name for path in folder.rglob("*.tf") if '"arn:aws:' in path.read_text()] == []


def estimated(topology: str) -> Counter[str]:
    """Return what the estimate bills: quantities by the fact's id, without what use decides."""
    [found] = [
        row for row in yaml.safe_load(TOPOLOGIES.read_text())["topologies"] if row["id"] == topology
    ]
    by_use = ("egress", "lcu", "logs.ingest", "s3.", "ecr.", "nat.gb", "cloudfront", "route53")
    bill: Counter[str] = Counter()
    for line in found["bom"]:
        if not any(word in line["fact"] for word in by_use):
            bill[line["fact"]] += line["qty"]
    return bill


def billed(applied: Applied) -> Counter[str]:
    """Return what AWS would bill for what stands there, in the words of the estimate."""
    [parameter] = [json.loads(one["value"]) for one in applied.of("aws_ssm_parameter")]
    zones = len(applied.of("aws_subnet")) // 2
    [database] = applied.of("aws_db_instance")
    copies = 2 if database["multi_az"] else 1
    bill: Counter[str] = Counter()
    tasks = {task["family"]: task for task in applied.of("aws_ecs_task_definition")}
    for name, count in parameter["services"].items():
        task = tasks[f"{parameter['name']}-{name}"]
        bill["aws.fargate.x86.vcpu_hour"] += int(task["cpu"]) / 1024 * count * HOURS
        bill["aws.fargate.x86.gb_hour"] += int(task["memory"]) / 1024 * count * HOURS
        bill["aws.public_ipv4.hour"] += count * HOURS if parameter["public_ip"] == "ENABLED" else 0
    bill["aws.public_ipv4.hour"] += (zones + len(applied.of("aws_eip"))) * HOURS
    bill["aws.alb.hour"] = len(applied.of("aws_lb")) * HOURS
    bill["aws.nat.hour"] = len(applied.of("aws_nat_gateway")) * HOURS
    bill[f"aws.rds.pg.{database['instance_class']}.hour"] = copies * HOURS
    bill["aws.rds.gp3.gb_month"] = copies * database["allocated_storage"]
    for cache in applied.of("aws_elasticache_replication_group"):
        fact = f"aws.elasticache.valkey.{cache['node_type']}.hour"
        bill[fact] += cache["num_cache_clusters"] * HOURS
    bill["aws.kms.key_month"] = len(applied.of("aws_kms_key"))
    for firewall in applied.of("aws_wafv2_web_acl"):
        # 5 USD for the list and 1 for each rule, in units of 5 USD.
        bill["aws.waf.acl_month"] += 1 + len(firewall["rule"]) / 5
    bill["aws.secretsmanager.secret_month"] = len(applied.of("aws_secretsmanager_secret"))
    bill["aws.cloudwatch.alarm_month"] = max(0, alarm_metrics(applied) - 10)
    return Counter({fact: quantity for fact, quantity in bill.items() if quantity})


#: What the estimate writes as several of a smaller size, of the same price.
IN_SMALLER = {
    "aws.rds.pg.db.m6g.2xlarge.hour": ("aws.rds.pg.db.m6g.large.hour", 4),
    "aws.elasticache.valkey.cache.t4g.medium.hour": (
        "aws.elasticache.valkey.cache.t4g.micro.hour",
        4,
    ),
}


def in_smaller(bill: Counter[str]) -> Counter[str]:
    """Return the bill in the sizes that have a price."""
    sizes: Counter[str] = Counter()
    for fact, quantity in bill.items():
        smaller, times = IN_SMALLER.get(fact, (fact, 1))
        sizes[smaller] += quantity * times
    return sizes


def alarm_metrics(applied: Applied) -> int:
    """Return how many metrics are watched: each policy that tracks a target makes two alarms."""
    watched = len(applied.of("aws_cloudwatch_metric_alarm"))
    for policy in applied.of("aws_appautoscaling_policy"):
        [tracking] = policy["target_tracking_scaling_policy_configuration"]
        own = tracking["customized_metric_specification"]
        metrics = [one for one in own[0]["metrics"] if one["metric_stat"]] if own else [tracking]
        watched += 2 * len(metrics)
    return watched


#: What is billed by use alone, or not at all.
FREE = {
    *("aws_appautoscaling_policy", "aws_appautoscaling_target", "aws_cloudwatch_dashboard"),
    *(
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_log_metric_filter",
        "aws_cloudwatch_metric_alarm",
        "aws_db_parameter_group",
    ),
    *("aws_db_subnet_group", "aws_default_security_group", "aws_ecr_lifecycle_policy"),
    *(
        "aws_ecr_repository",
        "aws_ecs_cluster",
        "aws_ecs_service",
        "aws_elasticache_parameter_group",
    ),
    *("aws_elasticache_subnet_group", "aws_iam_role", "aws_iam_role_policy", "aws_kms_alias"),
    *(
        "aws_iam_openid_connect_provider",
        "aws_internet_gateway",
        "aws_lb_listener",
        "aws_lb_listener_rule",
        "aws_lb_target_group",
    ),
    *("aws_route", "aws_route_table", "aws_route_table_association", "aws_security_group"),
    *("aws_s3_bucket", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_policy"),
    *("aws_s3_bucket_ownership_controls", "aws_s3_bucket_public_access_block"),
    *("aws_s3_bucket_server_side_encryption_configuration", "aws_s3_bucket_versioning"),
    *("aws_secretsmanager_secret_version", "aws_sns_topic", "aws_ssm_parameter", "aws_subnet"),
    *("aws_vpc", "aws_vpc_endpoint", "aws_vpc_security_group_egress_rule"),
    *("aws_vpc_security_group_ingress_rule", "aws_acm_certificate", "aws_ecs_task_definition"),
    *("aws_egress_only_internet_gateway", "aws_wafv2_web_acl_association"),
    *("aws_scheduler_schedule", "aws_scheduler_schedule_group"),
    *("aws_cloudfront_distribution", "aws_cloudfront_origin_access_control"),
}
BILLED = {
    *("aws_db_instance", "aws_eip", "aws_elasticache_replication_group", "aws_kms_key", "aws_lb"),
    *("aws_nat_gateway", "aws_secretsmanager_secret", "aws_wafv2_web_acl"),
}


def hidden(topology: str, applied: Applied) -> dict[str, float]:
    """Return what is billed above the estimate, and types of which nobody has thought."""
    plan, bill = estimated(topology), in_smaller(billed(applied))
    kinds = {found["type"] for found in applied.resources if found.get("mode") == "managed"}
    above = {fact: bill[fact] - plan[fact] for fact in bill if bill[fact] > plan[fact] + 0.01}
    return above | dict.fromkeys(kinds - FREE - BILLED, 1.0)


def test_the_estimate_hides_nothing_that_the_small_size_bills(small: Applied) -> None:
    assert hidden("aws-fargate-small", small) == {}


BEAT = {"uses_beat": True, "beat_scheduler": "django_celery_beat.schedulers:DatabaseScheduler"}
EVERYTHING = {
    **BEAT,
    "env_vars": [{"name": "API_KEY", "required": True, "default": "", "where": "s.py"}],
    "periodic_commands": [{"name": "clear", "command": "clearsessions", "schedule": "daily"}],
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("topology", "answers", "variables"),
    [
        ("aws-fargate-small", EVERYTHING, ()),
        ("aws-fargate-ha", EVERYTHING, ("cdn=true",)),
        ("aws-fargate-large", EVERYTHING, ("cdn=true",)),
        ("aws-govcloud-ha", {**EVERYTHING, "aws_region": "us-gov-west-1"}, ()),
    ],
)
def test_the_estimate_hides_nothing_with_everything_switched_on(
    topology: str, answers: dict[str, Any], variables: tuple[str, ...], tmp_path: Path
) -> None:
    """Beat, worker, secrets of the site's own, cache; with high availability NAT, WAF, CDN, key."""
    applied = apply(write(tmp_path, {**SITE, **answers, "topology": topology}), *variables)
    kinds = {found["type"] for found in applied.resources}

    assert hidden(topology, applied) == {}
    if topology != "aws-fargate-small":
        assert {"aws_nat_gateway", "aws_wafv2_web_acl", "aws_kms_key"} <= kinds
    assert ("aws_cloudfront_distribution" in kinds) == bool(variables)


@pytest.mark.slow
def test_the_persons_own_tests_pass(tmp_path: Path) -> None:
    with workspace(write(tmp_path, SITE)) as ws:
        ws.succeed("init")
        ws.succeed("test")


def test_the_backend_locks_by_itself(tmp_path: Path) -> None:
    """C07: terraform accepts the backend's arguments, use_lockfile among them."""
    folder = write(tmp_path, SITE)
    versions = folder / "versions.tf"
    whole = 'backend "s3" {\n    bucket = "state"\n    key = "k"\n    region = "eu-west-1"\n'
    versions.write_text(versions.read_text().replace('backend "s3" {\n', whole))

    with workspace(folder) as ws:
        assert ws.backend_problem(patience_s=10) == ""
