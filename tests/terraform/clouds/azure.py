"""Azure: every way to answer."""

from __future__ import annotations

from clouds.model import COMMANDS, DATABASES, JOBS, Answers, Cloud

ANSWERS = {
    "topology": "azure-aca-small",
    "project_slug": "shop",
    "domain": "shop.example.org",
}
OPTIONS: dict[str, list[Answers]] = {
    "topology": [{"topology": "azure-aca-small"}, {"topology": "azure-aca-ha"}],
    "database": DATABASES,
    "jobs": JOBS,
    "redis": [{"needs_redis": False}, {"needs_redis": True}],
    "media": [{"serves_media": False}, {"serves_media": True}],
    "live": [{}, {"needs_asgi": True, "uses_channels": True}],
    "dns": [{"azure_dns": "none"}, {"azure_dns": "external"}, {"azure_dns": "azuredns"}],
    "ci": [{}, {"ci": "github", "ci_repository": "acme/shop"}, {"ci": "gitlab"}],
    "commands": COMMANDS,
    "name": [
        {},
        {"project_slug": "a" + "b-" * 29 + "c", "azure_region": "swedencentral"},
        {"project_slug": "shop--1-"},
        {"project_slug": "hc"},
    ],
    "variables": [
        {"vars": []},
        {"vars": ["environment=staging", "deletion_protection=false"]},
        {"vars": ["alarm_email=ops@example.org", "front_door=true"]},
        {"vars": ["front_door=true", "waf=true", "waf_preview=true"]},
    ],
}
RICH: Answers = {
    **OPTIONS["topology"][1],
    **OPTIONS["jobs"][2],
    **OPTIONS["commands"][1],
    **OPTIONS["name"][1],
    "task_broker": "redis",
    "needs_redis": True,
    "serves_media": True,
    "azure_dns": "azuredns",
    "ci": "github",
    "ci_repository": "acme/shop",
    "vars": OPTIONS["variables"][2]["vars"],
}


def needed(answers: Answers) -> list[str]:
    """Return the variables of a case that its answers ask for."""
    if answers.get("azure_dns") == "none" and "waf=true" in answers.get("vars", []):
        return ["waf=false"]  # there is no Front Door without a domain
    if answers.get("azure_dns") != "azuredns":
        return []
    return ["dns_zone=example.org", "dns_zone_resource_group=dns"]


CLOUD = Cloud(platform="azure", answers=ANSWERS, options=OPTIONS, rich=RICH, needed=needed)
