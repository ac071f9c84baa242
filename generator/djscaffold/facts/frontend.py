"""Decide whether a JavaScript build must run before collectstatic, and which."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any

from djscaffold.facts.existing import deployment_texts
from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.project import Frontend
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source

_LOCKS = (
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lockb", "bun"),
    ("bun.lock", "bun"),
    ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
)
_BUILDERS = re.compile(
    r"^(vite|webpack|webpack-cli|rollup|esbuild|parcel|parcel-bundler|gulp|grunt|tailwindcss|@tailwindcss/cli"
    r"|laravel-mix|browserify|sass|node-sass|postcss-cli|less|@symfony/webpack-encore|@rsbuild/core|mjml)$"
)
_SCRIPTS = (
    "build",
    "build:prod",
    "build-prod",
    "production",
    "prod",
    "build:css",
    "css",
    "dist",
    "compile",
)
_SEPARATE = re.compile(
    r'"(next|nuxt|gatsby|@angular/core|expo|react-native|electron|@nestjs/core)"\s*:'
)
# Apps that read what such a build leaves behind.
_LOADERS = (
    "webpack_loader",
    "django_vite",
    "tailwind",
    "django_webpack_loader",
    "manifest_loader",
    "vite",
)
_SIDE = re.compile(
    r"(^|/)(tests?|e2e|docs?|examples?|fixtures|cypress|playwright|storybook|\.[\w-]+)(/|$)", re.I
)
_CONFIGURATION = re.compile(
    r"(vite|webpack|rollup|esbuild|gulpfile|postcss|bundle)[\w.-]*\.(m?[jt]s|cjs)$|package\.json$"
)
_OUTPUT = re.compile(
    r"(?:outDir|outdir|path|dir|dest|file|-o|--outdir|--output|--outfile)\W{1,30}?[\"'`]?"
    r"((?:\.{0,2}/)?[\w./-]*(?:static|dist|build|templates)[\w./-]*)"
)
_NODE_IN_IMAGE = re.compile(r"\b(npm|yarn|pnpm|bun)( run)? (\w+:)?(build|prod|compile|dist)", re.I)


def read_frontend(source: Source, settings: Settings, root: str) -> Reading[Frontend]:
    """Return the front-end build that the pages need, if there is one."""
    candidates = [
        path for path in source.named("package.json") if not _SIDE.search(posixpath.dirname(path))
    ]
    if not candidates:
        return Missing("package.json")
    judged = [(path, *_judge(source, settings, path, root)) for path in candidates]
    needed = [one for one in judged if one[1]]
    path, is_needed, build = (needed or judged)[0]
    folder = posixpath.dirname(path)
    manager = _manager(source, folder, path)
    frontend = Frontend(
        needed=bool(is_needed),
        root=folder or ".",
        package_json=path,
        manager=manager,
        build=f"{manager} run {build}" if build and is_needed and manager else None,
    )
    return Found(frontend, (Place(path, 1),))


def _content(source: Source, path: str) -> dict[str, Any]:
    try:
        content = json.loads(source.text(path) or "{}")
    except (ValueError, RecursionError):
        source.warn("not valid JSON", path, 1)
        return {}
    return content if isinstance(content, dict) else {}


def _judge(source: Source, settings: Settings, path: str, root: str) -> tuple[bool, str | None]:
    """Return whether Django needs the build of this package.json, and its script."""
    content = _content(source, path)
    scripts = content.get("scripts")
    script = next(
        (name for name in _SCRIPTS if isinstance(scripts, dict) and name in scripts), None
    )
    if script is None or _SEPARATE.search(source.text(path)):
        return False, script
    loaders = any(app.split(".")[0] in _LOADERS for app in settings.strings("INSTALLED_APPS"))
    if loaders:
        return True, script
    declared = {**_dict(content.get("dependencies")), **_dict(content.get("devDependencies"))}
    builds = any(_BUILDERS.match(str(name)) for name in declared) or bool(
        re.search(
            r"vite|webpack|rollup|esbuild|parcel|gulp|tailwind|sass|mjml",
            str(_dict(scripts).get(script)),
        )
    )
    if not builds:
        return False, script
    return _leads_to_django(source, settings, path, root), script


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _leads_to_django(source: Source, settings: Settings, path: str, root: str) -> bool:
    """Return whether the build's output is read by Django and is not in the repository already."""
    folder = posixpath.dirname(path)
    outputs = _outputs(source, folder)
    if any(_is_tracked(source, output) for output in outputs):
        return False
    if any("static" in output or "templates" in output for output in outputs):
        return True
    return _built_by_image(source, folder)


def _outputs(source: Source, folder: str) -> list[str]:
    """Return the folders that the build tools' configuration writes to."""
    configurations = [
        path
        for path in source.files
        if posixpath.dirname(path) == folder and _CONFIGURATION.match(posixpath.basename(path))
    ]
    return [
        posixpath.normpath(posixpath.join(folder, text))
        for path in sorted(configurations)
        for text in _OUTPUT.findall(source.text(path))
    ]


def _is_tracked(source: Source, output: str) -> bool:
    """Return whether what the build writes is in the repository."""
    folder = output if "." not in posixpath.basename(output) else posixpath.dirname(output)
    return any(
        path.startswith(f"{folder}/") and path.endswith((".js", ".css")) for path in source.files
    ) and posixpath.basename(folder) in ("dist", "build", "bundles", "bundle")


def _built_by_image(source: Source, folder: str) -> bool:
    for path in deployment_texts(source):
        text = source.text(path) if "ockerfile" in path else ""
        if _NODE_IN_IMAGE.search(text) and posixpath.basename(folder) in text:
            return True
    return False


def _manager(source: Source, folder: str, path: str) -> str | None:
    while True:
        prefix = f"{folder}/" if folder else ""
        for lock, manager in _LOCKS:
            if source.exists(prefix + lock):
                return manager
        if not folder:
            break
        folder = posixpath.dirname(folder)
    declared = _content(source, path).get("packageManager")
    return str(declared).partition("@")[0] if declared else "npm"
