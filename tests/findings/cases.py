"""What makes each rule speak, and where it must stay silent."""

from __future__ import annotations

# id, what makes it speak, and a variant of it for which it must stay silent.
CASES: list[tuple[str, str, str]] = [
    ("secret-key-in-code", 'SECRET_KEY = "abc"', 'SECRET_KEY = os.environ["X"]'),
    (
        "secret-key-default-in-code",
        'SECRET_KEY = os.environ.get("X", "abc")',
        'SECRET_KEY = os.environ.get("X")',
    ),
    (
        "secret-key-random",
        "import secrets\nSECRET_KEY = secrets.token_hex()",
        'SECRET_KEY = os.environ["X"]',
    ),
    (
        "database-password-in-code",
        'DATABASES["default"]["PASSWORD"] = "x"',
        'DATABASES["default"]["PASSWORD"] = os.environ["P"]',
    ),
    ("debug-on", "DEBUG = True", "DEBUG = 1 == 2"),
    (
        "debug-default-on",
        'DEBUG = os.environ.get("D", "True") == "True"',
        'DEBUG = os.environ.get("D") == "True"',
    ),
    (
        "debug-any-text",
        'DEBUG = bool(os.environ.get("D"))',
        'DEBUG = bool(int(os.environ.get("D", 0)))',
    ),
    (
        "compress-offline",
        'INSTALLED_APPS += ["compressor"]\nCOMPRESS_OFFLINE = True',
        "COMPRESS_OFFLINE = True",
    ),
    (
        "compress-in-request",
        'INSTALLED_APPS += ["compressor"]',
        'INSTALLED_APPS += ["compressor"]\nCOMPRESS_ENABLED = False',
    ),
    (
        "debug-tools-in-production",
        'INSTALLED_APPS += ["debug_toolbar"]',
        'if DEBUG:\n    INSTALLED_APPS += ["debug_toolbar"]',
    ),
    (
        "templates-not-cached",
        'TEMPLATES = [{"OPTIONS": {"loaders": ["django.template.loaders.filesystem.Loader"]}}]',
        'TEMPLATES = [{"OPTIONS": {}}]',
    ),
    ("allowed-hosts-empty", "ALLOWED_HOSTS = []", 'ALLOWED_HOSTS = ["shop.example"]'),
    ("allowed-hosts-any", 'ALLOWED_HOSTS = ["*"]', 'ALLOWED_HOSTS = [".shop.example"]'),
    (
        "allowed-hosts-local",
        'ALLOWED_HOSTS = ["localhost", "backend"]',
        'ALLOWED_HOSTS = ["localhost", "shop.example"]',
    ),
    (
        "csrf-origin-without-scheme",
        'CSRF_TRUSTED_ORIGINS = ["shop.example"]',
        'CSRF_TRUSTED_ORIGINS = ["https://shop.example"]',
    ),
    (
        "csrf-origin-not-https",
        'CSRF_TRUSTED_ORIGINS = ["http://shop.example"]',
        'CSRF_TRUSTED_ORIGINS = ["https://shop.example"]',
    ),
    ("cors-any-origin", "CORS_ALLOW_ALL_ORIGINS = True", "CORS_ALLOW_ALL_ORIGINS = DEBUG"),
    (
        "ssl-redirect-off",
        "SECURE_SSL_REDIRECT = False",
        'SECURE_SSL_REDIRECT = os.environ.get("S") == "1"',
    ),
    (
        "session-cookie-insecure",
        "SESSION_COOKIE_SECURE = False",
        "SESSION_COOKIE_SECURE = not DEBUG",
    ),
    (
        "csrf-cookie-insecure",
        "CSRF_COOKIE_SECURE = False",
        "CSRF_COOKIE_SECURE = False\nCSRF_USE_SESSIONS = True",
    ),
    ("hsts-off", "SECURE_HSTS_SECONDS = 0", "SECURE_HSTS_SECONDS = 60"),
    ("hsts-preload-without-effect", "SECURE_HSTS_PRELOAD = True", "SECURE_HSTS_PRELOAD = False"),
    (
        "hsts-preload",
        "SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS = True\nSECURE_HSTS_SECONDS = 31536000",  # noqa: E501
        "SECURE_HSTS_SECONDS = 31536000",
    ),
    (
        "proxy-header-trusted",
        'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")',
        "SECURE_PROXY_SSL_HEADER = None",
    ),
    ("security-middleware-missing", "MIDDLEWARE.pop(0)\nMIDDLEWARE = MIDDLEWARE[1:]", ""),
    (
        "csrf-middleware-missing",
        'MIDDLEWARE.remove("django.middleware.csrf.CsrfViewMiddleware")',
        "",
    ),
    (
        "sqlite-in-production",
        'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}',
        "",
    ),
    ("database-driver-missing", 'DATABASES["default"]["ENGINE"] = "django.db.backends.mysql"', ""),
    (
        "database-not-provisioned",
        'DATABASES["default"]["ENGINE"] = "django.db.backends.oracle"',
        "",
    ),
    ("several-databases", 'DATABASES["replica"] = DATABASES["default"]', ""),
    (
        "cache-in-process-memory",
        'SESSION_ENGINE = "django.contrib.sessions.backends.cache"',
        'SESSION_ENGINE = "django.contrib.sessions.backends.db"',
    ),
    (
        "cache-dummy",
        'CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}',
        'CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}',
    ),
    (
        "storages-without-default",
        'STORAGES = {"staticfiles": {"BACKEND": "x"}}',
        'STORAGES = {"default": {"BACKEND": "y"}, "staticfiles": {"BACKEND": "x"}}',
    ),
    ("storage-setting-removed", 'STATICFILES_STORAGE = "x"', ""),
    ("static-root-unset", "del STATIC_ROOT", ""),
    (
        "static-root-is-source",
        "STATICFILES_DIRS = [STATIC_ROOT]",
        'STATICFILES_DIRS = [BASE_DIR / "assets"]',
    ),
    (
        "whitenoise-misplaced",
        'MIDDLEWARE.append("whitenoise.middleware.WhiteNoiseMiddleware")',
        'MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")',
    ),
    ("media-inside-static", 'MEDIA_ROOT = STATIC_ROOT / "up"', 'MEDIA_ROOT = BASE_DIR / "up"'),
    ("settings-connect-at-import", 'import psycopg2\nx = psycopg2.connect("")', "import psycopg2"),
    (
        "settings-not-in-repository",
        "try:\n    from .local import *\nexcept ImportError:\n    pass",
        "",
    ),
    ("tasks-run-in-request", "CELERY_TASK_ALWAYS_EAGER = True", "CELERY_TASK_ALWAYS_EAGER = DEBUG"),
    (
        "channel-layer-in-memory",
        'CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}',
        'CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}',
    ),
    (
        "mail-goes-nowhere",
        'EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"',
        'EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"',
    ),
    (
        "connections-kept-under-asgi",
        'INSTALLED_APPS += ["channels"]\nDATABASES["default"]["CONN_MAX_AGE"] = 60',
        'INSTALLED_APPS += ["channels"]',
    ),
    ("needs-asgi", 'INSTALLED_APPS += ["channels"]', ""),
]

MODEL = "from django.db import models\nclass A(models.Model):\n    f = models.FileField()\n"
CELERY = {
    "requirements.txt": "Django==5.2.1\ngunicorn==23\npsycopg[binary]==3.2\ncelery==5.4\n",
    "shop/celery.py": 'from celery import Celery\napp = Celery("shop")\napp.conf.beat_schedule = {"a": 1}\n',  # noqa: E501
}
MIGRATION = 'class Migration:\n    dependencies = [("shop", "{}")]\n    operations = []\n'
FILE_CASES: list[tuple[str, dict[str, str], dict[str, str]]] = [
    (
        "secrets-committed",
        {".env": "SECRET_KEY=ab12cd34\n"},
        {".env.example": "SECRET_KEY=ab12\n", ".env": "SECRET_KEY=changeme\n"},
    ),
    ("database-committed", {"db.sqlite3": "x"}, {}),
    ("server-missing", {"requirements.txt": "Django==5.2.1\npsycopg[binary]==3\n"}, {}),
    ("django-not-declared", {"requirements.txt": "gunicorn==23\n"}, {}),
    (
        "no-lock-file",
        {"pyproject.toml": '[tool.poetry.dependencies]\nDjango = "5.2"\n', "requirements.txt": ""},
        {},
    ),
    ("dependencies-not-pinned", {"requirements.txt": "Django\ngunicorn\npsycopg[binary]\n"}, {}),
    (
        "django-unsupported",
        {"requirements.txt": "Django==3.2.1\ngunicorn==23\npsycopg[binary]==3\n"},
        {},
    ),
    (
        "private-packages",
        {"requirements.txt": "--extra-index-url https://u:s3cr3t@pkgs.example/\nDjango==5.2.1\n"},
        {"requirements.txt": "-r base.txt\nDjango==5.2.1\nx @ git+https://code.example/x@1a\n"},
    ),
    ("python-unsupported", {".python-version": "3.8\n"}, {}),
    ("python-does-not-fit-django", {".python-version": "3.9\n"}, {}),
    ("python-not-declared", {".python-version": ""}, {}),
    (
        "python-versions-disagree",
        {"pyproject.toml": '[project]\nrequires-python = ">=3.13"\n'},
        {"pyproject.toml": '[project]\nrequires-python = ">=3.12"\n'},
    ),
    ("development-tools-installed", {"requirements.txt": "Django==5.2\npytest==8\n"}, {}),
    (
        "two-postgres-drivers",
        {"requirements.txt": "Django==5.2\npsycopg2==2.9\npsycopg2-binary==2.9\n"},
        {},
    ),
    (
        "dependency-from-git",
        {"requirements.txt": "Django==5.2\nx @ git+https://example.org/x\n"},
        {},
    ),
    ("system-packages-needed", {"requirements.txt": "Django==5.2\nmysqlclient==2\n"}, {}),
    (
        "wsgi-sets-settings",
        {
            "shop/wsgi.py": "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\napplication = 1\n"  # noqa: E501
        },
        {},
    ),
    (
        "settings-module-missing",
        {
            "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'gone')\n# django\n"  # noqa: E501
        },
        {},
    ),
    (
        "settings-made-in-image",
        {
            "docker/config.py": "from shop.settings import *\n",
            "Dockerfile": "RUN cp docker/config.py shop/config.py\n"
            "ENV DJANGO_SETTINGS_MODULE=shop.config\n",
        },
        {
            "docker/config.py": "from shop.settings import *\n",
            "shop/config.py": "from shop.settings import *\n",
            "Dockerfile": "RUN cp docker/config.py shop/config.py\n"
            "ENV DJANGO_SETTINGS_MODULE=shop.config\n",
        },
    ),
    (
        "wsgi-defaults-to-other-settings",
        {
            "shop/production.py": "from .settings import *\n",
            "Dockerfile": "ENV DJANGO_SETTINGS_MODULE=shop.production\n",
        },
        {},
    ),
    ("worker-needed", CELERY, {}),
    (
        "process-runs-for-ever",
        {"docker/uwsgi.ini": "[uwsgi]\nattach-daemon = ./manage.py sendalerts\n"},
        {"docker/uwsgi.ini": "[uwsgi]\n# attach-daemon = ./manage.py sendalerts\n"},
    ),
    (
        "process-runs-for-ever",
        {"Procfile": "web: gunicorn shop.wsgi\nclock: python clock.py\n"},
        {
            "Procfile": "release: python manage.py migrate\nweb: bin/start gunicorn shop.wsgi\n"
            "worker: celery -A shop worker\nworker-beat: celery -A shop beat\n",
            "docker/dev.ini": "attach-daemon = ./manage.py x\n",
        },
    ),
    (
        "process-runs-for-ever",
        {"etc/supervisord.conf": "[program:bot]\ncommand=/venv/bin/python manage.py bot\n"},
        {"etc/supervisord.conf": "[program:web]\ncommand=/venv/bin/gunicorn shop.wsgi\n"},
    ),
    (
        "process-runs-for-ever",
        {"etc/bot.service": "[Service]\nExecStart=/venv/bin/python manage.py bot\n"},
        {"etc/bot.service": "[Service]\nExecStart=/usr/bin/redis-server\n"},
    ),
    (
        "process-runs-for-ever",
        {"etc/bot.service": "[Service]\nType=simple\nExecStart=/venv/bin/python manage.py bot\n"},
        {
            "etc/bot.service": "[Service]\nType=oneshot\nExecStart=/bin/python manage.py bot\n",
            "etc/night.service": "[Service]\nExecStart=/venv/bin/python manage.py report\n",
            "etc/night.timer": "[Timer]\nOnCalendar=daily\n",
        },
    ),
    (
        "beat-must-run-once",
        CELERY,
        {**CELERY, "shop/celery.py": CELERY["shop/celery.py"].partition("app.conf")[0]},
    ),
    (
        "frontend-build-needed",
        {
            "package.json": '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "6"}}',  # noqa: E501
            "vite.config.js": "outDir: 'shop/static/dist'",
        },
        {"package.json": "{}"},
    ),
    (
        "static-names-differ-by-case",
        {"shop/static/a.css": "", "shop/static/A.css": ""},
        {"shop/static/a.css": "", "shop/static/b.css": ""},
    ),
    ("files-not-understood", {"shop/wsgi.py": "application = = 1\napplication = 2\n"}, {}),
]
