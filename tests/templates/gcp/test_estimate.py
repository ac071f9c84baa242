"""What is built and what the estimate says it costs are the same things."""

from __future__ import annotations

from typing import Any

import pytest
from offline_terraform.workspace import workspace

from djscaffold.strategy.catalogue import Topology, read_topologies

from .conftest import Render
from .test_terraform import resources

# Resource -> the beginning of its line in the bill.
BILLED = {
    "google_artifact_registry_repository": "gcp.artifact_registry.",
    "google_cloud_run_v2_service": "gcp.run.re",
    "google_cloud_run_v2_worker_pool": "gcp.run.workerpool.",
    "google_compute_backend_service": "gcp.cdn.",
    "google_compute_global_forwarding_rule": "gcp.lb.",
    "google_compute_security_policy": "gcp.armor.",
    "google_logging_project_bucket_config": "gcp.logging.",
    "google_memorystore_instance": "gcp.memorystore.",
    "google_secret_manager_secret_version": "gcp.secret_manager.",
    "google_sql_database_instance": "gcp.sql.",
    "google_storage_bucket": "gcp.gcs.",
}
# What costs nothing by itself, or nothing within the free amounts of the service.
FREE = {
    "google_certificate_manager_certificate",  # the first hundred
    "google_certificate_manager_certificate_map",
    "google_certificate_manager_certificate_map_entry",
    "google_certificate_manager_dns_authorization",
    "google_cloud_run_v2_job",  # minutes a month
    "google_compute_firewall",
    "google_compute_global_address",  # in use by a forwarding rule, or internal
    "google_compute_network",
    "google_compute_region_network_endpoint_group",
    "google_compute_ssl_policy",
    "google_compute_subnetwork",
    "google_compute_target_http_proxy",
    "google_compute_target_https_proxy",
    "google_compute_url_map",
    "google_logging_project_exclusion",
    "google_logging_project_sink",
    "google_monitoring_dashboard",
    "google_monitoring_uptime_check_config",  # a million checks
    "google_network_connectivity_service_connection_policy",
    "google_project_service",
    "google_secret_manager_secret",  # its versions are billed
    "google_secret_manager_secret_iam_member",
    "google_service_account",
    "google_service_account_iam_member",
    "google_service_networking_connection",
    "google_sql_database",
    "google_sql_user",
    "google_storage_bucket_iam_member",
}
# The smallest topology stays inside these free amounts.
FREE_OF_HOBBY = {
    "google_cloud_run_v2_service",
    "google_logging_project_bucket_config",
    "google_secret_manager_secret_version",
}
JOBS = {
    "task_library": "celery",
    "task_app": "shop.celery",
    "task_broker": "redis",
    "needs_redis": True,
}
HOURS = 730


def topology_called(name: str) -> Topology:
    return next(each for each in read_topologies() if each.id == name and not each.modifiers)


def amounts(topology: Topology) -> dict[str, float]:
    """Return fact -> quantity of the bill's lines, without the free amounts."""
    return {line["fact"]: line["qty"] for line in topology.bom if float(line["qty"]) > 0}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gcp-cloudrun-hobby", "gcp-cloudrun-small", "gcp-cloudrun-ha"])
def test_everything_that_costs_has_a_line_and_every_line_is_built(
    render: Render, name: str
) -> None:
    jobs = {} if name.endswith("hobby") else JOBS
    bill = amounts(topology_called(name))
    with workspace(render(topology=name, serves_media=True, **jobs) / "terraform") as ws:
        planned = resources(ws)
    types = {address.partition(".")[0] for address in planned}
    expected = {
        kind: prefix.replace(".re", ".instance" if name.endswith("ha") else ".request")
        for kind, prefix in BILLED.items()
        if not (name.endswith("hobby") and kind in FREE_OF_HOBBY)
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
        if fact != "gcp.egress.gb"
        and not any(fact.startswith(expected[kind]) for kind in types & expected.keys())
    ] == []
    check_quantities(planned, bill)


def check_quantities(planned: dict[str, Any], bill: dict[str, float]) -> None:
    """Sizes in the bill are those of the plan."""
    settings = planned["google_sql_database_instance.main"]["settings"][0]
    copies = 2 if settings["availability_type"] == "REGIONAL" else 1
    assert bill["gcp.sql.ssd.gb_month"] == settings["disk_size"] * copies
    match settings["tier"]:
        case "db-f1-micro":
            assert bill["gcp.sql.f1_micro.hour"] == HOURS
        case "db-g1-small":
            assert bill["gcp.sql.g1_small.hour"] == HOURS
        case tier:
            cores, memory_mb = (int(part) for part in tier.split("-")[2:])
            assert bill["gcp.sql.vcpu_hour"] == HOURS * cores * copies
            assert bill["gcp.sql.gb_ram_hour"] == HOURS * memory_mb / 1024 * copies
    nodes = sum(
        1 + values["replica_count"]
        for address, values in planned.items()
        if address.startswith("google_memorystore")
    )
    assert bill.get("gcp.memorystore.valkey.shared_core_nano.month", 0) == nodes
    rules = sum(
        len(values["rule"])
        for address, values in planned.items()
        if address.startswith("google_compute_security_policy")
    )
    assert bill.get("gcp.armor.rule.month", 0) == rules
    instances = planned["google_cloud_run_v2_service.web"]["template"][0]["scaling"][0]
    warm_s = instances["min_instance_count"] * HOURS * 3600
    assert bill.get("gcp.run.instance.vcpu_second", 0) == warm_s
