"""Who may ask, and whose forms are accepted."""

from urllib.parse import urlsplit

import django

from deployment import project

_LOCAL = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")


def allowed_hosts(env):
    """Return ALLOWED_HOSTS: the site's domains, and what the environment adds. Never `*`."""
    hosts = list(dict.fromkeys([*project.DOMAINS, *env.hosts("allowed_hosts")]))
    if not hosts:
        env.problems.append(f"{env.name('allowed_hosts')} is not set, and the site has no domain")
    return hosts


def trusted_origins(env, hosts, own, *, https):
    """Return CSRF_TRUSTED_ORIGINS: every host, the environment's, and the project's real ones."""
    scheme = "https" if https else "http"
    origins = [f"{scheme}://{'*' if host.startswith('.') else ''}{host}" for host in hosts]
    origins += env.origins("csrf_trusted_origins")
    origins += [origin for origin in own if _is_public(origin)]
    if django.VERSION < (4, 0):
        # https://docs.djangoproject.com/en/4.0/releases/4.0/#csrf-trusted-origins-changes
        origins = [origin.split("://")[-1].replace("*.", ".", 1) for origin in origins]
    return list(dict.fromkeys(origins))


def _is_public(origin):
    """Say whether an origin of the project is more than a developer's machine."""
    if "://" not in origin:
        return django.VERSION < (4, 0) and origin not in _LOCAL
    parts = urlsplit(origin)
    return parts.scheme == "https" and (parts.hostname or "") not in ("localhost", "127.0.0.1", "::1")
