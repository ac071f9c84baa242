"""The plan and the questionnaire are the same set of names."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import yaml
from copier import run_copy

from djscaffold.plan.model import PLATFORMS, Plan

ROOT = Path(__file__).parent.parent.parent


def make_plan(platform: str) -> Plan:
    return Plan(
        platform=platform,
        topology="onprem-single",
        project_slug="shop",
        domain="shop.example.org",
        project_root=".",
        settings_module="shop.settings",
        wsgi_application="shop.wsgi:application",
        django_version="5.2",
        python_version="3.12",
        dependency_manager="pip-requirements",
        dependency_files=["requirements.txt"],
        database_engine="postgresql",
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_questionnaire_records_exactly_the_plan(tmp_path: Path, platform: str) -> None:
    """A field without a question is lost by the next `copier update`."""
    plan = make_plan(platform)

    run_copy(str(ROOT), tmp_path, data=plan.answers(), vcs_ref="HEAD", defaults=True, quiet=True)

    recorded = yaml.safe_load((tmp_path / ".copier-answers.yml").read_text())
    assert {k: v for k, v in recorded.items() if not k.startswith("_")} == plan.answers()


def test_a_field_of_a_platform_has_a_default() -> None:
    """Other platforms leave it out."""
    without = [
        field.name
        for field in dataclasses.fields(Plan)
        if field.name.startswith(tuple(f"{name}_" for name in PLATFORMS))
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]

    assert without == []
