"""The offline providers find what the real ones would, and let pass what is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from offline_terraform.rules import find_problems
from offline_terraform.values import UNKNOWN
from offline_terraform.workspace import DATA, workspace

AWS = """
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }
  backend "s3" {
    bucket       = "state"
    key          = "shop"
    region       = "eu-west-1"
    use_lockfile = true
  }
}
"""
GOOD = (
    AWS
    + """
ephemeral "random_password" "database" {
  length = 32
}
resource "aws_secretsmanager_secret" "database" {
  name = "shop/database"
}
resource "aws_secretsmanager_secret_version" "database" {
  secret_id                = aws_secretsmanager_secret.database.id
  secret_string_wo         = ephemeral.random_password.database.result
  secret_string_wo_version = 1
}
data "aws_availability_zones" "available" {}
output "zones" {
  value = data.aws_availability_zones.available.names
}
"""
)
MISTAKES = {
    'engine_versoin = "17"': 'Did you mean "engine_version"?',
    'allocated_storage = "twenty"': "a number is required",
    "endpoint = true": '"endpoint" is read-only',
    "backup_retention_period = 99": '"backup_retention_period" must be between',
    'identifier = "Shop_Database"': '"identifier" must match',
    'password_wo = "x"\n  password_wo_version = 1\n  manage_master_user_password = true': (
        "only one of"
    ),
    "tags {\n    a = 1\n  }": 'Did you mean to define argument "tags"?',
}


def words(text: str) -> str:
    """Return terraform's message on one line, without the frame that it draws."""
    return " ".join(text.translate(str.maketrans("│╷╵", "   ")).split())


def write(folder: Path, text: str) -> Path:
    (folder / "all.tf").write_text(text)
    return folder


def test_a_right_configuration_is_applied_once(tmp_path: Path) -> None:
    """A second plan is empty, the state holds no password, and destroy removes everything."""
    with workspace(write(tmp_path, GOOD)) as ws:
        ws.succeed("init")
        ws.succeed("apply", "-auto-approve")
        again = ws.terraform("plan", "-detailed-exitcode")
        state = (ws.root / "terraform.tfstate").read_text()
        ws.succeed("destroy", "-auto-approve")

    assert again.returncode == 0, again.stdout
    assert "a-generated-password" not in state
    assert "eu-west-1a" in state


def test_mistakes_are_found_in_terraforms_own_words(tmp_path: Path) -> None:
    databases = [
        f'resource "aws_db_instance" "n{number}" {{\n  instance_class = "x"\n  {line}\n}}'
        for number, line in enumerate(MISTAKES)
    ]
    with workspace(write(tmp_path, "\n".join([AWS, *databases]))) as ws:
        ws.succeed("init")
        found = ws.terraform("validate", "-no-color")

    assert found.returncode != 0
    assert [text for text in MISTAKES.values() if text not in words(found.stdout)] == []


def test_a_version_without_a_release_and_a_wrong_backend_are_found(tmp_path: Path) -> None:
    with workspace(write(tmp_path, AWS.replace("~> 6.0", "~> 5.0"))) as ws:
        assert "no available releases match" in words(ws.terraform("init").stdout)

    with workspace(write(tmp_path, AWS.replace("use_lockfile", "use_lock_file"))) as ws:
        assert 'Did you mean "use_lockfile"?' in words(ws.backend_problem())


@pytest.mark.parametrize("provider", ["aws", "azurerm", "google"])
def test_every_rule_belongs_to_a_place_in_the_schema(provider: str) -> None:
    """A rule with a misspelled path would never fire."""
    schemas = json.loads((DATA / f"schemas/{provider}.json").read_text())["provider_schemas"]
    [of_provider] = schemas.values()
    rules = json.loads((DATA / f"rules/{provider}.json").read_text())

    lost = [
        f"{type_name}: {path}"
        for kind, types in rules.items()
        for type_name, paths in types.items()
        for path in paths
        if not _exists(of_provider[f"{kind[:-1]}_schemas"][type_name]["block"], path)
    ]

    assert lost == []


def _exists(block: dict, path: str) -> bool:
    if not path:
        return True
    name, _, rest = path.partition(".")
    if name in block.get("block_types", {}):
        return _exists(block["block_types"][name]["block"], rest)
    return name in block.get("attributes", {})


TASK = {"attributes": {"cpu": {"optional": True}, "memory": {"optional": True}}}
PAIRS = {"": {"combinations": [{"of": ["cpu", "memory"], "allowed": {"256": ["512", "1024"]}}]}}


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ({"cpu": "256", "memory": "512"}, 0),
        ({"cpu": "256", "memory": "8192"}, 1),
        ({"cpu": "256", "memory": UNKNOWN}, 0),
        ({"cpu": "256", "memory": None}, 0),
    ],
)
def test_a_pair_is_judged_only_when_both_are_known(value: dict, count: int) -> None:
    assert len(list(find_problems(PAIRS, TASK, value))) == count


def test_a_condition_on_an_unknown_value_stays_silent() -> None:
    rules = {"": {"when": [{"if": {"cpu": "512"}, "require": ["memory"]}]}}

    assert list(find_problems(rules, TASK, {"cpu": UNKNOWN, "memory": None})) == []
    assert len(list(find_problems(rules, TASK, {"cpu": "512", "memory": None}))) == 1
