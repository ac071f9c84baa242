"""Read URL configurations: their routes, and the paths that answer health checks."""

from __future__ import annotations

import ast
import posixpath
import re
from dataclasses import dataclass

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
    probed = _probed(source)
    for route in routes_of(source, folders, settings.text("ROOT_URLCONF")):
        asked = _WEAK.search(route.path) and route.path.rstrip("/") in probed
        if asked or _is_health(route.path, route.view):
            found.setdefault(route.path, route.place)
    for path, place in _middleware(source, settings):
        found.setdefault(path, place)
    if not found and asgi is not None:
        for path, place in _wrapped(source, folders, asgi):
            found.setdefault(path, place)
    if not found:
        return Missing(
            "a URL such as /health/ in the URL configuration, dockerflow, django-health-check"
        )
    return Found(tuple(found), tuple(found.values()))


def _probed(source: Source) -> set[str]:
    """Return the paths that the project's own image asks for, to see whether it is healthy."""
    found: set[str] = set()
    for path in source.files:
        if re.search(r"(^|/)(docker|deploy|deployment)/[^/]+\.(py|sh)$|ockerfile[^/]*$", path):
            for match in re.finditer(r"https?://[^/\s\"']+(/[\w/-]+)", source.text(path)):
                found.add(match.group(1).rstrip("/"))
    return found


def _is_health(path: str, view: str) -> bool:
    if "<" in path or not _HEALTH.match(path):
        return False
    return not _WEAK.search(path) or bool(_HEALTH_NAME.search(view)) or "ealth" in path


@dataclass(frozen=True, slots=True)
class Route:
    """A path that the site answers, where it is declared, the view's text and the route's name."""

    path: str
    place: Place
    view: str
    name: str | None = None


def routes_of(source: Source, folders: list[str], module: str | None) -> list[Route]:
    """Return all routes of a URL configuration; includes are followed."""
    key = f"routes of {module}"
    if key not in source.memory:
        source.memory[key] = _Routes(source, folders).of_module(module, "/")
    found: list[Route] = source.memory[key]
    return found


class _Routes:
    """One walk through URL configurations."""

    def __init__(self, source: Source, folders: list[str]) -> None:
        self.source, self.folders = source, folders
        self.seen: set[tuple[str, str]] = set()

    def of_module(self, module: str | None, prefix: str) -> list[Route]:
        """Return the routes of a module's ``urlpatterns``."""
        path = path_of_module(self.source, self.folders, module) if module else None
        if path is None or (path, prefix) in self.seen or len(self.seen) > MAX_FILES:
            return []
        self.seen.add((path, prefix))
        lists = _lists(self.source.tree(path))
        return self.of_list("urlpatterns", lists, path, prefix, 0)

    def of_list(
        self, name: str, lists: dict[str, list[ast.expr]], path: str, prefix: str, depth: int
    ) -> list[Route]:
        """Return the routes of one list of a module."""
        found: list[Route] = []
        for node in lists.get(name, []):
            for call in _calls(node):
                found += self.of_call(call, lists, path, prefix, depth)
        return found

    def of_call(
        self,
        call: ast.Call,
        lists: dict[str, list[ast.expr]],
        path: str,
        prefix: str,
        depth: int,
    ) -> list[Route]:
        """Return the routes of one ``path(...)``."""
        route = _route(call.args[0]) if len(call.args) > 1 else None
        if route is None and len(call.args) > 1 and "include" in ast.unparse(call.args[1]):
            # A prefix that is computed is usually the empty one of a site at the top of its host.
            route = ""
        if route is None or depth > 10:
            return []
        full = _join(prefix, _clean(route))
        view = call.args[1]
        names = (_text(one.value) for one in call.keywords if one.arg == "name")
        plain = Route(full, Place(path, call.lineno), ast.unparse(view), next(names, None))
        if not isinstance(view, ast.Call) or _name(view.func) != "include" or not view.args:
            return [plain]
        target = view.args[0]
        if isinstance(target, ast.Tuple) and target.elts:
            target = target.elts[0]
        module = _text(target)
        if isinstance(target, ast.Name) and target.id in lists:
            # A list may include itself: `urlpatterns = [path(prefix, include(urlpatterns))]`.
            others = {name: nodes for name, nodes in lists.items() if name != target.id}
            inner = {**others, "urlpatterns": lists[target.id]} if depth < 2 else {}
            return self.of_list("urlpatterns", inner, path, full, depth + 1)
        if module is None or path_of_module(self.source, self.folders, module) is None:
            # A package's: who knows what it answers looks at its name.
            return [plain]
        return self.of_module(module, full)


def _lists(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Return what is assigned or added to each name of a module."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name), *_], value=value):
                found.setdefault(name, []).append(value)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                found.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                found.setdefault(name, []).append(value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=[value, *_]):
                found.setdefault(name, []).append(value)
    return found


def _calls(node: ast.expr) -> list[ast.Call]:
    """Return the ``path(...)`` calls of a list, in order, without those inside one another."""
    if isinstance(node, ast.Call):
        if _name(node.func) in ("path", "re_path", "url"):
            return [node]
        return [call for argument in node.args for call in _calls(argument)]
    children = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
    return [call for child in children for call in _calls(child)]


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _route(node: ast.expr) -> str | None:
    """Return the text of a route; a part that is computed is usually an empty prefix."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "" for part in node.values)
    return _text(node)


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
