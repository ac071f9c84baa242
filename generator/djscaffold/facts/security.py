"""Read SECRET_KEY, DEBUG and ALLOWED_HOSTS: where each comes from. Never the secret itself."""

from __future__ import annotations

import re

from djscaffold.facts.model import Found, Missing, Reading
from djscaffold.facts.project import AllowedHosts, Debug, SecretKey
from djscaffold.facts.settings import Settings
from djscaffold.facts.values import (
    Computed,
    Env,
    Items,
    Known,
    Value,
    alternatives,
    env_of,
    likely,
    plain_or_none,
    substitute,
    truth,
    unset,
    walk,
)

_COMPANION = "_FILE"
# Texts that libraries read as on: `config("OFFLINE", default="yes", cast=bool)`.
READ_AS_ON = frozenset({"1", "true", "yes", "on", "t", "y"})


def source_of(value: Value) -> tuple[str, str | None]:
    """Return where a value comes from: literal, env, file or generated; and its variable."""
    options = alternatives(value)
    for option in options:
        names = own_names(option)
        if names:
            return "env", names[0]
    hows = {part.how for option in options for part in walk(option) if isinstance(part, Computed)}
    if hows & {"file", "configuration file", "missing module", ".read", ".read_text"}:
        return "file", None
    if any(isinstance(option, Known) and option.value for option in options):
        return "literal", None
    if "generated" in hows:
        return "generated", None
    names = own_names(value)
    if names:
        return "env", names[0]
    if isinstance(likely(value), Known | Items):
        return "literal", None
    return "none", None


def own_names(value: Value) -> list[str]:
    """Return the variables a value depends on, without the ones that only name a file."""
    return [name for name in env_of(value) if not name.endswith(_COMPANION)]


def read_secret_key(settings: Settings) -> Reading[SecretKey]:
    """Return where SECRET_KEY comes from."""
    value = settings.value("SECRET_KEY")
    if value is None:
        return Missing("SECRET_KEY in the production settings")
    source, env = source_of(value)
    return Found(SecretKey(source=source, env=env), settings.places("SECRET_KEY"))


def read_debug(settings: Settings) -> Reading[Debug]:
    """Return where DEBUG comes from, and its value if that is certain."""
    value = settings.value("DEBUG")
    if value is None:
        return Missing("DEBUG in the production settings (Django's default: off)")
    source, env = source_of(value)
    known = plain_or_none(likely(value)) if source == "literal" else plain_or_none(unset(value))
    return Found(
        Debug(source=source, env=env, value=_boolean(known, source), off=debug_off(value)),
        settings.places("DEBUG"),
    )


def debug_off(value: Value) -> str:
    """Return what DEBUG's variable has to hold to be read as off."""
    casts = {part.cast for part in walk(value) if isinstance(part, Env)}
    if casts & {"bool", "boolean", "bool_"}:
        return "False"
    if "dynaconf" in casts:
        return "false"
    for text in ("False", "0", ""):

        def holding(env: Env, text: str = text) -> Value:
            return Known(text, env.place)

        if truth(substitute(value, holding)) is False:
            return text
    return "False"


def _boolean(known: object, source: str) -> bool | None:
    if isinstance(known, bool):
        return known
    if isinstance(known, str) and source == "env":
        return known.strip().lower() in READ_AS_ON
    return bool(known) if isinstance(known, int) else None


def read_allowed_hosts(settings: Settings) -> Reading[AllowedHosts]:
    """Return where ALLOWED_HOSTS comes from, and its value if that is certain."""
    value = settings.value("ALLOWED_HOSTS")
    if value is None:
        return Missing("ALLOWED_HOSTS in the production settings (Django's default: none)")
    source, env = source_of(value)
    known = plain_or_none(unset(likely(value) or value))
    hosts = tuple(str(host) for host in known) if isinstance(known, list | tuple) else None
    found = AllowedHosts(source=source, env=env, value=hosts)
    return Found(found, settings.places("ALLOWED_HOSTS"))


_ROLES = {
    "secret_key": "SECRET_KEY",
    "debug": "DEBUG",
    "allowed_hosts": "ALLOWED_HOSTS",
    "csrf_trusted_origins": "CSRF_TRUSTED_ORIGINS",
    "broker_url": "CELERY_BROKER_URL",
    "result_url": "CELERY_RESULT_BACKEND",
    "static_root": "STATIC_ROOT",
    "media_root": "MEDIA_ROOT",
    "default_from_email": "DEFAULT_FROM_EMAIL",
    "email_host": "EMAIL_HOST",
    "email_port": "EMAIL_PORT",
    "email_user": "EMAIL_HOST_USER",
    "email_password": "EMAIL_HOST_PASSWORD",
}
_URLS = {"cache_url": ("CACHES", "cache-url"), "email_url": ("", "email-url")}


def read_env_roles(
    settings: Settings, database: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Return which variable of the project holds what: role and name, where that is certain."""
    # A variable behind most parts of the database is a document (JSON, say), and none of them.
    named = [name for _, name in database]
    roles = {f"database_{role}": name for role, name in database if named.count(name) < 3}
    for role, setting in _ROLES.items():
        name = _single(settings.value(setting))
        if name is not None:
            roles[role] = name
    roles.update(_url_roles(settings))
    return tuple(roles.items())


def _single(value: Value | None) -> str | None:
    if value is None:
        return None
    names = own_names(likely(value) or value)
    return names[0] if len(names) == 1 else None


def _url_roles(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = {}
    cache = settings.value("CACHES")
    names = [name for name in env_of(cache) if re.search(r"URL|URI|LOCATION", name)]
    if len(names) == 1:
        found["cache_url"] = names[0]
    layers = [name for name in env_of(settings.value("CHANNEL_LAYERS")) if "URL" in name]
    if len(layers) == 1:
        found["channels_url"] = layers[0]
    for binding in settings.bindings.values():
        for part in walk(binding.value):
            url = part.parts[0] if isinstance(part, Computed) and part.parts else None
            if isinstance(url, Env) and isinstance(part, Computed) and part.how == "email-url":
                found.setdefault("email_url", url.name)
    return found
