"""HTTPS, cookies and the headers that browsers obey."""

from __future__ import annotations

from djscaffold.findings.model import NOTE, WARNING, Facts, Finding

# https://hstspreload.org asks for a year at least.
PRELOAD_SECONDS = 31_536_000


def _missing(facts: Facts, name: str) -> bool:
    """Return whether a switch is off, and no variable can turn it on."""
    return facts.was_read and not facts.is_from_env(name) and not facts.value(name)


def ssl_redirect_off(facts: Facts) -> Finding | None:
    """Find a site that answers over plain HTTP."""
    if not _missing(facts, "SECURE_SSL_REDIRECT"):
        return None
    return Finding(
        id="ssl-redirect-off",
        severity=NOTE,
        message="SECURE_SSL_REDIRECT is off: Django answers plain HTTP if the proxy lets it "
        "through.",
        evidence=facts.where("SECURE_SSL_REDIRECT"),
        fix="Redirect at the proxy, or set it together with SECURE_PROXY_SSL_HEADER.",
        handled=True,
    )


def session_cookie_insecure(facts: Facts) -> Finding | None:
    """Find session cookies that travel over plain HTTP."""
    if not _missing(facts, "SESSION_COOKIE_SECURE"):
        return None
    return Finding(
        id="session-cookie-insecure",
        severity=WARNING,
        message="SESSION_COOKIE_SECURE is off: one plain request gives the session away.",
        evidence=facts.where("SESSION_COOKIE_SECURE"),
        fix="SESSION_COOKIE_SECURE = True",
        handled=True,
    )


def csrf_cookie_insecure(facts: Facts) -> Finding | None:
    """Find CSRF cookies that travel over plain HTTP."""
    if not _missing(facts, "CSRF_COOKIE_SECURE") or facts.value("CSRF_USE_SESSIONS"):
        return None
    return Finding(
        id="csrf-cookie-insecure",
        severity=WARNING,
        message="CSRF_COOKIE_SECURE is off: the token travels over plain HTTP.",
        evidence=facts.where("CSRF_COOKIE_SECURE"),
        fix="CSRF_COOKIE_SECURE = True",
        handled=True,
    )


def hsts_off(facts: Facts) -> Finding | None:
    """Find a site that browsers may be talked into visiting over plain HTTP."""
    if not _missing(facts, "SECURE_HSTS_SECONDS"):
        return None
    return Finding(
        id="hsts-off",
        severity=NOTE,
        message="SECURE_HSTS_SECONDS is not set: a browser can be led to the site over plain HTTP.",
        evidence=facts.where("SECURE_HSTS_SECONDS"),
        fix="Begin with an hour, and raise it once HTTPS has proved itself.",
        handled=True,
    )


def hsts_preload_short(facts: Facts) -> Finding | None:
    """Find HSTS preload with a duration that no list accepts; Django checks neither."""
    seconds = facts.value("SECURE_HSTS_SECONDS")
    if not facts.value("SECURE_HSTS_PRELOAD") or not isinstance(seconds, int):
        return None
    whole = bool(facts.value("SECURE_HSTS_INCLUDE_SUBDOMAINS"))
    if seconds >= PRELOAD_SECONDS and whole:
        return None
    return Finding(
        id="hsts-preload-without-effect",
        severity=WARNING,
        message=f"SECURE_HSTS_PRELOAD asks for a place in the browsers' lists, which want "
        f"{PRELOAD_SECONDS} seconds and all subdomains; here it is {seconds}"
        f"{'' if whole else ' without subdomains'}.",
        evidence=facts.where("SECURE_HSTS_PRELOAD", "SECURE_HSTS_SECONDS"),
        fix="Take preload out until the long duration is meant: it cannot be undone for months.",
    )


def hsts_preload(facts: Facts) -> Finding | None:
    """Find HSTS preload in earnest: a decision that binds every subdomain for months."""
    seconds = facts.value("SECURE_HSTS_SECONDS")
    if not facts.value("SECURE_HSTS_PRELOAD") or not isinstance(seconds, int):
        return None
    if seconds < PRELOAD_SECONDS or not facts.value("SECURE_HSTS_INCLUDE_SUBDOMAINS"):
        return None
    return Finding(
        id="hsts-preload",
        severity=NOTE,
        message="HSTS preload with all subdomains: every host under the domain must speak HTTPS, "
        "and leaving the list takes months.",
        evidence=facts.where("SECURE_HSTS_PRELOAD"),
        fix="Keep it only if every subdomain, internal ones too, has a certificate.",
    )


def proxy_header_trusted(facts: Facts) -> Finding | None:
    """Find a trusted header that a client can send where no proxy overwrites it."""
    header = facts.value("SECURE_PROXY_SSL_HEADER")
    if not isinstance(header, list) or len(header) != 2:
        return None
    return Finding(
        id="proxy-header-trusted",
        severity=NOTE,
        message=f"{header[0]} decides whether a request counts as HTTPS: the proxy must overwrite "
        "what a client sends.",
        evidence=facts.where("SECURE_PROXY_SSL_HEADER"),
        fix="Have the proxy set the header itself, and let nothing else reach the application.",
        handled=True,
    )


def security_middleware_missing(facts: Facts) -> Finding | None:
    """Find settings without the middleware that all SECURE_ settings need."""
    name = "django.middleware.security.SecurityMiddleware"
    if not facts.project.middleware or name in facts.project.middleware:
        return None
    return Finding(
        id="security-middleware-missing",
        severity=WARNING,
        message="SecurityMiddleware is not installed: no SECURE_ setting has any effect.",
        evidence=facts.where("MIDDLEWARE"),
        fix=f"Put {name} first in MIDDLEWARE.",
    )


def csrf_middleware_missing(facts: Facts) -> Finding | None:
    """Find a site with sessions and without CSRF protection."""
    listed = facts.project.middleware
    sessions = any("SessionMiddleware" in one for one in listed)
    if not sessions or any("Csrf" in one or "csrf" in one for one in listed):
        return None
    return Finding(
        id="csrf-middleware-missing",
        severity=WARNING,
        message="CsrfViewMiddleware is not installed: other sites can send forms in a "
        "visitor's name.",
        evidence=facts.where("MIDDLEWARE"),
        fix="Add django.middleware.csrf.CsrfViewMiddleware after the session middleware.",
    )


RULES = (
    ssl_redirect_off,
    session_cookie_insecure,
    csrf_cookie_insecure,
    hsts_off,
    hsts_preload_short,
    hsts_preload,
    proxy_header_trusted,
    security_middleware_missing,
    csrf_middleware_missing,
)
