"""AWS: every way to answer."""

from __future__ import annotations

from clouds.model import Answers, Cloud

ANSWERS = {
    "topology": "aws-fargate-small",
    "project_slug": "shop",
    "domain": "shop.example.org",
}
CELERY: Answers = {
    "task_library": "celery",
    "task_app": "shop.celery",
    "task_broker": "redis",
    "needs_redis": True,
}
OPTIONS: dict[str, list[Answers]] = {
    "size": [
        {"topology": "aws-fargate-small"},
        {"topology": "aws-fargate-ha"},
        {"topology": "aws-fargate-large"},
    ],
    "name": [
        {"project_slug": "shop"},
        {"project_slug": "a-name-of-sixty-characters-that-is-as-long-as-is-allowed-her"},
        {"project_slug": "internal-admin"},
    ],
    "domain": [
        {"aws_dns": "external"},
        {"aws_dns": "route53", "domain_aliases": ["www.shop.example.org"]},
        {"aws_dns": "none"},
    ],
    "database": [
        {"database_engine": "postgresql"},
        {"database_engine": "postgis"},
        {"database_engine": "mysql"},
        {"database_engine": "mariadb"},
    ],
    "jobs": [
        {},
        {**CELERY, "uses_beat": True, "beat_scheduler": "django_celery_beat.schedulers:X"},
        {"task_library": "rq", "needs_redis": True},
        {"task_library": "django-tasks"},
    ],
    "uploads": [{"serves_media": False}, {"serves_media": True}],
    "region": [
        {"aws_region": "eu-central-1"},
        {"aws_region": "us-gov-west-1"},
        {"aws_region": "cn-north-1", "aws_architecture": "arm64"},
    ],
    "ci": [
        {"ci": "none"},
        {"ci": "github", "ci_repository": "me/shop"},
        {"ci": "gitlab", "ci_repository": "me/shop"},
    ],
    "site": [
        {},
        {"env_vars": [{"name": "API_KEY", "required": True, "default": "", "where": "s.py"}]},
        {"env_names": {"database_name": "PGDATABASE", "database_host": "PGHOST"}},
    ],
    "schedule": [
        {"periodic_commands": []},
        {
            "periodic_commands": [
                {"name": "clear", "command": "clearsessions", "schedule": "daily"},
                {"name": "report", "command": "report --all", "schedule": "Mon *-*-* 04:30:00"},
            ]
        },
    ],
    "variables": [
        {"vars": []},
        {"vars": ["environment=staging", "protected=false"]},
        {
            "vars": [
                "alarm_email=ops@example.org",
                "cdn=true",
                "customer_key=true",
                "firewall=true",
                "monthly_budget_usd=300",
                "nat_gateways=1",
            ]
        },
    ],
}
RICH: Answers = {
    **OPTIONS["name"][1],
    **OPTIONS["domain"][1],
    **OPTIONS["jobs"][1],
    **OPTIONS["ci"][1],
    **OPTIONS["site"][1],
    **OPTIONS["schedule"][1],
    **OPTIONS["variables"][2],
    "serves_media": True,
}


def needed(answers: Answers) -> list[str]:
    """Return the variables of a case that its answers ask for."""
    return []


CLOUD = Cloud(platform="aws", answers=ANSWERS, options=OPTIONS, rich=RICH, needed=needed)
