"""Secrets, TLS and cookies; and nothing that belongs to a developer's machine."""

from deployment import project

_YEAR_S = 31_536_000
# What `check --deploy` asks for (security.W009), and get_random_secret_key() makes.
_SHORTEST_KEY = 50
_KEY = f"at least {_SHORTEST_KEY} random characters"
_DEVELOPMENT_TOOLS = ("debug_toolbar", "django_browser_reload", "livereload", "template_profiler_panel")


def secret_key(env):
    """Return SECRET_KEY: long enough, and not one that startproject wrote into a repository."""
    key = env.required_secret("secret_key", _KEY)
    if env.building and not key:
        key = "unset-while-building-" * 3
        if "secret_key" in project.READ_BY_PROJECT:
            env.variables[env.name("secret_key")] = key
    elif key and (len(key) < _SHORTEST_KEY or key.startswith("django-insecure-")):
        env.wrong("secret_key", _KEY)
    return key


def secret_key_fallbacks(env):
    """Return earlier keys, which still open what they signed, while a new one takes over."""
    keys = [key for key in env.secret("secret_key_fallbacks").split(",") if key]
    env.secrets.extend(keys)
    return keys


def transport(env, own, *, https, proxies):
    """Return what keeps the conversation private, as a dictionary of settings."""
    if https and not proxies:
        env.wrong("trusted_proxies", "1 or more while the site is https only: a proxy ends TLS", proxies)
    return {
        # Safe because the proxy in front sets this header on every request, whoever sent one.
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None,
        "SECURE_SSL_REDIRECT": https,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": https,
        "LANGUAGE_COOKIE_SECURE": https,
        **_strict_transport(env, own, https=https),
    }


def _strict_transport(env, own, *, https):
    """Return HSTS, which browsers remember: it starts at an hour, and nobody else's names join in.

    https://docs.djangoproject.com/en/stable/ref/middleware/#http-strict-transport-security
    """
    seconds = env.number("hsts_seconds", 3600, 0, 2 * _YEAR_S, "seconds") if https else 0
    subdomains = env.flag("hsts_include_subdomains", False)
    preload = env.flag("hsts_preload", False)
    if preload and (seconds < _YEAR_S or not subdomains):
        needed = f"{env.name('hsts_seconds')} of {_YEAR_S} and {env.name('hsts_include_subdomains')}=true"
        env.wrong("hsts_preload", f"false without {needed}; browsers' lists refuse the site otherwise")
    # Django's check asks for both at once; here they are steps that somebody takes.
    silenced = [] if subdomains else ["security.W005"]
    silenced += [] if preload else ["security.W021"]
    silenced += [] if https else ["security.W004", "security.W008", "security.W012", "security.W016"]
    # The project says that its own pages may frame each other: it has decided, nothing is open.
    silenced += ["security.W019"] if own.get("X_FRAME_OPTIONS") == "SAMEORIGIN" else []
    return {
        "SECURE_HSTS_SECONDS": seconds,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": subdomains,
        "SECURE_HSTS_PRELOAD": preload,
        "SILENCED_SYSTEM_CHECKS": [*own.get("SILENCED_SYSTEM_CHECKS", []), *silenced],
    }


def without_development_tools(names):
    """Return apps or middleware without the tools that show settings and queries to visitors."""
    return [name for name in names if name.split(".")[0] not in _DEVELOPMENT_TOOLS]
