"""Projects that `init` is tried on, as files and as git repositories."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from djscaffold.cli import cli

MANAGE = """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshop.settings")
from django.core.management import execute_from_command_line
"""
SETTINGS = """\
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "django-insecure-canary-9f3c"
DEBUG = True
ALLOWED_HOSTS = []
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth"]
ROOT_URLCONF = "bookshop.urls"
WSGI_APPLICATION = "bookshop.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
STATIC_URL = "static/"
"""
WSGI = """\
import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshop.settings")
application = get_wsgi_application()
"""
BEGINNER = {
    "manage.py": MANAGE,
    "bookshop/__init__.py": "",
    "bookshop/settings.py": SETTINGS,
    "bookshop/wsgi.py": WSGI,
    "bookshop/urls.py": "urlpatterns = []\n",
    "requirements.txt": "Django==5.2.7\n",
}


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(
        ["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True
    ).stdout


def make_repository(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    return root


def init(root: Path, *options: str) -> Result:
    arguments = ["init", str(root), "--platform", "onprem", "--defaults", *options]
    return CliRunner().invoke(cli, arguments)


def files_of(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }
