"""Each rule alone: first where it stays silent, then where it speaks."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from djscaffold.findings import RULES, Finding

from .cases import CASES, FILE_CASES, MIGRATION, MODEL

Find = Callable[..., dict[str, Finding]]
DOCS = Path(__file__).parents[2] / "docs" / "findings.md"


def test_good_settings_give_no_rule_a_reason_to_speak(find: Find) -> None:
    """Silence first: what is right is not talked about."""
    assert find() == {}


@pytest.mark.parametrize(("name", "speaks", "silent"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_of_settings(find: Find, name: str, speaks: str, silent: str) -> None:
    assert name not in find(silent)

    finding = find(speaks)[name]
    assert finding.message
    assert finding.fix
    assert finding.evidence


@pytest.mark.parametrize(
    ("name", "speaks", "silent"), FILE_CASES, ids=[case[0] for case in FILE_CASES]
)
def test_a_rule_of_files(
    find: Find, tmp_path: Path, name: str, speaks: dict[str, str], silent: dict[str, str]
) -> None:
    assert name not in find(files=silent)

    for path in silent:
        (tmp_path / path).unlink()
    assert find(files=speaks)[name].evidence


def test_uploads(find: Find) -> None:
    files = {"shop/models.py": MODEL, "shop/migrations/0001_initial.py": MIGRATION}
    shop = 'INSTALLED_APPS += ["shop"]\n'

    assert {"media-on-local-disk", "media-root-unset"} <= find(shop, files=files).keys()
    kept = find(shop + 'MEDIA_ROOT = "/srv/media"\n', files=files)
    assert "media-root-unset" not in kept
    bucket = 'STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}\n'
    assert "media-on-local-disk" not in find(shop + bucket, files=files)
    own = 'STORAGES = {"default": {"BACKEND": "shop.ProtectedFileSystemStorage"}}\n'
    assert "serves_media=true" in find(shop + own, files=files)["media-not-served"].fix
    usual = 'STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}\n'
    assert "media-not-served" not in find(shop + usual, files=files)


def test_migrations(find: Find) -> None:
    shop = 'INSTALLED_APPS += ["shop"]\n'

    assert "migrations-missing" in find(shop, files={"shop/models.py": MODEL})
    one = {
        "shop/migrations/__init__.py": "",
        "shop/migrations/0001_initial.py": "operations = []\n",
    }
    line = {**one, "shop/migrations/0002_a.py": MIGRATION.format("0001_initial")}
    fork = {**line, "shop/migrations/0002_b.py": MIGRATION.format("0001_initial")}
    assert not {"migrations-missing", "migrations-conflict"} & find(shop, files=line).keys()
    assert "migrations-conflict" in find(shop, files=fork)
    merge = {**fork, "shop/migrations/0002_b.py": MIGRATION.format("0002_a")}
    assert "migrations-conflict" not in find(shop, files=merge)


def test_settings_that_leak(find: Find) -> None:
    files = {
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.dev')\n# django\n",  # noqa: E501
        "conf/__init__.py": "from .dev import *\n",
        "conf/dev.py": "from shop.settings import *\nDEBUG = True\n",
        "conf/production.py": "from shop.settings import *\n",
        "shop/wsgi.py": "",
    }
    assert "development-values-leak" in find(files=files)


PRIVATE = [
    {"requirements.txt": "Django==5.2.1\nparts @ git+ssh://git@code.example/parts.git@1a2b\n"},
    {"requirements.txt": "--index-url https://user:s3cr3t@pkgs.example/simple\nDjango==5.2.1\n"},
    {
        "requirements.txt": "",
        "pyproject.toml": '[project]\nname = "x"\ndependencies = ["Django==5.2.1"]\n'
        '[[tool.uv.index]]\nurl = "https://user:s3cr3t@pkgs.example/simple"\n',
        "uv.lock": "version = 1\n",
    },
]


@pytest.mark.parametrize("files", PRIVATE)
def test_what_a_private_index_asks_for_is_a_secret_of_the_build(
    find: Find, files: dict[str, str]
) -> None:
    """B06: said with its line, and the password in the address is not repeated."""
    found = find(files=files)["private-packages"]

    assert "--secret" in found.fix
    assert "s3cr3t" not in repr(found)
    lines = files[found.evidence[0].path].splitlines()
    assert re.search(r"index|git\+ssh", lines[found.evidence[0].line - 1])


ADDED = [
    ({"requirements.txt": "Django==5.2.1\n"}, "add gunicorn to the requirements file"),
    (
        {
            "requirements.txt": "",
            "pyproject.toml": '[project]\nname = "x"\ndependencies = ["Django==5.2.1"]\n',
            "uv.lock": "version = 1\n",
        },
        "uv add gunicorn",
    ),
    (
        {"requirements.txt": "", "pyproject.toml": '[tool.poetry.dependencies]\nDjango = "5.2"\n'},
        "poetry add gunicorn",
    ),
    (
        {"requirements.txt": "", "Pipfile": '[packages]\nDjango = "==5.2.1"\n'},
        "pipenv install gunicorn",
    ),
]


@pytest.mark.parametrize(("files", "command"), ADDED)
def test_what_is_missing_is_added_by_the_manager_in_use(
    find: Find, files: dict[str, str], command: str
) -> None:
    """B09: the server and the driver that nobody installs, with the command that adds them."""
    found = find(files=files)

    assert found["server-missing"].fix == command
    driver = found["database-driver-missing"].fix
    assert driver.startswith(command.partition(" gunicorn")[0])
    assert "psycopg" in driver


def test_two_production_modules_are_pointed_out(find: Find) -> None:
    files = {
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.dev')\n# django\n",  # noqa: E501
        "conf/__init__.py": "",
        "conf/dev.py": "from shop.settings import *\n",
        "conf/production.py": "from shop.settings import *\n",
        "conf/live.py": "from shop.settings import *\n",
        "shop/wsgi.py": "",
    }

    assert "production-settings-unclear" in find(files=files)


def test_static_urls_of_old_djangos(find: Find) -> None:
    old = {"requirements.txt": "Django==2.2.1\n"}

    assert "static-url-relative" in find('STATIC_URL = "static/"', files=old)
    assert "static-url-relative" not in find(
        'STATIC_URL = "static/"', files={"requirements.txt": "Django==5.2.1\n"}
    )


def test_a_project_without_any_dependency_file(find: Find, tmp_path: Path) -> None:
    find()
    (tmp_path / "requirements.txt").unlink()
    from djscaffold.facts.read import read_project
    from djscaffold.findings import find_all

    assert "no-dependency-file" in {one.id for one in find_all(read_project(tmp_path))}


def ids() -> list[str]:
    """Return the ids that the rules give, out of their own source."""
    return [re.findall(r'id="([a-z-]+)"', inspect.getsource(rule))[0] for rule in RULES]


def test_every_rule_has_an_id_of_its_own_and_a_paragraph() -> None:
    text = DOCS.read_text(encoding="utf-8")

    assert len(set(ids())) == len(RULES)
    assert [name for name in ids() if f"`{name}`" not in text] == []


def test_every_rule_is_tested_here() -> None:
    here = Path(__file__)
    tested = here.read_text(encoding="utf-8") + here.with_name("cases.py").read_text("utf-8")

    assert [name for name in ids() if f'"{name}"' not in tested] == []
