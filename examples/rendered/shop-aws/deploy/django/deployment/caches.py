"""The default cache, from one address."""

from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

import django

from deployment import project

_LOCAL = "django.core.cache.backends.locmem.LocMemCache"
_DUMMY = "django.core.cache.backends.dummy.DummyCache"
_EXPECTED = "redis://host:6379/1, rediss://, unix:///run/redis.sock, memcached://host:11211 or db://table"


def caches(env, own):
    """Return CACHES: the project's, with `default` as the environment says."""
    if "cache_url" in project.READ_BY_PROJECT:
        return own
    url = env.secret("cache_url")
    if url:
        return {**own, "default": _default(env, url, own.get("default", {}))}
    if own.get("default", {}).get("BACKEND") == _DUMMY:
        # A dummy cache is for development: a login throttle that counts in it never counts.
        return {**own, "default": {"BACKEND": _LOCAL}}
    return own


def _default(env, url, own):
    address = urlsplit(url)
    if address.scheme in ("redis", "rediss", "unix"):
        return _redis(env, url, own)
    prefix = {"KEY_PREFIX": own.get("KEY_PREFIX") or project.NAME}
    if address.scheme == "memcached" and address.netloc:
        return {
            **prefix,
            "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
            "LOCATION": address.netloc.split(","),
        }
    if address.scheme == "db" and address.netloc:
        return {
            **prefix,
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": unquote(address.netloc),
        }
    env.wrong("cache_url", _EXPECTED)
    return own


def _redis(env, url, own):
    """Return an entry for Redis or Valkey, by the project's own backend if that speaks to Redis."""
    entry = {"LOCATION": url, "KEY_PREFIX": own.get("KEY_PREFIX") or project.NAME}
    if "redis" in own.get("BACKEND", "").lower():
        return {**own, **entry}
    if find_spec("django_redis"):
        return {**entry, "BACKEND": "django_redis.cache.RedisCache"}
    if django.VERSION >= (4, 0) and find_spec("redis"):
        return {**entry, "BACKEND": "django.core.cache.backends.redis.RedisCache"}
    package = "redis" if django.VERSION >= (4, 0) else "django-redis"
    env.problems.append(f"{env.name('cache_url')} names Redis, but the package {package} is not installed")
    return own
