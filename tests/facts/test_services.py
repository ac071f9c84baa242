"""Databases, caches, jobs, secrets: what production settings say of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from djscaffold.facts.model import Found
from djscaffold.facts.project import ProjectFacts

ReadSettings = Callable[..., ProjectFacts]


def value(reading: object) -> Any:
    assert isinstance(reading, Found), reading
    return reading.value


@pytest.mark.parametrize(
    ("text", "engine", "env"),
    [
        (
            'import dj_database_url\nDATABASES = {"default": dj_database_url.config()}',
            "postgresql",
            "DATABASE_URL",
        ),
        (
            'import dj_database_url as d\nDATABASES = {"default": d.config("SHOP_DB", default="mysql://x")}',  # noqa: E501
            "mysql",
            "SHOP_DB",
        ),
        (
            'import environ\nenv = environ.Env()\nDATABASES = {"default": env.db()}',
            "postgresql",
            "DATABASE_URL",
        ),
        (
            'import environ\nenv = environ.Env()\nDATABASES = {"default": env.db_url("DB", default="sqlite:///x")}',  # noqa: E501
            "postgresql",
            "DB",
        ),
        (
            'from environs import Env\nenv = Env()\nDATABASES = {"default": env.dj_db_url("MAIN_DB")}',  # noqa: E501
            "postgresql",
            "MAIN_DB",
        ),
        (
            'from decouple import config\nimport dj_database_url\nDATABASES = {"default": config("D", cast=dj_database_url.parse)}',  # noqa: E501
            "postgresql",
            "D",
        ),
        (
            'import os\nDATABASES = {"default": {"ENGINE": "django.contrib.gis.db.backends.postgis", "NAME": os.environ["N"]}}',  # noqa: E501
            "postgis",
            "N",
        ),
        (
            'DATABASES = {"default": {"ENGINE": "django.db.backends.oracle", "NAME": "x"}}',
            "oracle",
            None,
        ),
        ('DATABASES = {"default": {"ENGINE": "mssql", "NAME": "x"}}', "mssql", None),
        (
            'import os\nDATABASES = {"default": {"ENGINE": os.environ.get("E", "django.db.backends.sqlite3")}}',  # noqa: E501
            "postgresql",
            "E",
        ),
    ],
)
def test_the_database(read_settings: ReadSettings, text: str, engine: str, env: str | None) -> None:
    """D17, D19: whatever library reads the variable, and whatever it is called."""
    database = value(read_settings(text).database)

    assert (database.engine, database.env) == (engine, (env,) if env else ())


def test_databases_of_settings_classes(read_settings: ReadSettings) -> None:
    """D17: pydantic-settings and django-configurations name their variables by attribute."""
    facts = read_settings(
        "from pydantic_settings import BaseSettings\n"
        "class Env(BaseSettings):\n    model_config = {'env_prefix': 'SHOP_'}\n    db_name: str\n    port: int = 5432\n"  # noqa: E501
        "env = Env()\n"
        'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": env.db_name, "PORT": env.port}}\n'  # noqa: E501
    )

    assert value(facts.database).roles == (("name", "SHOP_DB_NAME"), ("port", "SHOP_PORT"))
    assert [(one.name, one.required) for one in value(facts.env_vars)] == [
        ("SHOP_DB_NAME", True),
        ("SHOP_PORT", False),
    ]


def test_a_configuration_class_is_read_for_production(read_settings: ReadSettings) -> None:
    """D17: inherited, overridden, prefixed unless told otherwise."""
    facts = read_settings(
        "from configurations import Configuration, values\n"
        "class Base(Configuration):\n"
        "    DEBUG = True\n"
        "    SECRET_KEY = values.SecretValue()\n"
        '    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql",\n'
        '        "HOST": values.Value("db", environ_name="DB_HOST", environ_prefix=None)}}\n'
        "class Dev(Base):\n    X = values.Value(environ_name='DEV_ONLY')\n"
        "class Production(Base):\n    DEBUG = False\n    ALLOWED_HOSTS = values.ListValue([])\n"
    )

    assert value(facts.configuration_class) == "Production"
    assert value(facts.debug).value is False
    names = {one.name: one.required for one in value(facts.env_vars)}
    assert names == {"DB_HOST": False, "DJANGO_ALLOWED_HOSTS": False, "DJANGO_SECRET_KEY": True}


def test_several_databases_are_all_named(read_settings: ReadSettings) -> None:
    """D18."""
    facts = read_settings(
        'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
        'DATABASES["replica"] = {"ENGINE": "django.db.backends.postgresql"}\n'
    )

    assert value(facts.database).aliases == ("default", "replica")


def test_every_variable_is_listed(read_settings: ReadSettings) -> None:
    """D20: required, optional, with default; none invented."""
    facts = read_settings(
        "import os\nfrom decouple import config\nimport environ\n"
        "env = environ.Env(SCHEMA=(bool, False))\n"
        'A = os.environ["A"]\nB = os.getenv("B")\nC = config("C", default="c")\nD = env("D")\n'
        'E = env.bool("SCHEMA")\nF = env.list("F", default=[])\n'
        "def flag(name, default):\n    return os.environ.get(name, default) == '1'\n"
        'G = flag("G", "0")\n'
        '# H = os.environ["H"]\n'
        "if os.environ.get('CI'):\n    I = os.environ['I']\n"
        "try:\n    J = os.environ['J']\nexcept KeyError:\n    J = 'j'\n"
    )

    assert {one.name: (one.required, one.default) for one in value(facts.env_vars)} == {
        "A": (True, None),
        "B": (False, None),
        "C": (False, "c"),
        "D": (True, None),
        "SCHEMA": (False, "False"),
        "F": (False, ""),
        "G": (False, "0"),
        "CI": (False, None),
        "I": (False, None),
        "J": (False, None),
    }


def test_the_evidence_of_a_helper_is_where_the_name_stands(read_settings: ReadSettings) -> None:
    facts = read_settings("import os\ndef get(n):\n    return os.environ[n]\nX = get('X')\n")

    assert str(value(facts.env_vars)[0].evidence[0]) == "shop/settings.py:6"


def test_translations_are_compiled_only_where_there_are_any(read_settings: ReadSettings) -> None:
    """D21: LocaleMiddleware alone means nothing."""
    assert not isinstance(read_settings("USE_I18N = True\n").has_translations, Found)
    facts = read_settings("", **{"locale/de/LC_MESSAGES/django.po": ""})
    assert value(facts.has_translations) is True


@pytest.mark.parametrize(
    ("files", "app", "beat"),
    [
        (
            {"shop/celery.py": 'from celery import Celery\napp = Celery("shop")\n'},
            "shop.celery",
            False,
        ),
        (
            {
                "shop/celery_app.py": 'from celery import Celery\napp = Celery("x")\napp.conf.beat_schedule = {"a": 1}\n'  # noqa: E501
            },
            "shop.celery_app",
            True,
        ),
    ],
)
def test_the_celery_app(
    read_settings: ReadSettings, files: dict[str, str], app: str, beat: bool
) -> None:
    """D26, D27: the file that makes it, whatever it is called."""
    facts = read_settings(
        'CELERY_BROKER_URL = "redis://localhost"\n',
        **{"requirements.txt": "Django==5.2\ncelery==5.4\n", **files},
    )

    queue = value(facts.task_queue)
    assert (queue.library, queue.app, queue.beat, queue.broker) == ("celery", app, beat, "redis")
    assert value(facts.needs_redis) is True


def test_the_word_celery_is_no_celery_app(read_settings: ReadSettings) -> None:
    """D26: a folder of that name, a mention in a docstring."""
    facts = read_settings("", **{"celery/__init__.py": '"""Like Celery("x")."""\n'})

    assert not isinstance(facts.task_queue, Found)


def test_a_scheduler_class_only_with_django_celery_beat(read_settings: ReadSettings) -> None:
    """D27."""
    facts = read_settings(
        'INSTALLED_APPS += ["django_celery_beat"]\n',
        **{
            "requirements.txt": "Django==5.2\ncelery==5.4\n",
            "shop/celery.py": 'from celery import Celery\napp = Celery("shop")\n',
        },
    )

    assert (
        value(facts.task_queue).beat_scheduler == "django_celery_beat.schedulers:DatabaseScheduler"
    )


def test_channels_need_asgi_and_a_stock_file_does_not(read_settings: ReadSettings) -> None:
    """D28."""
    asgi = {"shop/asgi.py": "application = get_asgi_application()\n"}

    assert value(read_settings("", **asgi).needs_asgi) is False
    assert value(read_settings('INSTALLED_APPS += ["channels"]\n', **asgi).needs_asgi) is True


@pytest.mark.parametrize(
    ("text", "library", "broker"),
    [
        ('INSTALLED_APPS += ["django_rq"]\nRQ_QUEUES = {"default": {}}', "rq", "redis"),
        ('INSTALLED_APPS += ["django_q"]\nQ_CLUSTER = {"orm": "default"}', "django-q", "database"),
        (
            'INSTALLED_APPS += ["huey.contrib.djhuey"]\nHUEY = {"huey_class": "huey.SqliteHuey"}',
            "huey",
            "database",
        ),
        (
            'INSTALLED_APPS += ["django_dramatiq"]\nDRAMATIQ_BROKER = {"BROKER": "dramatiq.brokers.rabbitmq.RabbitmqBroker"}',  # noqa: E501
            "dramatiq",
            "rabbitmq",
        ),
    ],
)
def test_other_job_libraries(
    read_settings: ReadSettings, text: str, library: str, broker: str
) -> None:
    """D24."""
    queue = value(read_settings(text).task_queue)

    assert (queue.library, queue.broker) == (library, broker)


@pytest.mark.parametrize(
    ("text", "source", "env"),
    [
        ('SECRET_KEY = "abc"', "literal", None),
        ('import os\nSECRET_KEY = os.environ["K"]', "env", "K"),
        ('SECRET_KEY = open("/etc/key").read()', "file", None),
        (
            "from django.core.management.utils import get_random_secret_key as g\nSECRET_KEY = g()",
            "generated",
            None,
        ),
        ('import os\nSECRET_KEY = os.environ.get("K") or "dev"', "env", "K"),
    ],
)
def test_where_the_secret_key_comes_from(
    read_settings: ReadSettings, text: str, source: str, env: str | None
) -> None:
    key = value(read_settings(text).secret_key)

    assert (key.source, key.env) == (source, env)


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ('import os\nDEBUG = bool(os.environ.get("D"))', ""),
        ('import os\nDEBUG = bool(int(os.environ.get("D", 0)))', "0"),
        ('import os\nDEBUG = os.environ.get("D") == "True"', "False"),
        ('import environ\nenv = environ.Env()\nDEBUG = env.bool("D")', "False"),
    ],
)
def test_what_turns_debug_off(read_settings: ReadSettings, text: str, off: str) -> None:
    assert value(read_settings(text).debug).off == off


def test_a_local_module_that_is_not_there_changes_nothing(read_settings: ReadSettings) -> None:
    facts = read_settings(
        "DEBUG = False\ntry:\n    from .local import *\nexcept ImportError:\n    LATE = 1\n"
    )

    assert value(facts.debug).value is False
    assert "settings-not-in-repository" in {one.kind for one in facts.observations}
    assert "LATE" in {one.name for one in facts.settings}


@pytest.mark.parametrize(
    ("url", "root", "kept"),
    [
        ('BASE / "static"', "static", "static"),
        ('str(BASE.parent / "out")', "out", "../out"),
        ('"/var/www/static"', "/var/www/static", "/var/www/static"),
    ],
)
def test_static_root(read_settings: ReadSettings, url: str, root: str, kept: str) -> None:
    """B14: inside the repository it is relative to its top."""
    text = "from pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\n"
    facts = read_settings(f'{text}STATIC_URL = "static/"\nSTATIC_ROOT = {url}\n')

    assert value(facts.static).root.endswith(root)
    assert kept


def test_one_variable_with_all_parts_of_the_database_is_none_of_them(
    read_settings: ReadSettings,
) -> None:
    """A managed secret in JSON: a host name or a password in its place would not load."""
    facts = read_settings(
        "import json, os\nINFO = json.loads(os.environ.get('DB_SECRET', '{}'))\n"
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',"
        " 'HOST': INFO['host'], 'PORT': INFO['port'], 'NAME': INFO['dbname'],"
        " 'USER': INFO['username'], 'PASSWORD': INFO['password']}}\n"
    )

    assert "DB_SECRET" not in dict(facts.env_roles).values()


@pytest.mark.parametrize(
    ("test", "backend"),
    [
        ('os.environ.get("STORE", "local") == "azure"', "disk.Storage"),
        ('os.environ.get("STORE", default="azure") == "azure"', "azure.Storage"),
        # Nothing is written down: whoever names a bucket wants it.
        ('os.environ["STORE"] == "azure"', "azure.Storage"),
    ],
)
def test_the_storage_is_the_one_that_the_default_chooses(
    read_settings: ReadSettings, test: str, backend: str
) -> None:
    facts = read_settings(
        f'import os\nMEDIA_URL = "/media/"\nif {test}:\n'
        '    DEFAULT_FILE_STORAGE = "azure.Storage"\nelse:\n'
        '    DEFAULT_FILE_STORAGE = "disk.Storage"\n'
    )

    assert value(facts.media).backend == backend
