"""Read URL configurations: paths that answer health checks, and the login form."""

from __future__ import annotations

import ast
import posixpath
import re

from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.modules import path_of_module
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source

_HEALTH = re.compile(
    r"^/?(?:[\w/-]*/)?_?_?(health|healthz|healthcheck|health-check|health_check|livez|readyz|liveness"
    r"|readiness|heartbeat|lbheartbeat|ready|alive|ping|status|up|live|healthy)_?_?(/(live|ready|liveness"
    r"|readiness|z))?/?$",
    re.I,
)
_WEAK = re.compile(r"(ping|status|up|live|ready|alive)/?$", re.I)
_HEALTH_NAME = re.compile(
    r"health|heartbeat|liveness|readiness|status_view|^status$|hc_|lbcheck", re.I
)
MAX_FILES = 120


def read_health_paths(
    source: Source,
    folders: list[str],
    settings: Settings,
    dependencies: Dependencies,
    asgi: str | None,
) -> Reading[tuple[str, ...]]:
    """Return the URL paths that already answer health checks."""
    found: dict[str, Place] = {}
    for path, place, view in _patterns(source, folders, settings.text("ROOT_URLCONF"), "/", set()):
        if _is_health(path, view):
            found.setdefault(path, place)
    for route, place in _middleware(source, settings):
        found.setdefault(route, place)
    if not found and asgi is not None:
        for route, place in _wrapped(source, folders, asgi):
            found.setdefault(route, place)
    if not found:
        return Missing(
            "a URL such as /health/ in the URL configuration, dockerflow, django-health-check"
        )
    return Found(tuple(found), tuple(found.values()))


def _is_health(path: str, view: str) -> bool:
    if "<" in path or not _HEALTH.match(path):
        return False
    return not _WEAK.search(path) or bool(_HEALTH_NAME.search(view)) or "ealth" in path


def _patterns(
    source: Source,
    folders: list[str],
    module: str | None,
    prefix: str,
    seen: set[tuple[str, str]],
) -> list[tuple[str, Place, str]]:
    """Return all routes: path, place and the view's text; includes are followed."""
    path = path_of_module(source, folders, module) if module else None
    if path is None or (path, prefix) in seen or len(seen) > MAX_FILES:
        return []
    seen.add((path, prefix))
    found = []
    tree = source.tree(path)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _name(node.func) not in ("path", "re_path", "url"):
            continue
        route = _text(node.args[0]) if node.args else None
        if route is None or len(node.args) < 2:
            continue
        full = _join(prefix, _clean(route))
        view = node.args[1]
        if isinstance(view, ast.Call) and _name(view.func) == "include" and view.args:
            included = _text(view.args[0])
            inner = (
                view.args[0].elts[0]
                if isinstance(view.args[0], ast.Tuple) and view.args[0].elts
                else None
            )
            included = included or (_text(inner) if inner is not None else None)
            if included:
                found += _patterns(source, folders, included, full, seen)
                if included.startswith("health_check"):
                    found.append((full, Place(path, node.lineno), "health_check"))
        else:
            found.append((full, Place(path, node.lineno), ast.unparse(view)))
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _clean(route: str) -> str:
    """Return a regular expression as the plain path that it mostly is."""
    return re.sub(r"/\?\$?$", "/", route.lstrip("^")).rstrip("$").replace("\\", "")


def _join(prefix: str, route: str) -> str:
    return "/" + posixpath.join(prefix, route.lstrip("/")).lstrip("/")


def _middleware(source: Source, settings: Settings) -> list[tuple[str, Place]]:
    """Return the paths that dockerflow or the project's own health middleware answers."""
    found = []
    for text, value in settings.items("MIDDLEWARE"):
        if text.startswith("dockerflow."):
            found += [("/__heartbeat__", value.place), ("/__lbheartbeat__", value.place)]
        elif "ealth" in text:
            path = path_of_module(source, settings.evaluation.folders, text.rpartition(".")[0])
            found += _literals(source, path) if path else []
    return found


def _literals(source: Source, path: str) -> list[tuple[str, Place]]:
    """Return the health paths that a file compares with."""
    return [
        (node.value, Place(path, node.lineno))
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("/")
        and _HEALTH.match(node.value)
        and "ealth" in node.value
    ]


def _wrapped(source: Source, folders: list[str], asgi: str) -> list[tuple[str, Place]]:
    """Return the paths that a wrapper around the ASGI application answers."""
    path = path_of_module(source, folders, asgi.partition(":")[0])
    if path is None:
        return []
    found = _literals(source, path)
    for node in source.tree(path).body:
        if isinstance(node, ast.ImportFrom) and node.module and "health" in node.module:
            inner = posixpath.join(posixpath.dirname(path), f"{node.module.split('.')[-1]}.py")
            found += _literals(source, inner) if source.exists(inner) else []
    return found


def read_login_path(source: Source, folders: list[str], settings: Settings) -> Reading[str]:
    """Return the path of the login form."""
    url = settings.text("LOGIN_URL")
    if url and url.startswith("/"):
        return Found(url, settings.places("LOGIN_URL"))
    for path, place, view in _patterns(source, folders, settings.text("ROOT_URLCONF"), "/", set()):
        if view.startswith("admin.site") or view.endswith("admin.site.urls"):
            return Found(_join(path, "login/"), (place,))
    return Missing("LOGIN_URL, or admin.site.urls in the URL configuration")
