"""What is built and what the estimate says it costs are the same things."""

from __future__ import annotations

from typing import Any

import pytest
from offline_terraform.workspace import workspace

from djscaffold.strategy.catalogue import Topology, read_topologies

from .conftest import Render
from .test_terraform import resources

pytestmark = pytest.mark.slow

# Resource -> the beginning of its line in the bill.
BILLED = {
    "azapi_resource": "azure.managed_redis.",
    "azurerm_cdn_frontdoor_profile": "azure.frontdoor.",
    "azurerm_container_app": "azure.aca.",
    "azurerm_container_registry": "azure.acr.",
    "azurerm_key_vault": "azure.keyvault.",
    "azurerm_log_analytics_workspace": "azure.log_analytics.",
    "azurerm_nat_gateway": "azure.nat.",
    "azurerm_postgresql_flexible_server": "azure.pg.",
    "azurerm_public_ip": "azure.public_ipv4.",
    "azurerm_storage_account": "azure.blob.",
}
# What costs nothing by itself; a private DNS zone costs half a dollar.
FREE = {
    "azurerm_cdn_frontdoor_custom_domain",
    "azurerm_cdn_frontdoor_endpoint",
    "azurerm_cdn_frontdoor_firewall_policy",  # own rules are part of Front Door
    "azurerm_cdn_frontdoor_origin",
    "azurerm_cdn_frontdoor_origin_group",
    "azurerm_cdn_frontdoor_route",
    "azurerm_cdn_frontdoor_security_policy",
    "azurerm_container_app_environment",
    "azurerm_container_app_job",  # minutes a month
    "azurerm_key_vault_secret",
    "azurerm_management_lock",
    "azurerm_monitor_diagnostic_setting",
    "azurerm_nat_gateway_public_ip_association",
    "azurerm_network_security_group",
    "azurerm_portal_dashboard",
    "azurerm_postgresql_flexible_server_configuration",
    "azurerm_postgresql_flexible_server_database",
    "azurerm_postgresql_flexible_server_firewall_rule",
    "azurerm_private_dns_zone",
    "azurerm_private_dns_zone_virtual_network_link",
    "azurerm_resource_group",
    "azurerm_role_assignment",
    "azurerm_storage_container",
    "azurerm_storage_management_policy",
    "azurerm_subnet",
    "azurerm_subnet_nat_gateway_association",
    "azurerm_subnet_network_security_group_association",
    "azurerm_user_assigned_identity",
    "azurerm_virtual_network",
    "terraform_data",
    "time_sleep",
}
# Five gigabytes of logs a month are free; the small topology's bill stays below them.
FREE_OF_SMALL = {"azurerm_log_analytics_workspace"}
JOBS = {
    "task_library": "celery",
    "task_app": "shop.celery",
    "task_broker": "redis",
    "needs_redis": True,
    "serves_media": True,
}
HOURS = 730


def topology_called(name: str) -> Topology:
    return next(each for each in read_topologies() if each.id == name and not each.modifiers)


@pytest.mark.parametrize("name", ["azure-aca-small", "azure-aca-ha"])
def test_everything_that_costs_has_a_line_and_every_line_is_built(
    render: Render, name: str
) -> None:
    bill = {line["fact"]: line["qty"] for line in topology_called(name).bom if line["qty"] > 0}
    with workspace(render(topology=name, **JOBS) / "terraform") as ws:
        planned = resources(ws)
    types = {address.partition(".")[0] for address in planned}
    expected = {
        kind: prefix
        for kind, prefix in BILLED.items()
        if not (name.endswith("small") and kind in FREE_OF_SMALL)
    }

    assert types - FREE - BILLED.keys() == set()
    assert [
        kind
        for kind in types & expected.keys()
        if not any(fact.startswith(expected[kind]) for fact in bill)
    ] == []
    assert [
        fact
        for fact in bill
        if not fact.startswith("azure.log_analytics.")
        and "egress" not in fact
        and not any(fact.startswith(expected[kind]) for kind in types & expected.keys())
    ] == []
    check_quantities(planned, bill)


def check_quantities(planned: dict[str, Any], bill: dict[str, float]) -> None:
    """Sizes in the bill are those of the plan."""
    database = planned["azurerm_postgresql_flexible_server.main"]
    copies = 2 if database["high_availability"] else 1
    size = database["sku_name"].partition("_Standard_")[2].lower()
    assert bill[f"azure.pg.{size}.hour"] == HOURS * copies
    assert bill["azure.pg.storage.gb_month"] == database["storage_mb"] / 1024 * copies
    redis = planned["azapi_resource.redis[0]"]["body"]
    nodes = 2 if redis["properties"]["highAvailability"] == "Enabled" else 1
    kind = redis["sku"]["name"].partition("_")[2].lower()
    assert bill[f"azure.managed_redis.{kind}.hour"] == HOURS * nodes
    replication = planned["azurerm_storage_account.main"]["account_replication_type"].lower()
    assert any(fact.startswith(f"azure.blob.hot_{replication}") for fact in bill)
