"""Host names and origins that the site answers to."""

from __future__ import annotations

from djscaffold.findings.model import ERROR, NOTE, WARNING, Facts, Finding, places_of, value_of

_LOCAL = ("localhost", "127.", "0.0.0.0", "[::1]", "::1", "testserver")


def allowed_hosts_empty(facts: Facts) -> Finding | None:
    """Find ALLOWED_HOSTS without a host."""
    if not facts.was_read:
        return None
    hosts = value_of(facts.project.allowed_hosts)
    if hosts is not None and (hosts.source != "literal" or hosts.value != ()):
        return None
    return Finding(
        id="allowed-hosts-empty",
        severity=ERROR,
        message="ALLOWED_HOSTS is empty: with DEBUG off every request is answered with 400.",
        evidence=facts.where("ALLOWED_HOSTS"),
        fix="Name the host names of the site.",
        handled=True,
    )


def allowed_hosts_any(facts: Facts) -> Finding | None:
    """Find ALLOWED_HOSTS = ["*"]."""
    hosts = value_of(facts.project.allowed_hosts)
    if hosts is None or not hosts.value or "*" not in hosts.value:
        return None
    return Finding(
        id="allowed-hosts-any",
        severity=ERROR if hosts.source == "literal" else WARNING,
        message='ALLOWED_HOSTS holds "*": anybody can put their own host name into the links of '
        "password-reset mails.",
        evidence=facts.where("ALLOWED_HOSTS"),
        fix="Name the host names of the site; health checks need no star, they are answered first.",
        handled=True,
    )


def allowed_hosts_local(facts: Facts) -> Finding | None:
    """Find ALLOWED_HOSTS that names this machine alone."""
    hosts = value_of(facts.project.allowed_hosts)
    if hosts is None or hosts.source != "literal" or not hosts.value:
        return None
    if any(not host.startswith(_LOCAL) and "." in host.strip(".") for host in hosts.value):
        return None
    if "*" in hosts.value:
        return None
    return Finding(
        id="allowed-hosts-local",
        severity=ERROR,
        message="ALLOWED_HOSTS names no public host: with DEBUG off the site answers 400.",
        evidence=facts.where("ALLOWED_HOSTS"),
        fix="Name the host names of the site.",
        handled=True,
    )


def csrf_origin_without_scheme(facts: Facts) -> Finding | None:
    """Find CSRF_TRUSTED_ORIGINS written as before Django 4."""
    origins = facts.value("CSRF_TRUSTED_ORIGINS")
    entries = [one for one in origins if isinstance(one, str)] if isinstance(origins, list) else []
    wrong = [one for one in entries if one and "://" not in one]
    if not wrong:
        return None
    return Finding(
        id="csrf-origin-without-scheme",
        severity=ERROR,
        message=f"CSRF_TRUSTED_ORIGINS needs a scheme since Django 4.0; {wrong[0]} is refused at "
        "the start (check 4_0.E001).",
        evidence=facts.where("CSRF_TRUSTED_ORIGINS"),
        fix=f"Write https://{wrong[0].lstrip('.')}.",
        handled=True,
    )


def csrf_origin_not_https(facts: Facts) -> Finding | None:
    """Find trusted origins over plain HTTP."""
    origins = facts.value("CSRF_TRUSTED_ORIGINS")
    entries = [one for one in origins if isinstance(one, str)] if isinstance(origins, list) else []
    plain = [one for one in entries if one.startswith("http://")]
    if not plain or facts.is_from_env("CSRF_TRUSTED_ORIGINS"):
        return None
    return Finding(
        id="csrf-origin-not-https",
        severity=WARNING,
        message=f"CSRF_TRUSTED_ORIGINS trusts {plain[0]}: forms sent over HTTPS are refused, and "
        "who can change plain HTTP can send forms.",
        evidence=facts.where("CSRF_TRUSTED_ORIGINS"),
        fix="Name the https:// origin of the site.",
        handled=True,
    )


def cors_any(facts: Facts) -> Finding | None:
    """Find CORS open to everybody together with cookies."""
    anyone = facts.value("CORS_ALLOW_ALL_ORIGINS") or facts.value("CORS_ORIGIN_ALLOW_ALL")
    if anyone is not True:
        return None
    credentials = facts.value("CORS_ALLOW_CREDENTIALS") is True
    return Finding(
        id="cors-any-origin",
        severity=ERROR if credentials else WARNING,
        message="Every website may read the API's answers"
        + (" with the visitor's own cookies." if credentials else "."),
        evidence=facts.where("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"),
        fix="Name the origins in CORS_ALLOWED_ORIGINS.",
    )


def asgi_only(facts: Facts) -> Finding | None:
    """Say that the site has to run under ASGI."""
    if value_of(facts.project.needs_asgi) is not True:
        return None
    return Finding(
        id="needs-asgi",
        severity=NOTE,
        message="Something here only works under ASGI: a WSGI server would answer it with errors.",
        evidence=places_of(facts.project.needs_asgi),
        fix="Serve the ASGI application (uvicorn workers).",
        handled=True,
    )


RULES = (
    allowed_hosts_empty,
    allowed_hosts_any,
    allowed_hosts_local,
    csrf_origin_without_scheme,
    csrf_origin_not_https,
    cors_any,
    asgi_only,
)
