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

_OWN = ("onprem", "rented")


def strategy_of(topology: str) -> str | None:
    """Return the strategy a topology belongs to; None for one that is not known."""
    if topology not in GENERATED:
        return None
    prefix = topology.partition("-")[0]
    return "onprem" if prefix in _OWN else prefix
