"""The plan: every answer that the questionnaire records, decided.

One field per question of ``copier.yml``, by the same name. A field whose name starts with a
platform (``onprem_``, ``aws_``, ``azure_``, ``gcp_``) belongs to that platform and is recorded
only there; all others are recorded everywhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, get_origin, get_type_hints

PLATFORMS = ("onprem", "aws", "azure", "gcp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the templates are told. Questions and their meaning: ``templates/_questions``."""

    platform: str
    topology: str
    project_slug: str
    domain: str
    domain_aliases: list[str] = field(default_factory=list)

    project_root: str
    settings_module: str
    configuration_class: str = ""
    wsgi_application: str
    asgi_application: str = ""
    needs_asgi: bool = False

    django_version: str
    python_version: str
    python_specifier: str = ">=3.10"
    dependency_manager: str
    dependency_files: list[str]
    dependency_extras: list[str] = field(default_factory=list)
    dependency_groups: list[str] = field(default_factory=list)
    has_lock_file: bool = False
    has_project_table: bool = True
    needs_git_to_install: bool = False
    missing_packages: list[str] = field(default_factory=list)
    build_packages: list[str] = field(default_factory=list)
    run_packages: list[str] = field(default_factory=list)

    database_engine: str
    env_names: dict[str, str] = field(default_factory=dict)
    env_vars: list[dict[str, Any]] = field(default_factory=list)
    debug_off: str = "False"

    task_library: str = ""
    task_app: str = ""
    task_queues: list[str] = field(default_factory=list)
    task_broker: str = ""
    uses_beat: bool = False
    beat_scheduler: str = ""
    needs_redis: bool = False
    uses_channels: bool = False
    has_sqlite_data: bool = False

    static_url: str = "/static/"
    has_static_root: bool = False
    uses_whitenoise: bool = False
    serves_media: bool = False
    media_url: str = "/media/"
    login_path: str = "/admin/login/"
    login_paths: list[str] = field(default_factory=lambda: ["/admin/login/"])

    frontend_root: str = ""
    frontend_manager: str = ""
    frontend_build: str = ""

    periodic_commands: list[dict[str, str]] = field(default_factory=list)
    daemons: list[dict[str, str]] = field(default_factory=list)
    has_translations: bool = False
    static_commands: list[str] = field(default_factory=list)
    ci: str = "none"
    ci_repository: str = ""
    ci_recipes: list[str] = field(default_factory=list)
    parked_answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    keep_files: list[str] = field(default_factory=list)

    onprem_database_external: bool = False

    aws_region: str = "eu-central-1"
    aws_architecture: str = "amd64"
    aws_dns: str = "external"

    gcp_project: str = "my-project"
    gcp_region: str = "europe-west1"
    gcp_dns: str = "external"

    azure_region: str = "northeurope"
    azure_dns: str = "external"

    def answers(self) -> dict[str, Any]:
        """Return what the answers file records: all fields but those of other platforms."""
        others = tuple(f"{name}_" for name in PLATFORMS if name != self.platform)
        return {key: value for key, value in asdict(self).items() if not key.startswith(others)}


def field_types() -> dict[str, type]:
    """Return answer -> str, bool, list or dict."""
    hints = get_type_hints(Plan)
    return {name: get_origin(hint) or hint for name, hint in hints.items()}
