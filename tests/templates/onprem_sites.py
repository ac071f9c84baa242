"""Sites on own servers that the tests render."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from djscaffold.render.direct import render_files

BASE: dict[str, Any] = {
    "platform": "onprem",
    "project_slug": "shop",
    "domain": "shop.example.org",
    "missing_packages": ["gunicorn==23.0.0"],
}
SITES: dict[str, dict[str, Any]] = {
    "plain": BASE,
    "everything": BASE
    | {
        "project_slug": "order-desk",
        "domain_aliases": ["www.example.org"],
        "project_root": "backend",
        "needs_asgi": True,
        "asgi_application": "config.asgi:application",
        "serves_media": True,
        "task_library": "celery",
        "task_app": "config.celery",
        "task_queues": ["celery", "mail"],
        "task_broker": "redis",
        "uses_beat": True,
        "needs_redis": True,
        "frontend_root": "web",
        "frontend_manager": "npm",
        "frontend_build": "build",
        "periodic_commands": [
            {"name": "tidy", "command": "clearsessions", "schedule": "daily"},
        ],
        "daemons": [{"name": "sendalerts", "command": "sendalerts --skip-checks"}],
    },
    "sqlite": BASE | {"database_engine": "sqlite", "static_url": "https://cdn.example.org/"},
    "mysql": BASE
    | {
        "database_engine": "mariadb",
        "static_url": "assets",
        "login_path": "",
        "task_library": "rq",
        "task_broker": "rabbitmq",
        "onprem_database_external": True,
    },
}


def rendered(answers: Mapping[str, Any]) -> dict[str, str]:
    return {file.path: file.content.decode() for file in render_files(answers)}


def write(folder: Path, answers: Mapping[str, Any]) -> Path:
    for file in render_files(answers):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o755 if file.executable else 0o644)
    return folder
