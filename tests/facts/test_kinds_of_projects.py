"""D24: kinds of Django projects, each with the answers that it has to give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from djscaffold.facts.model import Found
from djscaffold.facts.project import ProjectFacts
from djscaffold.facts.read import read_project

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n# django\n'
POSTGRES = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}\n'
ASGI = "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({})\n"
CELERY = 'from celery import Celery\napp = Celery("shop")\n'


@dataclass(frozen=True)
class Kind:
    """A tiny project, and what is read out of it; a word stands for each answer."""

    settings: str
    requires: str
    answers: Mapping[str, object]
    files: Mapping[str, str] = field(default_factory=dict)


def apps(*names: str) -> str:
    return f"INSTALLED_APPS = {['django.contrib.staticfiles', *names]!r}\n" + POSTGRES


KINDS = {
    "wagtail": Kind(
        apps("wagtail", "wagtail.images", "taggit", "modelcluster", "shop")
        + 'MEDIA_URL = "/media/"\nMEDIA_ROOT = "/srv/media"\nSTATIC_ROOT = "/srv/static"\n',
        "Django==5.2.1\nwagtail==7.0\nPillow==11.2.1\n",
        {"engine": "postgresql", "media": "/srv/media", "static": "/srv/static", "queue": None},
    ),
    "oscar": Kind(
        apps("oscar.config.Shop", "oscar.apps.catalogue.apps.CatalogueConfig", "haystack")
        + 'MEDIA_ROOT = "/srv/media"\n',
        "Django==5.2.1\ndjango-oscar==4.0\n",
        {"engine": "postgresql", "media": "/srv/media", "queue": None, "asgi": False},
    ),
    "rest-framework": Kind(
        'INSTALLED_APPS = ["rest_framework", "shop"]\n' + POSTGRES,
        "Django==5.2.1\ndjangorestframework==3.16.0\n",
        {"engine": "postgresql", "queue": None, "frontend": None, "asgi": False, "static": None},
    ),
    "ninja": Kind(
        'INSTALLED_APPS = ["shop"]\n' + POSTGRES,
        "Django==5.2.1\ndjango-ninja==1.4.3\n",
        {"engine": "postgresql", "queue": None, "asgi": False},
        {"shop/api.py": "from ninja import NinjaAPI\napi = NinjaAPI()\n"},
    ),
    "geodjango": Kind(
        apps("django.contrib.gis", "shop").replace(
            "django.db.backends.postgresql", "django.contrib.gis.db.backends.postgis"
        ),
        "Django==5.2.1\npsycopg[binary]==3.2.1\n",
        {"engine": "postgis", "run": ("binutils", "gdal-bin", "libgeos-c1v5", "libproj25")},
    ),
    "channels": Kind(
        apps("channels", "shop")
        + 'ASGI_APPLICATION = "shop.asgi.application"\nCHANNEL_LAYERS = {"default": {"BACKEND": '
        '"channels_redis.core.RedisChannelLayer"}}\n',
        "Django==5.2.1\nchannels==4.2.2\nchannels-redis==4.2.1\n",
        {"asgi": True, "channels": True, "redis": True},
        {"shop/asgi.py": ASGI},
    ),
    "celery with beat": Kind(
        apps("django_celery_beat", "shop") + 'CELERY_BROKER_URL = "redis://cache:6379/0"\n',
        "Django==5.2.1\ncelery==5.5.3\ndjango-celery-beat==2.8.1\nredis==6.0\n",
        {"queue": "celery", "app": "shop.celery", "beat": True, "broker": "redis", "redis": True},
        {"shop/celery.py": CELERY},
    ),
    "dramatiq": Kind(
        apps("django_dramatiq")
        + 'DRAMATIQ_BROKER = {"BROKER": "dramatiq.brokers.redis.RedisBroker"}\n',
        "Django==5.2.1\ndjango-dramatiq==0.13\n",
        {"queue": "dramatiq", "broker": "redis", "redis": True},
    ),
    "rq": Kind(
        apps("django_rq") + 'RQ_QUEUES = {"default": {"HOST": "localhost"}}\n',
        "Django==5.2.1\ndjango-rq==3.0\n",
        {"queue": "rq", "broker": "redis", "redis": True},
    ),
    "huey": Kind(
        apps("huey.contrib.djhuey") + 'HUEY = {"huey_class": "huey.SqliteHuey"}\n',
        "Django==5.2.1\nhuey==2.5\n",
        {"queue": "huey", "broker": "database", "redis": False},
    ),
    "django-q2": Kind(
        apps("django_q") + 'Q_CLUSTER = {"orm": "default"}\n',
        "Django==5.2.1\ndjango-q2==1.8\n",
        {"queue": "django-q", "broker": "database", "redis": False},
    ),
    "django-tasks": Kind(
        apps("django_tasks", "django_tasks.backends.database")
        + 'TASKS = {"default": {"BACKEND": "django_tasks.backends.database.DatabaseBackend"}}\n',
        "Django==5.2.1\ndjango-tasks==0.7\n",
        {"queue": "django-tasks", "broker": "database", "redis": False},
    ),
}


def answer(facts: ProjectFacts, word: str) -> object:
    """Return what was found for a word, or None where it is missing."""
    paths = {
        "app": ("task_queue", "app"),
        "asgi": ("needs_asgi",),
        "beat": ("task_queue", "beat"),
        "broker": ("task_queue", "broker"),
        "channels": ("uses_channels",),
        "engine": ("database", "engine"),
        "frontend": ("frontend", "needed"),
        "media": ("media", "root"),
        "queue": ("task_queue", "library"),
        "redis": ("needs_redis",),
        "run": ("system_packages", "run"),
        "static": ("static", "root"),
    }
    fact, *inner = paths[word]
    reading = getattr(facts, fact)
    found = reading.value if isinstance(reading, Found) else None
    for name in inner:
        found = getattr(found, name, None)
    return found


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_project_gives_its_own_answers(
    make_project: Callable[[Mapping[str, str]], Path], kind: Kind
) -> None:
    """D24."""
    files = {
        "manage.py": MANAGE,
        "requirements.txt": kind.requires,
        "shop/__init__.py": "",
        "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\n' + kind.settings,
        "shop/wsgi.py": MANAGE + "application = get_wsgi_application()\n",
    }

    facts = read_project(make_project({**files, **kind.files}))

    assert {word: answer(facts, word) for word in kind.answers} == dict(kind.answers)


SINGLE = """import os
import sys
from django.conf import settings
from django.core.wsgi import get_wsgi_application
settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"], ROOT_URLCONF=__name__, ALLOWED_HOSTS=["shop.example"]
)
urlpatterns = []
application = get_wsgi_application()
if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
NANO = 'from nanodjango import Django\napp = Django(ALLOWED_HOSTS=["shop.example"])\n'


@pytest.mark.parametrize("text", [SINGLE, NANO], ids=["settings.configure", "nanodjango"])
def test_a_site_in_a_single_file_has_no_settings_module(
    make_project: Callable[[Mapping[str, str]], Path], text: str
) -> None:
    """D24: no settings module is made up where there is none."""
    files = {"app.py": text, "requirements.txt": "Django==5.2.1\nnanodjango==0.11\n"}

    facts = read_project(make_project(files))

    assert not isinstance(facts.production_settings, Found)
    assert isinstance(facts.django_version, Found)
    assert facts.warnings == ()
