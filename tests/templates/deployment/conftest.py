"""A small Django site with the rendered package beside it, run in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from djscaffold.render.direct import render_files

ROOT = Path(__file__).parents[3]
SECRET = "a-canary-that-is-long-enough-to-sign-everything-in-production"

STARTPROJECT = """
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "django-insecure-from-startproject"
DEBUG = True
ALLOWED_HOSTS = []
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "shop.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
USE_TZ = True
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""

URLS = """
import logging

from django.contrib import admin
from django.http import JsonResponse
from django.urls import path


def whoami(request):
    return JsonResponse({
        "address": request.META.get("REMOTE_ADDR"),
        "secure": request.is_secure(),
        "host": request.get_host(),
    })


urlpatterns = [path("admin/", admin.site.urls), path("whoami/", whoami)]
"""

WSGI = """
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A rendered project on disk, and the environment it runs in."""

    root: Path
    secret: str
    environment: Mapping[str, str]
    python: str = sys.executable
    libraries: str = ""

    def variables(self, **changes: str | None) -> dict[str, str]:
        """Return the process environment; a change of None takes a variable away."""
        path = [str(self.root / "deploy" / "django"), str(self.root), self.libraries]
        base = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "deployment.settings",
            **self.environment,
            **changes,
        }
        return {name: value for name, value in base.items() if value is not None}

    def run(self, code: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        """Run Python *code* after django.setup()."""
        return self._python("-c", f"import django\ndjango.setup()\n{code}", **changes)

    def manage(self, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        """Run a management command."""
        return self._python("-m", "django", *arguments, **changes)

    def setting(self, expression: str, **changes: str | None) -> str:
        """Return what *expression* of the settings `s` prints; the site must start."""
        done = self._python(
            "-c", f"from django.conf import settings as s\nprint({expression})", **changes
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def refusal(self, **changes: str | None) -> str:
        """Return the last lines of the error with which the settings do not load."""
        done = self._python("-c", "import deployment.settings", **changes)
        assert done.returncode != 0
        return done.stderr.partition("ImproperlyConfigured: ")[2]

    def _python(self, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.root,
            env=self.variables(**changes),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


MakeSite = Callable[..., Site]
ANSWERS = {
    "platform": "onprem",
    "project_slug": "shop",
    "domain": "shop.example.org",
    "database_engine": "sqlite",
    "asgi_application": "shop.asgi:application",
}


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Render the package once, and make it importable as `deployment`."""
    folder = tmp_path_factory.mktemp("rendered")
    write_rendered(folder, {})
    path = str(folder / "deploy" / "django")
    sys.path.insert(0, path)
    yield folder
    sys.path.remove(path)
    for name in [name for name in sys.modules if name.split(".")[0] == "deployment"]:
        del sys.modules[name]


@pytest.fixture
def deployment(rendered: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the package's facts of the project, to be changed for one test."""
    return import_module("deployment.project")


def write_rendered(folder: Path, answers: Mapping[str, Any]) -> None:
    """Write what the answers render to under deploy/."""
    for file in render_files({**ANSWERS, **answers}, template=ROOT):
        if file.path.startswith("deploy/"):
            _write(folder / file.path, file.content, executable=file.executable)


def write_site(
    folder: Path,
    settings: str = "",
    *,
    answers: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    **environment: str,
) -> Site:
    """Write a site whose settings are startproject's with *settings* after them."""
    sources = {
        "shop/__init__.py": "",
        "shop/settings.py": STARTPROJECT + settings,
        "shop/urls.py": URLS,
        "shop/wsgi.py": WSGI,
        "shop/asgi.py": WSGI.replace("wsgi", "asgi"),
        **(files or {}),
    }
    for name, source in sources.items():
        _write(folder / name, source.encode(), executable=False)
    write_rendered(folder, answers or {})
    usual = {"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
    return Site(folder, SECRET, {**usual, **environment})


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """Return write_site for this test's folder."""
    return partial(write_site, tmp_path)


def _write(path: Path, content: bytes, *, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755 if executable else 0o644)
