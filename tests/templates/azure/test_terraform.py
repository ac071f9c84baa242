"""The real terraform on what is rendered for Azure, whatever was answered."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clouds.azure import OPTIONS
from offline_terraform.workspace import Workspace, workspace

from .conftest import Render


def test_the_users_own_tests_pass(render: Render) -> None:
    with workspace(render() / "terraform") as ws:
        ws.succeed("init")
        ws.succeed("test")


def test_the_state_storage_is_made_first(render: Render) -> None:
    """C07: unique in the world without a random part."""
    with workspace(render() / "terraform", root="bootstrap") as ws:
        ws.succeed("init")
        ws.succeed("apply", "-auto-approve", "-var=name=a-long-project-name", "-var=location=r")
        state = json.loads((ws.root / "terraform.tfstate").read_text())

    name = state["outputs"]["storage_account"]["value"]
    assert re.fullmatch("alongprojectntf[0-9a-f]{6}", name)


def resources(ws: Workspace, *given: str) -> dict[str, Any]:
    """Return address -> planned values of every resource."""
    ws.succeed("init")
    ws.succeed("plan", "-out=tfplan", *given)
    plan = json.loads(ws.succeed("show", "-json", "tfplan"))
    found = plan["planned_values"]["root_module"]["resources"]
    return {each["address"]: each["values"] for each in found}


def test_a_small_site_is_planned_as_it_was_answered(render: Render) -> None:
    """R01, C16, J03, J06."""
    answers = {
        **OPTIONS["jobs"][2],
        **OPTIONS["commands"][1],
        "needs_redis": True,
        "task_broker": "redis",
        "serves_media": True,
    }
    with workspace(render(**answers) / "terraform") as ws:
        planned = resources(ws, '-var=worker={"max_replicas":3,"processes":1}')
    web = planned["azurerm_container_app.web"]
    [container] = web["template"][0]["container"]
    worker = planned['azurerm_container_app.worker["worker"]']
    beat = planned['azurerm_container_app.worker["beat"]']

    for probe, path in (("startup", "ready"), ("readiness", "ready"), ("liveness", "live")):
        assert container[f"{probe}_probe"][0]["path"] == f"/healthz/{path}"
        assert container[f"{probe}_probe"][0]["port"] == 8000
    assert web["template"][0]["http_scale_rule"][0]["concurrent_requests"] == "8"
    # Workers follow the queue and have no address; there is one beat, replaced by hand.
    assert worker["ingress"] == beat["ingress"] == []
    [rule] = worker["template"][0]["custom_scale_rule"]
    assert rule["metadata"]["listName"] == "celery"
    # The scaler asks Redis over TLS, with a key that stands in Key Vault alone.
    assert (rule["metadata"]["enableTLS"], rule["metadata"]["port"]) == ("true", "10000")
    assert rule["authentication"] == [{"secret_name": "redis-key", "trigger_parameter": "password"}]
    [key] = [each for each in worker["secret"] if each["name"] == "redis-key"]
    assert not key.get("value")
    assert worker["template"][0]["max_replicas"] == 3
    assert (beat["template"][0]["max_replicas"], beat["revision_mode"]) == (1, "Multiple")
    assert planned['azurerm_container_app_job.command["report"]']["schedule_trigger_config"] == [
        {
            "cron_expression": "30 4 * * Mon",
            "parallelism": 1,
            "replica_completion_count": 1,
        }
    ]
    storage = planned["azurerm_storage_account.main"]
    assert (storage["shared_access_key_enabled"], storage["allow_nested_items_to_be_public"]) == (
        False,
        False,
    )


def test_high_availability_means_two_zones_and_no_public_database(render: Render) -> None:
    """C04: a burstable size could not have a standby."""
    with workspace(render(topology="azure-aca-ha", azure_dns="external") / "terraform") as ws:
        planned = resources(ws)
    database = planned["azurerm_postgresql_flexible_server.main"]

    assert database["high_availability"][0]["mode"] == "ZoneRedundant"
    assert database["sku_name"].startswith("GP_")
    assert not database["public_network_access_enabled"]
    assert planned["azurerm_container_app_environment.main"]["zone_redundancy_enabled"]
    assert "azurerm_postgresql_flexible_server_firewall_rule.azure[0]" not in planned
    assert "azurerm_nat_gateway.outbound[0]" in planned


WRONG = {
    "web={max_replicas=40}": "The site may open 323 database connections",
    "waf=true": "The rules are part of Front Door",
    "environment=a-very-long-name": "An environment is production",
    "dns=azuredns": 'dns = "azuredns" needs dns_zone',
    "database={high_availability=true}": "Burstable sizes cannot have a standby",
    "database={disk_gb=50}": "Disks come in 32, 64",
    "database_engine=mysql": "This file builds PostgreSQL. For MySQL: djscaffold init",
    "database_engine=oracle": "database_engine is one of postgresql, postgis, mysql, mariadb",
}


def test_a_wrong_value_is_refused_before_anything_is_built(render: Render) -> None:
    with workspace(render() / "terraform") as ws:
        ws.succeed("init")
        refused = {given: ws.terraform("plan", "-no-color", f"-var={given}") for given in WRONG}

    for given, message in WRONG.items():
        assert refused[given].returncode != 0
        assert message in " ".join(re.sub("[│╷╵]", " ", refused[given].stdout).split())


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_a_project_on_mysql_gets_mysql(render: Render, engine: str) -> None:
    """C05, C16: its own sizes and connections, verified TLS, private where the topology is."""
    folder = render(topology="azure-aca-ha", azure_dns="external", database_engine=engine)
    with workspace(folder / "terraform") as ws:
        planned = resources(ws)
        ws.succeed("test")
    database = planned["azurerm_mysql_flexible_server.main"]
    zone = planned["azurerm_private_dns_zone.database[0]"]

    assert not any("postgresql" in address for address in planned)
    assert (database["version"], database["public_network_access"]) == ("8.4", "Disabled")
    assert zone["name"].endswith(".mysql.database.azure.com")
    assert "az mysql flexible-server" in (folder / "target.sh").read_text()


def test_the_scripts_are_clean(render: Render) -> None:
    scripts = sorted(str(path) for path in (render() / "bin").iterdir())
    shellcheck = str(Path(sys.executable).parent / "shellcheck")

    done = subprocess.run(
        [shellcheck, "--external-sources", "--source-path=SCRIPTDIR", *scripts],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_cache_and_broker_may_share_a_variable(render: Render) -> None:
    names = {"cache_url": "REDIS_URL", "broker_url": "REDIS_URL"}
    answers = {**OPTIONS["jobs"][1], "needs_redis": True, "env_names": names}

    with workspace(render(**answers) / "terraform") as ws:
        planned = resources(ws)

    assert str(planned).count("'REDIS_URL'") == 3  # web, worker, migrations


def test_managed_rules_and_questions_from_outside_are_there_where_asked(render: Render) -> None:
    """The attack filter is Front Door Premium's; the certificate is looked at from outside."""
    folder = render(topology="azure-aca-ha", azure_dns="external") / "terraform"
    with workspace(folder) as ws:
        asked = resources(ws, "-var=waf=true", "-var=alarm_email=ops@example.org")
        plain = resources(ws)
    policy = "azurerm_cdn_frontdoor_firewall_policy.edge[0]"
    outside = asked["azurerm_application_insights_standard_web_test.site[0]"]

    assert [rule["type"] for rule in asked[policy]["managed_rule"]] == [
        "Microsoft_BotManagerRuleSet",
        "Microsoft_DefaultRuleSet",
    ]
    assert asked[policy]["sku_name"] == "Premium_AzureFrontDoor"
    assert (plain[policy]["managed_rule"], plain[policy]["sku_name"]) == (
        [],
        "Standard_AzureFrontDoor",
    )
    assert outside["request"][0]["url"] == "https://shop.example.org/healthz/live"
    assert outside["validation_rules"][0]["ssl_cert_remaining_lifetime"] == 14
    assert not any("web_test" in address for address in plain)


def test_every_path_that_takes_a_password_has_a_limit(render: Render) -> None:
    """A condition of Front Door takes ten values; `/` would be in every address."""
    policy = "azurerm_cdn_frontdoor_firewall_policy.edge[0]"
    paths = [f"/login{number}/" for number in range(12)]

    def limited(*login_paths: str) -> list[list[str]]:
        folder = render(topology="azure-aca-ha", login_paths=list(login_paths)) / "terraform"
        with workspace(folder) as ws:
            rules = resources(ws)[policy]["custom_rule"]
        assert len({rule["name"] for rule in rules}) == len({rule["priority"] for rule in rules})
        return [rule["match_condition"][0]["match_values"] for rule in rules]

    assert limited("/accounts/login/", "/admin/login/") == [["/accounts/login/", "/admin/login/"]]
    assert limited("/", *paths) == [paths[:10], paths[10:]]
    assert limited() == []


def test_production_data_is_protected_and_a_copy_is_not(render: Render) -> None:
    """C04, C10: a lock, a vault that cannot be emptied; names of their own for each environment."""
    folder = render(serves_media=True, needs_redis=True) / "terraform"
    with workspace(folder) as ws:
        production = resources(ws)
        staging = resources(ws, "-var=environment=staging", "-var=deletion_protection=false")

    def protected(planned: dict[str, Any]) -> list[bool]:
        vault = planned["azurerm_key_vault.main"]
        return ["azurerm_management_lock.main[0]" in planned, vault["purge_protection_enabled"]]

    assert (protected(production), protected(staging)) == ([True] * 2, [False] * 2)
    names = [
        {values["name"] for values in planned.values() if len(str(values.get("name"))) > 9}
        for planned in (production, staging)
    ]
    unique = [name for name in names[0] & names[1] if name.startswith("shop")]
    assert (unique, staging["azurerm_resource_group.main"]["name"]) == ([], "shop-staging")


@pytest.mark.parametrize(
    ("ci", "issuer", "subject"),
    [
        (
            "github",
            "https://token.actions.githubusercontent.com",
            "repo:acme/shop:environment:production",
        ),
        ("gitlab", "https://gitlab.com", "project_path:acme/shop:ref_type:branch:ref:main"),
    ],
)
def test_ci_signs_in_from_its_repository_alone(
    render: Render, ci: str, issuer: str, subject: str
) -> None:
    """C12: no password, and nobody else's branch or fork."""
    with workspace(render(ci=ci, ci_repository="acme/shop") / "terraform") as ws:
        planned = resources(ws)
    trusted = planned["azurerm_federated_identity_credential.ci[0]"]
    roles = {
        values["role_definition_name"]
        for address, values in planned.items()
        if address.startswith("azurerm_role_assignment.ci[")
    }

    assert (trusted["issuer"], trusted["subject"]) == (issuer, subject)
    assert roles.isdisjoint({"Owner", "Contributor", "User Access Administrator"})


def test_names_are_legal_whatever_the_project_is_called(render: Render) -> None:
    """C07, C08: sixty characters, double dashes, two letters."""
    for slug, name in (
        ("a" + "b-" * 29 + "c", r"ab-b-b-b-b-b-[0-9a-f]{4}"),
        ("shop--1-", "shop-1"),
        ("hc", "hc-site"),
    ):
        tfvars = (render(project_slug=slug) / "terraform/terraform.tfvars").read_text()
        found = re.search('^name +=  *"(.*)"$', tfvars, re.MULTILINE)
        assert found is not None
        assert re.fullmatch(name, found[1]), found[1]


def test_a_region_that_costs_more_says_so(render: Render) -> None:
    dearer = (render(azure_region="westeurope") / "README.md").read_text()
    usual = (render(azure_region="northeurope") / "README.md").read_text()

    assert "**This site is in West Europe**" in dearer
    assert "**This site is in" not in usual


def test_a_second_try_in_another_region_finds_its_names_free(render: Render) -> None:
    """C16: a deleted vault keeps its name for a month."""
    with workspace(render() / "terraform") as ws:
        names = {
            resources(ws, f"-var=location={region}")["azurerm_key_vault.main"]["name"]
            for region in ("northeurope", "swedencentral")
        }

    assert len(names) == 2
