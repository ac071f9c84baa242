"""What is read is the same in each run, whatever order a process keeps its sets in."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from .conftest import MakeProject

MANAGE = """import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.three")
from django.core.management import execute_from_command_line
"""
WSGI = """import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.three")
application = get_wsgi_application()
"""
# Each is built on the next one, and something speaks for each of them.
SETTINGS = {
    "heroku": "from .staging import *\n",
    "staging": "from .three import *\n",
    "three": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
}
IMAGE = """FROM python:3.13-slim
COPY . /app
WORKDIR /app
RUN pip install -r requirements.txt
"""


@pytest.mark.slow
def test_two_processes_read_the_same(make_project: MakeProject) -> None:
    root = make_project(
        {
            "manage.py": MANAGE,
            "shop/wsgi.py": WSGI,
            **{f"shop/settings/{name}.py": text for name, text in SETTINGS.items()},
            **{f"shop/migrations/000{number}_{number}.py": "" for number in range(1, 6)},
            "shop/urls.py": "urlpatterns = []\n",
            "Dockerfile": IMAGE,
            "requirements.txt": "django==5.2.7\n",
            "requirements/requirements.txt": "django==5.2.6\n",
        }
    )

    told = []
    for seed in range(6):
        command = [sys.executable, "-m", "djscaffold", "inspect", str(root), "--format=json"]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout + done.stderr)

    assert json.loads(told[0])["facts"]
    assert told == [told[0]] * 6
