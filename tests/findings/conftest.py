"""A project made of a settings text, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from djscaffold.facts.read import read_project
from djscaffold.findings import Finding, find_all

TODAY = date(2026, 1, 15)
# Nothing in here gives a rule reason to speak.
GOOD = """import os
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.staticfiles"]
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["DB"]}}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "collected"
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 3600
"""
FILES = {
    "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n# django\n",  # noqa: E501
    "requirements.txt": "Django==5.2.1\ngunicorn==23.0.0\npsycopg[binary]==3.2.1\n",
    ".python-version": "3.12\n",
    "shop/__init__.py": "",
    "shop/wsgi.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = 1\n",  # noqa: E501
}
Find = Callable[..., dict[str, Finding]]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """Return the findings by id for good settings with *more* behind them."""

    def find(more: str = "", *, files: dict[str, str] | None = None) -> dict[str, Finding]:
        everything = {**FILES, "shop/settings.py": GOOD + more + "\n", **(files or {})}
        for name, text in everything.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return {one.id: one for one in find_all(read_project(tmp_path), today=TODAY)}

    return find
