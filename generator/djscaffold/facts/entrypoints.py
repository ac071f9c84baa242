"""Find manage.py, the settings it names, and the callables that an application server imports."""

from __future__ import annotations

import ast
import posixpath
import re

from djscaffold.facts.model import Ambiguous, Found, Missing, Place, Reading
from djscaffold.facts.modules import path_of_module
from djscaffold.facts.source import Source

_SIDE = re.compile(
    r"(^|/)(tests?|testing|testproject|test_project|examples?|demos?|sandbox|docs?|samples?"
    r"|fixtures|templates?|benchmarks?|vendor|vendored|third_party|tutorials?|\{\{.*|.*_template"
    r"|project_template|playground|scripts|tools)(/|$)",
    re.IGNORECASE,
)
_VARIABLE = "DJANGO_SETTINGS_MODULE"


def is_side_tree(path: str) -> bool:
    """Return whether *path* lies in tests, examples or vendored code rather than the project."""
    return bool(_SIDE.search(posixpath.dirname(path)))


def manage_candidates(source: Source) -> list[str]:
    """Return the manage.py files of Django projects, the ones of tests and examples last."""
    found = [path for path in source.named("manage.py") if _is_django(source.text(path))]
    real = [path for path in found if not is_side_tree(path)]
    return real or found


def _is_django(text: str) -> bool:
    return "django" in text.lower() and (
        "execute_from_command_line" in text or _VARIABLE in text or "ManagementUtility" in text
    )


def read_manage_py(source: Source, project_root: str | None) -> Reading[str]:
    """Return the manage.py of the project."""
    found = manage_candidates(source)
    if project_root is not None:
        wanted = posixpath.normpath(posixpath.join(project_root, "manage.py"))
        found = [path for path in source.named("manage.py") if path == wanted]
    if not found:
        return Missing("a manage.py that starts Django")
    at_root = [path for path in found if "/" not in path]
    if len(found) == 1 or at_root:
        path = (at_root or found)[0]
        return Found(path, (_main_place(source, path),))
    return Ambiguous(
        tuple(Found(path, (_main_place(source, path),)) for path in found),
        f"{len(found)} folders hold a manage.py: which project is to be deployed?",
    )


def _main_place(source: Source, path: str) -> Place:
    named = settings_assigned(source, path)
    return named[0][1] if named else Place(path, 1)


def settings_assigned(
    source: Source, path: str, variable: str = _VARIABLE
) -> list[tuple[str | None, Place, bool]]:
    """Return what a file sets the variable to: module (None if not literal), place, forced.

    ``forced`` is true for ``os.environ["..."] = ...``, which no environment can override.
    """
    if variable not in source.text(path):
        return []
    found: list[tuple[str | None, Place, bool]] = []
    for node in ast.walk(source.tree(path)):
        match node:
            case ast.Call(args=[ast.Constant(value=name), value, *_]) if name == variable:
                if _last_name(node.func) == "setdefault":
                    found.append((_literal(value), Place(path, node.lineno), False))
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=name))]):
                if name == variable:
                    found.append((_literal(node.value), Place(path, node.lineno), True))
    return found


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def read_default_settings(source: Source, manage: Reading[str]) -> Reading[str]:
    """Return the settings module that manage.py names."""
    if not isinstance(manage, Found):
        return Missing("manage.py")
    named = settings_assigned(source, manage.value)
    values = {module: place for module, place, _ in reversed(named) if module}
    if len(values) > 1:
        candidates = tuple(Found(module, (place,)) for module, place in values.items())
        return Ambiguous(candidates, f"{manage.value} names {len(values)} settings modules: which?")
    if values:
        module, place = next(iter(values.items()))
        return Found(module, (place,))
    if named:
        return Ambiguous((), f"{manage.value} computes {_VARIABLE}: which module is it?")
    return Missing(f"{_VARIABLE} in {manage.value}")


def read_project_root(source: Source, manage: Reading[str]) -> Reading[str]:
    """Return the folder that holds manage.py, or else the one that Django's modules are in."""
    match manage:
        case Found():
            return Found(posixpath.dirname(manage.value) or ".", manage.evidence)
        case Ambiguous():
            roots = tuple(
                Found(posixpath.dirname(one.value) or ".", one.evidence)
                for one in manage.candidates
            )
            return Ambiguous(roots, manage.question)
    return _root_of_package(source)


def _root_of_package(source: Source) -> Reading[str]:
    """Return where the package with wsgi.py, asgi.py or settings starts, if there is one."""
    roots: dict[str, Place] = {}
    for name in ("wsgi.py", "asgi.py", "settings.py"):
        for path in source.named(name):
            if is_side_tree(path) or "django" not in source.text(path).lower():
                continue
            folder = posixpath.dirname(path)
            while folder and source.exists(f"{folder}/__init__.py"):
                folder = posixpath.dirname(folder)
            roots.setdefault(folder or ".", Place(path, 1))
        if roots:
            break
    found = tuple(Found(root, (place,)) for root, place in roots.items())
    if len(found) == 1:
        return found[0]
    if found:
        return Ambiguous(found, "No manage.py: which folder holds the project?")
    return Missing("manage.py, wsgi.py, asgi.py or settings.py of a Django project")


def dotted_of(path: str, root: str) -> str:
    """Return the module that *path* is, seen from *root*: ``shop/wsgi.py`` is ``shop.wsgi``."""
    relative = path if root == "." else path.removeprefix(f"{root}/")
    stem = relative.removesuffix(".py").removesuffix("/__init__")
    return stem.replace("/", ".")


def callable_files(source: Source, root: str, kind: str) -> list[str]:
    """Return the files below *root* that define ``application``: wsgi.py, wsgi/x.py, ..."""
    prefix = "" if root == "." else f"{root}/"
    pattern = re.compile(rf"^{re.escape(prefix)}(?:[\w-]+/)*{kind}(?:\.py|/[\w-]+\.py)$")
    found = [
        path
        for path in source.files
        if kind in path and pattern.match(path) and not is_side_tree(path)
    ]
    return sorted(
        (path for path in found if application_line(source, path)),
        key=lambda path: (path.count("/"), path),
    )


def application_line(source: Source, path: str) -> int | None:
    """Return the line that binds ``application``, or None."""
    if "application" not in source.text(path):
        return None
    line = None
    for node in source.tree(path).body:
        if any("application" in names for names in _bound(node)):
            line = node.lineno
    return line


def _bound(node: ast.stmt) -> list[list[str]]:
    match node:
        case ast.Assign():
            return [[t.id for t in node.targets if isinstance(t, ast.Name)]]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [[name]]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [[name]]
        case ast.ImportFrom() | ast.Import():
            return [[alias.asname or alias.name for alias in node.names]]
        case ast.If() | ast.Try():
            return [names for inner in node.body for names in _bound(inner)]
    return []


def split_callable(dotted: str) -> str:
    """Return ``shop.wsgi.application`` as application servers spell it."""
    if ":" in dotted:
        return dotted
    module, _, name = dotted.rpartition(".")
    return f"{module}:{name}"


def module_of_callable(source: Source, folders: list[str], dotted: str) -> str | None:
    """Return the file of ``shop.wsgi.application``, or None if the project has none."""
    module = split_callable(dotted).partition(":")[0]
    return path_of_module(source, folders, module) if module else None
