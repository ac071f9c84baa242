"""Which topologies `init` can render today. One row each: flip it when the templates land."""

from __future__ import annotations

GENERATED: dict[str, bool] = {
    "onprem-single": True,
    "onprem-pair": True,
    "onprem-vmware": True,
    "onprem-airgapped": True,
    "onprem-colo-cluster": True,
    "rented-vps": True,
    "aws-vm-single": False,
    "aws-fargate-small": True,
    "aws-fargate-ha": True,
    "aws-fargate-large": True,
    "aws-govcloud-ha": True,
    "aws-eusc-ha": False,
    "azure-aca-small": True,
    "azure-aca-ha": True,
    "azure-appservice-gov-ha": False,
    "gcp-cloudrun-hobby": True,
    "gcp-cloudrun-small": True,
    "gcp-cloudrun-ha": True,
    "gcp-assured-ha": False,
    "gcp-s3ns": False,
}

# What to do where rules demand a place that is not rendered yet. Compliance: data/compliance.yaml.
INSTEAD: dict[str, str] = {
    "azure-appservice-gov-ha": (
        "Where the rules ask for FedRAMP High, Azure's public regions in the US hold it too: "
        "--topology azure-aca-ha --data azure_region=centralus. Where they name a government "
        "cloud: --topology aws-govcloud-ha, or Azure Government built by hand "
        "(App Service for Containers; deploy/Dockerfile and deploy/django fit there)."
    ),
    "gcp-assured-ha": (
        "Make the Google Cloud project in an Assured Workloads folder, then "
        "--topology gcp-cloudrun-ha --data gcp_project=ITS_ID; the runbook says what to check."
    ),
    "aws-eusc-ha": (
        "Where a region in the EU is enough: "
        "--topology aws-fargate-ha --data aws_region=eu-central-1."
    ),
    "aws-vm-single": "One machine at Amazon is a server like any other: --topology rented-vps.",
    "gcp-s3ns": (
        "Where a region in France is enough: "
        "--topology gcp-cloudrun-ha --data gcp_region=europe-west9."
    ),
}

_OWN = ("onprem", "rented")


def strategy_of(topology: str) -> str | None:
    """Return the strategy a topology belongs to; None for one that is not known."""
    if topology not in GENERATED:
        return None
    prefix = topology.partition("-")[0]
    return "onprem" if prefix in _OWN else prefix
