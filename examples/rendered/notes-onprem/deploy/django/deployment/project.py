"""What is particular to this project. The other modules of this package hold code only."""

# The settings that the project itself uses in production, seen from PROJECT_ROOT.
SETTINGS_MODULE = "mysite.settings"

# The class in them, where the project uses django-configurations.
CONFIGURATION_CLASS = ""

# The folder of manage.py, seen from the top of the repository.
PROJECT_ROOT = "."

# The project's own callables, which deployment.wsgi and deployment.asgi wrap.
WSGI_APPLICATION = "mysite.wsgi:application"
ASGI_APPLICATION = "mysite.asgi:application"

# Websockets or long streams: the site is served by uvicorn workers then.
NEEDS_ASGI = False

# Redis and caches shared with other sites: keys begin with this.
NAME = "mysite"

# The addresses of the site. ALLOWED_HOSTS in the environment adds to them.
DOMAINS = ["notes.example.org"]

# The database of production. Only its address comes from the environment.
DATABASE_ENGINE = "postgresql"

# What runs background jobs, if anything does.
TASK_LIBRARY = ""

# No web server stands in front of the container: the site serves its static files itself.
SERVES_STATIC = False

# The path under which uploads are served, where the project does not say.
MEDIA_URL = "/media/"

# Which environment variable holds what. The project's own names are kept; a usual name
# that the project reads with another meaning has DEPLOY_ in front.
VARIABLES = {
    "secret_key": "SECRET_KEY",
    "secret_key_fallbacks": "SECRET_KEY_FALLBACKS",
    "debug": "DEBUG",
    "allowed_hosts": "ALLOWED_HOSTS",
    "csrf_trusted_origins": "CSRF_TRUSTED_ORIGINS",
    "https_only": "HTTPS_ONLY",
    "trusted_proxies": "TRUSTED_PROXIES",
    "forwarded_host": "FORWARDED_HOST",
    "edge_header": "EDGE_HEADER",
    "hsts_seconds": "HSTS_SECONDS",
    "hsts_include_subdomains": "HSTS_INCLUDE_SUBDOMAINS",
    "hsts_preload": "HSTS_PRELOAD",
    "database_url": "DATABASE_URL",
    "database_name": "DATABASE_NAME",
    "database_user": "DATABASE_USER",
    "database_password": "DATABASE_PASSWORD",
    "database_host": "DATABASE_HOST",
    "database_port": "DATABASE_PORT",
    "conn_max_age": "DATABASE_CONN_MAX_AGE",
    "database_transaction_pooling": "DATABASE_TRANSACTION_POOLING",
    "cache_url": "CACHE_URL",
    "broker_url": "CELERY_BROKER_URL",
    "result_url": "CELERY_RESULT_BACKEND",
    "channels_url": "CHANNELS_URL",
    "static_root": "STATIC_ROOT",
    "media_root": "MEDIA_ROOT",
    "media_storage": "MEDIA_STORAGE",
    "email_url": "EMAIL_URL",
    "default_from_email": "DEFAULT_FROM_EMAIL",
    "log_format": "LOG_FORMAT",
    "log_level": "LOG_LEVEL",
}

# What of these the project's settings read themselves; their result is left as it is.
READ_BY_PROJECT = []

# How DEBUG has to be written so that the project's settings read it as off.
DEBUG_OFF = "False"

# Variables without which the project's own settings do not load, and where they are read.
REQUIRED = {
}
