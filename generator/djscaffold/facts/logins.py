"""Find the forms and endpoints that take a password: what the web server must slow down."""

from __future__ import annotations

import re
from collections.abc import Iterator

from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source
from djscaffold.facts.urls import Route, routes_of

# Views that take a password themselves, and URL configurations with the path of theirs inside.
_VIEW = re.compile(r"\b(LoginView|TokenObtain\w*View|obtain_auth_token|ObtainAuthToken)\b")
_INCLUDED = (
    (re.compile(r"site\.urls$"), "login/"),
    (re.compile(r"^include\(.*\b(allauth(\.account)?|django\.contrib\.auth)\.urls\b"), "login/"),
    (re.compile(r"^include\(.*\b(dj_rest_auth|rest_auth|rest_framework)\.urls\b"), "login/"),
    (re.compile(r"^include\(.*\bwagtail(\.admin\.|admin_)urls\b"), "login/"),
    (re.compile(r"^include\(.*\bdjoser\.urls\.authtoken\b"), "token/login/"),
    (re.compile(r"^include\(.*\bdjoser\.urls\.jwt\b"), "jwt/create/"),
)
# What nginx can be told in one `location =`: a route with arguments has many paths.
_PLAIN = re.compile(r"^/[\w/.~-]*$", re.ASCII)


def read_login_paths(
    source: Source, folders: list[str], settings: Settings
) -> Reading[tuple[str, ...]]:
    """Return every path that takes a password, LOGIN_URL first."""
    routes = routes_of(source, folders, settings.text("ROOT_URLCONF"))
    found: dict[str, Place] = {}
    for path, place in (*_login_url(settings, routes), *_of_routes(routes)):
        if _PLAIN.match(path):
            found.setdefault(path, place)
    if not found:
        return Missing("LOGIN_URL, or admin.site.urls in the URL configuration")
    return Found(tuple(found), tuple(dict.fromkeys(found.values())))


def _login_url(settings: Settings, routes: list[Route]) -> Iterator[tuple[str, Place]]:
    """Yield LOGIN_URL: a path, or the name of a route."""
    url = settings.text("LOGIN_URL") or ""
    if url.startswith("/"):
        yield url, settings.places("LOGIN_URL")[0]
    elif url:
        name = url.rpartition(":")[2]
        yield from ((route.path, route.place) for route in routes if route.name == name)


def _of_routes(routes: list[Route]) -> Iterator[tuple[str, Place]]:
    for route in routes:
        if _VIEW.search(route.view):
            yield route.path, route.place
        for view, inner in _INCLUDED:
            if view.search(route.view):
                yield f"{route.path.rstrip('/')}/{inner}", route.place
