"""Google Cloud: every way to answer."""

from __future__ import annotations

from clouds.model import COMMANDS, DATABASES, JOBS, Answers, Cloud

ANSWERS = {
    "topology": "gcp-cloudrun-small",
    "project_slug": "shop",
    "domain": "shop.example.org",
    "gcp_project": "example-project",
}
OPTIONS: dict[str, list[Answers]] = {
    "topology": [
        {"topology": "gcp-cloudrun-hobby"},
        {"topology": "gcp-cloudrun-small"},
        {"topology": "gcp-cloudrun-ha"},
    ],
    "database": DATABASES,
    "jobs": JOBS,
    "redis": [{"needs_redis": False}, {"needs_redis": True}],
    "media": [{"serves_media": False}, {"serves_media": True}],
    "live": [{}, {"needs_asgi": True, "uses_channels": True}],
    "dns": [{"gcp_dns": "none"}, {"gcp_dns": "external"}, {"gcp_dns": "clouddns"}],
    "ci": [{}, {"ci": "github", "ci_repository": "acme/shop"}, {"ci": "gitlab"}],
    "commands": COMMANDS,
    "name": [
        {},
        {"project_slug": "a" + "b-" * 29 + "c", "gcp_region": "europe-west9"},
        {"project_slug": "google-shop-"},
    ],
    "variables": [
        {"vars": []},
        {"vars": ["environment=staging", "deletion_protection=false"]},
        {"vars": ["fixed_outbound_address=true", "alarm_email=ops@example.org"]},
        {
            "vars": [
                "load_balancer=true",
                "only_through_load_balancer=true",
                "waf_preview=false",
                "billing_account=01AB23-45CD67-89EF01",
                "alarm_email=ops@example.org",
            ]
        },
    ],
}
RICH: Answers = {
    **OPTIONS["topology"][2],
    **OPTIONS["jobs"][2],
    **OPTIONS["commands"][1],
    **OPTIONS["name"][1],
    "needs_redis": True,
    "serves_media": True,
    "gcp_dns": "clouddns",
    "ci": "github",
    "ci_repository": "acme/shop",
    "vars": OPTIONS["variables"][3]["vars"],
}


def needed(answers: Answers) -> list[str]:
    """Return the variables of a case that its answers ask for."""
    return ["dns_zone=example-org"] if answers.get("gcp_dns") == "clouddns" else []


CLOUD = Cloud(platform="gcp", answers=ANSWERS, options=OPTIONS, rich=RICH, needed=needed)
