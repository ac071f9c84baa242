"""The settings of production: the project's own, then what the environment says.

Every variable is explained in deploy/env.example. To change a setting that none of them
covers, write it into overrides.py.
"""

from deployment import caches, databases, hosts, jobs, logs, mail, origin, project, security, static, uploads
from deployment.environment import Environment

_env = Environment()
_secret_key = security.secret_key(_env)
_fallbacks = security.secret_key_fallbacks(_env)
_own = origin.load(_env)
globals().update(static.without_old_names(_own))

# Secrets
SECRET_KEY = _secret_key
SECRET_KEY_FALLBACKS = [*_fallbacks, *_own.get("SECRET_KEY_FALLBACKS", [])]

# Who may ask, and how
_https = _env.flag("https_only", True)
DEPLOYMENT_TRUSTED_PROXIES = _env.number("trusted_proxies", 1, 0, 10)
DEPLOYMENT_EDGE_HEADER = _env.header("edge_header")
USE_X_FORWARDED_HOST = _env.flag("forwarded_host", bool(_own.get("USE_X_FORWARDED_HOST", False)))
ALLOWED_HOSTS = hosts.allowed_hosts(_env)
CSRF_TRUSTED_ORIGINS = hosts.trusted_origins(_env, ALLOWED_HOSTS, _own.get("CSRF_TRUSTED_ORIGINS", []), https=_https)
globals().update(security.transport(_env, _own, https=_https, proxies=DEPLOYMENT_TRUSTED_PROXIES))
INSTALLED_APPS = security.without_development_tools(_own.get("INSTALLED_APPS", []))
MIDDLEWARE = static.middleware(_own, security.without_development_tools(_own.get("MIDDLEWARE", [])))
INTERNAL_IPS = []

# What it is kept in
DATABASES = databases.databases(_env, _own.get("DATABASES", {}))
CACHES = caches.caches(_env, _own.get("CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}))

# Files
_uploads, _bucket = uploads.uploads(_env, _own)
globals().update(static.storages(_own, _uploads))
globals().update(_bucket)
globals().update(static.compressor(_own))
STATIC_URL = static.address(_own)
STATIC_ROOT = _env.folder("static_root") or _own.get("STATIC_ROOT") or static.FOLDER
MEDIA_ROOT = _env.folder("media_root") or _own.get("MEDIA_ROOT", "")
MEDIA_URL = _own.get("MEDIA_URL") or project.MEDIA_URL
# 0640 for what goes through a temporary file, too: nginx reads uploads by its group.
FILE_UPLOAD_PERMISSIONS = _own.get("FILE_UPLOAD_PERMISSIONS", 0o640)

# Mail
globals().update(mail.mail(_env, _own))

# Jobs
globals().update(jobs.celery(_env, _own))

# Log
if _own.get("LOGGING_CONFIG", "logging.config.dictConfig"):
    LOGGING = logs.logging_settings(_env, _own)

_env.stop_if_wrong()

if project.CONFIGURATION_CLASS:
    # A Celery app may make django-configurations look for the class here; origin.py says more.
    globals()[project.CONFIGURATION_CLASS] = origin.Done

from deployment.overrides import *  # noqa: E402, F403

# After everything else: nothing turns it on.
DEBUG = False
