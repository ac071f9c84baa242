"""Read caches, brokers, channel layers and sessions: what else must run beside the site."""

from __future__ import annotations

import re

from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.project import Cache
from djscaffold.facts.settings import Settings
from djscaffold.facts.values import (
    Computed,
    Known,
    Mapping,
    Value,
    alternatives,
    env_of,
    likely,
    plain_or_none,
    unset,
    walk,
)

_BACKENDS = (
    ("locmem", re.compile(r"locmem", re.I)),
    ("redis", re.compile(r"redis|valkey", re.I)),
    ("memcached", re.compile(r"memcache|pylibmc", re.I)),
    ("database", re.compile(r"\bdb\.|databasecache", re.I)),
    ("file", re.compile(r"filebased|diskcache", re.I)),
    ("dummy", re.compile(r"dummy", re.I)),
)
_REDIS_URL = re.compile(r"^(redis|rediss|valkey|rediscache|unix)(\+\w+)?://", re.I)
_REDIS_NAME = re.compile(r"\bredis\b|\.redis|django_redis|channels_redis", re.I)
_CACHE_SCHEMES = {
    "memcached": "memcached",
    "pymemcache": "memcached",
    "pymemcached": "memcached",
    "locmem": "locmem",
    "locmemcache": "locmem",
    "dbcache": "database",
    "filecache": "file",
    "file": "file",
    "dummycache": "dummy",
    "dummy": "dummy",
    "elasticache": "memcached",
    "hiredis": "redis",
}


def backend_of(text: str) -> str | None:
    """Return the kind of cache that a dotted backend names."""
    return next((kind for kind, pattern in _BACKENDS if pattern.search(text)), None)


def read_cache(settings: Settings, dependencies: Dependencies) -> Reading[Cache]:
    """Return the default cache of production; Django's own default is the process's memory."""
    value = settings.value("CACHES")
    if value is None:
        return Missing("CACHES in the production settings (Django's default: locmem)")
    kinds: list[str] = []
    for one in alternatives(value):
        default = one.get("default") if isinstance(one, Mapping) else one
        for choice in alternatives(default):
            kind = _kind(choice, dependencies)
            if kind is not None and kind not in kinds:
                kinds.append(kind)
    shared = [kind for kind in kinds if kind not in ("locmem", "dummy")]
    backend = next(iter(shared or kinds), None)
    return Found(Cache(backend=backend, env=env_of(value)), settings.places("CACHES"))


def _kind(default: Value | None, dependencies: Dependencies) -> str | None:
    if isinstance(default, Mapping):
        text = plain_or_none(likely(unset(default.get("BACKEND") or default)))
        return backend_of(text) if isinstance(text, str) else None
    for part in walk(default):
        if isinstance(part, Computed) and part.how == "cache-url":
            return _of_url(part, dependencies)
    return None


def _of_url(url: Computed, dependencies: Dependencies) -> str | None:
    text = plain_or_none(likely(unset(url.parts[0])))
    if isinstance(text, str):
        if _REDIS_URL.match(text):
            return "redis"
        kind = _CACHE_SCHEMES.get(text.partition("://")[0])
        if kind in ("locmem", "dummy") and dependencies.has("redis", "django-redis"):
            return "redis"
        return kind
    return "redis" if dependencies.has("redis", "django-redis", "hiredis") else None


def _mentions_redis(value: Value | None) -> list[Place]:
    """Return where a value says Redis: a URL, a backend, a variable of that name."""
    found = []
    for part in walk(value):
        text = part.value if isinstance(part, Known) else None
        if isinstance(text, str) and (_REDIS_URL.match(text) or _REDIS_NAME.search(text)):
            found.append(part.place)
    found += [value.place for name in env_of(value) if re.search(r"REDIS|VALKEY", name) and value]
    return found


_REDIS_SETTINGS = (
    "CACHES",
    "CHANNEL_LAYERS",
    "RQ_QUEUES",
    "CONSTANCE_REDIS_CONNECTION",
    "CELERY_BROKER_URL",
    "BROKER_URL",
    "CELERY_RESULT_BACKEND",
    "DRAMATIQ_BROKER",
    "REDIS_URL",
    "REDIS_HOST",
    "REDIS",
    "HUEY",
    "TASKS",
    "Q_CLUSTER",
)


def read_needs_redis(
    settings: Settings, cache: Reading[Cache], broker: str | None, broker_places: tuple[Place, ...]
) -> Reading[bool]:
    """Return whether anything in production needs Redis (or Valkey)."""
    if isinstance(cache, Found) and cache.value.backend == "redis":
        return Found(True, cache.evidence)
    if broker == "redis":
        return Found(True, broker_places)
    for name in _REDIS_SETTINGS:
        value = settings.value(name)
        chosen = likely(value)
        if name in ("CELERY_BROKER_URL", "BROKER_URL") and broker not in (None, "redis"):
            continue
        places = _mentions_redis(chosen)
        if chosen is not None and places:
            return Found(True, settings.places(name))
    return Found(False, ())
