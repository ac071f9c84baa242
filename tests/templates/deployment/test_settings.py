"""The rendered settings module around a project's own, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

MakeSite = Callable[..., Any]


def test_a_beginners_project_passes_djangos_own_deployment_check(make_site: MakeSite) -> None:
    """DEBUG, SECRET_KEY and an empty ALLOWED_HOSTS are in the code, and stay there."""
    site = make_site()

    done = site.manage("check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout
    assert site.setting("s.DEBUG, s.SECRET_KEY, s.ALLOWED_HOSTS") == (
        f"False {site.secret} ['shop.example.org']"
    )


def test_everything_that_is_wrong_is_named_at_once_and_no_secret_shown(make_site: MakeSite) -> None:
    site = make_site(
        answers={"env_vars": [required("STRIPE_KEY")], "database_engine": "postgresql"}
    )

    refusal = site.refusal(
        SECRET_KEY="too-short",
        DATABASE_URL="postgres://shop:secret/canary@db/shop",
        HSTS_SECONDS="a year",
        STRIPE_KEY=None,
    )
    late = site.refusal(
        DATABASE_URL="postgres://shop:secret/canary@db/shop",
        HSTS_SECONDS="a year",
        ALLOWED_HOSTS="*",
        CSRF_TRUSTED_ORIGINS="app.example.org",
        MEDIA_ROOT="media",
        HTTPS_ONLY="maybe",
        LOG_FORMAT="xml",
        STRIPE_KEY="x",
    )

    assert "SECRET_KEY must be at least 50 random characters\n" in refusal
    assert "STRIPE_KEY is not set; shop/settings.py reads it" in refusal
    assert "DATABASE_URL must be an address such as postgres://user:password@host" in late
    assert (
        "HSTS_SECONDS must be a whole number of seconds from 0 to 63072000; it is 'a year'" in late
    )
    for name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "MEDIA_ROOT", "HTTPS_ONLY", "LOG_FORMAT"):
        assert f"\n  {name} must be " in late
    assert "too-short" not in refusal
    assert "canary" not in late


def required(name: str) -> dict[str, object]:
    return {"name": name, "required": True, "default": "", "where": "shop/settings.py"}


def test_a_missing_secret_or_database_stops_the_start(make_site: MakeSite) -> None:
    site = make_site()

    assert "SECRET_KEY is not set" in site.refusal(SECRET_KEY=None)
    assert "DATABASE_URL is not set" in site.refusal(DATABASE_URL=None)


def test_what_belongs_to_development_does_not_reach_production(make_site: MakeSite) -> None:
    """A toolbar that is not installed, mail on the console, a dummy cache, local origins."""
    site = make_site(
        """
INSTALLED_APPS += ["debug_toolbar"]
MIDDLEWARE += ["debug_toolbar.middleware.DebugToolbarMiddleware"]
INTERNAL_IPS = ["127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
CSRF_TRUSTED_ORIGINS = ["http://localhost:1337", "https://app.example.net"]
LOGGING = {"version": 1, "handlers": {"file": {"class": "logging.FileHandler",
           "filename": "/nonexistent/debug.log"}}, "root": {"handlers": ["file"]}}
"""
    )

    found = site.setting(
        "[n for n in [*s.INSTALLED_APPS, *s.MIDDLEWARE] if 'toolbar' in n], s.INTERNAL_IPS,"
        " s.EMAIL_BACKEND.split('.')[4], s.CACHES['default']['BACKEND'].split('.')[4],"
        " s.CSRF_TRUSTED_ORIGINS"
    )

    assert found == ("[] [] smtp locmem ['https://shop.example.org', 'https://app.example.net']")


def test_the_project_keeps_its_own_names(make_site: MakeSite) -> None:
    """Its own debug switch is turned off before its settings look at it."""
    site = make_site(
        """
import os
DEBUG = os.environ["SHOP_DEBUG"] != ""
SECRET_KEY = os.environ["SHOP_KEY"]
LOG_LEVEL = os.environ["LOG_LEVEL"]
MODE = "development" if DEBUG else "production"
""",
        answers={
            "env_names": {"secret_key": "SHOP_KEY", "debug": "SHOP_DEBUG"},
            "env_vars": [required("LOG_LEVEL")],
            "debug_off": "",
        },
        SHOP_KEY="the-shops-own-key-is-long-enough-to-sign-with-itself",
        LOG_LEVEL="verbose",
        DEPLOY_LOG_LEVEL="ERROR",
    )

    found = site.setting(
        "s.MODE, s.SECRET_KEY, s.LOG_LEVEL, s.LOGGING['root']['level']", SECRET_KEY=None
    )

    assert found == "production the-shops-own-key-is-long-enough-to-sign-with-itself verbose ERROR"


def test_parts_of_a_database_keep_their_names_and_the_engine_is_the_planned_one(
    make_site: MakeSite,
) -> None:
    """The project would fall back to SQLite without a variable that says otherwise. C03"""
    parts = ("name", "user", "password", "host", "port")
    site = make_site(
        answers={
            "database_engine": "postgresql",
            "env_names": {f"database_{part}": f"DB_{part.upper()}" for part in parts},
        },
        DB_NAME="shop",
        DB_USER="shop",
        DB_PASSWORD="p$a%b@c/d#e",
        DB_HOST="db.internal",
        DB_PORT="5433",
    )

    found = site.setting(
        "*(s.DATABASES['default'][k] for k in ('ENGINE', 'NAME', 'PASSWORD', 'HOST', 'PORT'))",
        DATABASE_URL=None,
    )

    assert found == "django.db.backends.postgresql shop p$a%b@c/d#e db.internal 5433"


def test_a_secret_may_be_a_file(make_site: MakeSite) -> None:
    site = make_site()
    credential = site.root / "credential"
    credential.write_text(site.secret + "\n")

    assert (
        site.setting("s.SECRET_KEY", SECRET_KEY=None, SECRET_KEY_FILE=str(credential))
        == site.secret
    )
    assert "SECRET_KEY_FILE names '/no'" in site.refusal(SECRET_KEY=None, SECRET_KEY_FILE="/no")


def test_an_image_is_built_without_a_secret_and_does_not_serve(make_site: MakeSite) -> None:
    """B10: static files are collected where no variable is set."""
    site = make_site(
        "import os\nSTRIPE = os.environ['STRIPE_KEY']\nPORT = int(os.environ['EMAIL_PORT'])\n",
        answers={"env_vars": [required("STRIPE_KEY"), required("EMAIL_PORT")]},
    )
    nothing = {"SECRET_KEY": None, "DATABASE_URL": None, "DEPLOYMENT_BUILD": "1"}

    done = site.manage(
        "collectstatic", "--noinput", STATIC_ROOT=str(site.root / "collected"), **nothing
    )
    served = site.run("import deployment.wsgi", **nothing)

    assert done.returncode == 0, done.stderr
    assert list((site.root / "collected" / "admin" / "css").glob("base.*.css.gz"))
    assert "nothing is served with it" in served.stderr


def test_an_image_is_built_whatever_the_project_reads_itself(make_site: MakeSite) -> None:
    """B10: a variable with a role is required as well, and has to have a form."""
    site = make_site(
        "import os\n"
        "ALLOWED_HOSTS = os.environ.get('HOSTS').split(' ')\n"
        "PORT = int(os.environ['SQL_PORT'])\n"
        "BROKER = os.environ['BROKER'].partition('://')[2].index(':')\n",
        answers={
            "env_names": {
                "allowed_hosts": "HOSTS",
                "database_name": "SQL_NAME",
                "database_port": "SQL_PORT",
                "broker_url": "BROKER",
            }
        },
    )
    nothing = {"SECRET_KEY": None, "DATABASE_URL": None, "DEPLOYMENT_BUILD": "1"}

    done = site.manage("check", **nothing)

    assert done.returncode == 0, done.stderr


def test_dynaconf_gives_its_values_and_does_not_take_the_place_of_ours(make_site: MakeSite) -> None:
    """Its hook puts an object of its own under the name django.conf while settings load."""
    site = make_site(
        "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__, GREETING='hello')\n"
    )
    code = "import django; django.setup(); from django.conf import settings as s; "

    done = site.run(code + "print(s.GREETING, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS)")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hello True")
    assert "shop.example.org" in done.stdout


def test_what_an_image_holds_is_in_no_bucket_as_well(make_site: MakeSite) -> None:
    """B13: an image is built without the rights to a bucket; own servers keep theirs."""
    bucket = (
        "STATIC_URL = 'https://cdn.example.org/static/'\n"
        "STORAGES = {'default': {'BACKEND': 'django.core.files.storage.FileSystemStorage'},"
        " 'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}\n"
    )
    expression = "s.STATIC_URL, s.STORAGES['staticfiles']['BACKEND']"

    in_image = make_site(bucket, answers={"platform": "aws"})
    assert in_image.setting(expression) == "/static/ deployment.static.HashedStaticFilesStorage"
    assert "whitenoise.middleware.WhiteNoiseMiddleware" in in_image.setting("s.MIDDLEWARE")


def test_settings_that_reach_out_while_they_load_are_named_or_guarded(make_site: MakeSite) -> None:
    """B11: there is no database beside a build; DEPLOYMENT_BUILD says that it is one."""
    reach = "socket.create_connection(('127.0.0.1', 9), 1)\n"
    nothing = {"SECRET_KEY": None, "DATABASE_URL": None, "DEPLOYMENT_BUILD": "1"}
    site = make_site(f"import os, socket\nif 'DEPLOYMENT_BUILD' not in os.environ:\n    {reach}")

    assert site.manage("check", **nothing).returncode == 0

    (site.root / "shop/settings.py").write_text(f"import socket\n{reach}")
    stopped = site.manage("check", **nothing)
    assert "ConnectionRefusedError" in stopped.stderr
    assert "settings.py" in stopped.stderr


def test_pages_that_frame_their_own_are_a_decision_and_no_warning(make_site: MakeSite) -> None:
    """The check before a release would stop every one of them."""
    site = make_site("X_FRAME_OPTIONS = 'SAMEORIGIN'\n")

    done = site.manage("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "security.W019" in site.setting("s.SILENCED_SYSTEM_CHECKS")
    assert "security.W019" not in make_site().setting("s.SILENCED_SYSTEM_CHECKS")


def test_overrides_come_last_and_cannot_turn_debug_on(make_site: MakeSite) -> None:
    site = make_site()
    overrides = site.root / "deploy/django/deployment/overrides.py"
    overrides.write_text("SESSION_COOKIE_AGE = 60\nDEBUG = True\n")

    assert site.setting("s.SESSION_COOKIE_AGE, s.DEBUG") == "60 False"


def test_a_wsgi_file_that_names_other_settings_does_not_bring_them_in(make_site: MakeSite) -> None:
    site = make_site(
        files={
            "shop/wsgi.py": """
import os
from django.core.wsgi import get_wsgi_application
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
application = get_wsgi_application()
"""
        }
    )

    done = site.run(
        "import os, deployment.wsgi\nfrom django.conf import settings as s\n"
        "print(s.DEBUG, os.environ['DJANGO_SETTINGS_MODULE'])"
    )

    assert done.stdout.splitlines() == [
        "WARNING deployment.start: shop.wsgi sets DJANGO_SETTINGS_MODULE to shop.settings; "
        "the site runs with deployment.settings all the same",
        "False deployment.settings",
    ]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"HSTS_PRELOAD": "true"}, True),
        ({"HSTS_PRELOAD": "true", "HSTS_SECONDS": "31536000"}, True),
        (
            {
                "HSTS_PRELOAD": "true",
                "HSTS_SECONDS": "31536000",
                "HSTS_INCLUDE_SUBDOMAINS": "true",
            },
            False,
        ),
    ],
)
def test_preload_needs_a_year_and_every_subdomain(
    make_site: MakeSite, changes: dict[str, str], wrong: bool
) -> None:
    """R07"""
    site = make_site("SECURE_HSTS_PRELOAD = True\nSECURE_HSTS_INCLUDE_SUBDOMAINS = True\n")

    if wrong:
        assert "HSTS_PRELOAD must be false without HSTS_SECONDS of 31536000" in site.refusal(
            **changes
        )
    else:
        assert site.setting("s.SECURE_HSTS_PRELOAD", **changes) == "True"


def test_hsts_starts_low_whatever_the_project_says(make_site: MakeSite) -> None:
    """R07: subdomains and preload are steps that somebody takes in the environment."""
    site = make_site("SECURE_HSTS_PRELOAD = True\nSECURE_HSTS_INCLUDE_SUBDOMAINS = True\n")

    found = site.setting(
        "s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD"
    )

    assert found == "3600 False False"


def test_storages_keep_the_projects_uploads_and_name_static_files_by_content(
    make_site: MakeSite,
) -> None:
    """A project that sets STORAGES without `default` (as a tutorial does) cannot store uploads."""
    site = make_site(
        "STORAGES = {'staticfiles': {'BACKEND':"
        " 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'}}\n"
    )

    assert site.setting(
        "sorted((k, v['BACKEND'].split('.')[-1]) for k, v in s.STORAGES.items())"
    ) == ("[('default', 'FileSystemStorage'), ('staticfiles', 'HashedStaticFilesStorage')]")


def test_older_names_of_storages_keep_their_meaning(make_site: MakeSite) -> None:
    """Django refuses them beside STORAGES, and since 5.1 ignores them in silence."""
    site = make_site(
        "STATICFILES_STORAGE = 'shop.storage.Own'\nDEFAULT_FILE_STORAGE = 'shop.storage.Bucket'\n"
    )

    assert site.setting("[s.STORAGES[k]['BACKEND'] for k in ('default', 'staticfiles')]") == (
        "['shop.storage.Bucket', 'shop.storage.Own']"
    )


def test_celery_runs_jobs_in_workers_and_logs_as_the_site_does(make_site: MakeSite) -> None:
    site = make_site(
        "CELERY_TASK_ALWAYS_EAGER = True\n",
        answers={"task_library": "celery"},
        CELERY_BROKER_URL="redis://127.0.0.1/0",
    )

    found = site.setting(
        "s.CELERY_TASK_ALWAYS_EAGER, s.CELERY_BROKER_URL, s.CELERY_WORKER_HIJACK_ROOT_LOGGER"
    )

    assert found == "False redis://127.0.0.1/0 False"
