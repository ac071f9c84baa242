"""The direct renderer writes what copier writes: paths, bytes, modes, answers file."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Any

import copier
import pytest
from copier import run_copy

import djscaffold
from djscaffold.errors import InvalidAnswer
from djscaffold.plan.model import PLATFORMS
from djscaffold.render.direct import RenderedFile, render_files
from djscaffold.render.source import Origin

ROOT = Path(__file__).parent.parent.parent

PROFILES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "everything": {
        "project_slug": "my-shop",
        "domain": "shop.example.org",
        "domain_aliases": ["www.shop.example.org", "shop.example.com"],
        "project_root": "backend",
        "settings_module": "config.settings.production",
        "configuration_class": "Production",
        "asgi_application": "config.asgi:application",
        "needs_asgi": True,
        "dependency_manager": "poetry",
        "dependency_files": ["pyproject.toml", "poetry.lock"],
        "dependency_extras": ["postgres"],
        "dependency_groups": ["prod"],
        "has_lock_file": True,
        "has_project_table": False,
        "needs_git_to_install": True,
        "missing_packages": ["gunicorn==23.0.0", "uvicorn[standard]==0.34.0"],
        "build_packages": ["libpq-dev"],
        "run_packages": ["libpq5", "gettext"],
        "database_engine": "postgis",
        "env_names": {"secret_key": "DJANGO_SECRET", "database_url": "DB_URL"},
        "env_vars": [
            {"name": "STRIPE_KEY", "required": True, "default": None, "where": "shop/s.py:3"},
            {"name": "GRUSS", "required": False, "default": 'grüß "dich"', "where": "s.py:9"},
        ],
        "task_library": "celery",
        "task_app": "config.celery",
        "task_queues": ["mail", "slow"],
        "task_broker": "redis",
        "uses_beat": True,
        "beat_scheduler": "django_celery_beat.schedulers:DatabaseScheduler",
        "needs_redis": True,
        "uses_channels": True,
        "has_static_root": True,
        "serves_media": True,
        "frontend_root": "frontend",
        "frontend_manager": "pnpm",
        "frontend_build": "build",
        "periodic_commands": [
            {"name": "sessions", "command": "clearsessions", "schedule": "daily"}
        ],
        "ci": "github",
        "ci_recipes": ["github-check", "github-update", "gitlab-update", "renovate"],
    },
    "small": {
        "database_engine": "sqlite",
        "dependency_manager": "uv",
        "has_lock_file": True,
        "uses_whitenoise": True,
        "ci": "gitlab",
    },
    "mysql-rq": {
        "database_engine": "mysql",
        "task_library": "rq",
        "task_broker": "redis",
        "needs_redis": True,
        "serves_media": True,
        "keep_files": ["deploy/README.md"],
    },
}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("profile", PROFILES)
def test_rendering_in_memory_equals_copier(
    tmp_path: Path, template: Path, platform: str, profile: str
) -> None:
    """From a plain folder copier records no version; the paths, bytes and modes are its own."""
    answers = {"platform": platform, **PROFILES[profile]}
    try:
        run_copy(str(template), tmp_path / "out", data=answers, defaults=True, quiet=True)
    except ValueError:
        # A validator of this platform refuses the profile; then both do.
        with pytest.raises(InvalidAnswer):
            render_files(answers, template=template)
        return

    origin = Origin(src_path=str(template), commit=None)
    rendered = render_files(answers, origin=origin, template=template)

    assert rendered == tree_of(tmp_path / "out", rendered)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is no repository, so that copier reads it as it stands."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copy(ROOT / "copier.yml", folder)
    shutil.copytree(ROOT / "templates", folder / "templates")
    return folder


def tree_of(folder: Path, like: tuple[RenderedFile, ...]) -> tuple[RenderedFile, ...]:
    """Return the files of *folder*; ``once`` leaves no trace on disk and is taken from *like*."""
    once = {file.path for file in like if file.once}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    found = [
        RenderedFile(
            path=path.relative_to(folder).as_posix(),
            content=path.read_bytes(),
            executable=bool(path.stat().st_mode & 0o111),
            once=path.relative_to(folder).as_posix() in once,
        )
        for path in paths
    ]
    return tuple(sorted(found, key=lambda file: file.path))


def test_only_copiers_public_names_are_used() -> None:
    """G10: a release of copier may rename everything else."""
    used = set()
    for path in Path(djscaffold.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("copier"):
                used |= {f"{node.module}.{name.name}" for name in node.names}
            if isinstance(node, ast.Import):
                used |= {name.name for name in node.names if name.name.startswith("copier")}
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "copier":
                used.add(f"copier.{node.attr}")

    assert "copier" in used
    assert [name for name in used if "._" in name] == []
    public = {"copier", *(f"copier.{name}" for name in copier.__all__)}
    assert used - public <= {"copier.errors.CopierError"}
