"""Projects made of texts: what a reader needs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from djscaffold.facts.project import ProjectFacts
from djscaffold.facts.read import read_project

MakeProject = Callable[[Mapping[str, str | bytes]], Path]
ReadSettings = Callable[..., ProjectFacts]

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
MANAGE += "from django.core.management import execute_from_command_line\n"


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    def make(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / f"project{len(list(tmp_path.iterdir()))}"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            path.write_bytes(data)
        return root

    return make


@pytest.fixture
def read_settings(make_project: MakeProject) -> ReadSettings:
    """Return the facts of a project whose settings are the given text."""

    def read(text: str, **more: str | bytes) -> ProjectFacts:
        files: dict[str, str | bytes] = {
            "manage.py": MANAGE,
            "requirements.txt": "Django==5.2.1\npsycopg[binary]==3.2.1\n",
            "shop/__init__.py": "",
            "shop/wsgi.py": MANAGE.replace("execute_from_command_line", "x")
            + "application = get_wsgi_application()\n",
            "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n' + text,
        }
        return read_project(make_project({**files, **more}))

    return read


@pytest.fixture
def read_files(make_project: MakeProject) -> Callable[[Mapping[str, str | bytes]], ProjectFacts]:
    """Return the facts of a project that consists of the given files."""
    return lambda files: read_project(make_project(files))
