"""Outgoing mail, from one address."""

from urllib.parse import parse_qsl, unquote, urlsplit

from deployment import project

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_FOR_DEVELOPMENT = tuple(
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "filebased", "locmem", "dummy")
)
_EXPECTED = (
    "smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 or smtp://localhost:25?tls=no; "
    "write @ / # % in the password as %40 %2F %23 %25"
)
# nginx and balancers give up after 60 s; a silent mail server must not hold a request that long.
_TIMEOUT_S = 15


def mail(env, own):
    """Return the settings of outgoing mail that replace the project's, as a dictionary."""
    changed = _senders(env, own)
    if "email_url" in project.READ_BY_PROJECT:
        return changed
    url = env.secret("email_url")
    if url:
        changed.update(_server(env, url, modern="MAILERS" in own))
    elif own.get("EMAIL_BACKEND") in _FOR_DEVELOPMENT:
        # Mail on the console puts links that reset a password into the log. Without a server
        # of its own the site tries localhost, and a failure is seen.
        changed["EMAIL_BACKEND"] = _SMTP
    return changed


def _senders(env, own):
    """Return the addresses mail comes from, if they are still Django's for development."""
    given = env.text("default_from_email")
    if given and "@" not in given:
        env.wrong("default_from_email", "an address such as Shop <shop@example.org>", given)
    site = f"webmaster@{project.DOMAINS[0]}" if project.DOMAINS else ""
    senders = {}
    for name in ("DEFAULT_FROM_EMAIL", "SERVER_EMAIL"):
        current = own.get(name) or ""
        if given and (name == "DEFAULT_FROM_EMAIL" or not current):
            senders[name] = given
        elif site and (not current or current.endswith("@localhost")):
            senders[name] = site
    return senders


def _server(env, url, *, modern):
    """Return the mail server's settings; *modern* projects use MAILERS, of Django 6.1."""
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError:
        env.wrong("email_url", _EXPECTED)
        return {}
    tls = dict(parse_qsl(address.query)).get("tls", "yes")
    if address.scheme not in ("smtp", "smtps") or not address.hostname or address.fragment or tls not in ("yes", "no"):
        env.wrong("email_url", _EXPECTED)
        return {}
    implicit = address.scheme == "smtps"
    options = {
        "host": address.hostname,
        "port": port or (465 if implicit else 587),
        "username": unquote(address.username or ""),
        "password": unquote(address.password or ""),
        "use_tls": not implicit and tls == "yes",
        "use_ssl": implicit,
        "timeout": _TIMEOUT_S,
    }
    if modern:
        return {"MAILERS": {"default": {"BACKEND": _SMTP, "OPTIONS": options}}}
    names = {"username": "HOST_USER", "password": "HOST_PASSWORD"}
    settings = {f"EMAIL_{names.get(key, key.upper())}": value for key, value in options.items()}
    return {"EMAIL_BACKEND": _SMTP, **settings}
