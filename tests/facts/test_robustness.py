"""Hostile repositories: no hang, no traceback, no evidence that does not exist."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from djscaffold.facts.model import Found, Place
from djscaffold.facts.project import ProjectFacts
from djscaffold.facts.read import read_project
from djscaffold.facts.source import Source

MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')  # django\n"
SETTINGS = """import os
from pathlib import Path
import environ
import dj_database_url
from .parts import *

env = environ.Env(DEBUG=(bool, False))
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = env("SECRET_KEY", default="not-so-secret-12345")
DEBUG = env("DEBUG")
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("HOSTS", "a, b").split(",")]
INSTALLED_APPS = ["django.contrib.admin", *LOCAL_APPS]
if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
else:
    STORAGES = {"default": {"BACKEND": "x.y"}, "staticfiles": {"BACKEND": "z"}}


def flag(name, default="0"):
    if name not in os.environ:
        return default
    return os.environ[name].lower() in ("1", "true")


class Names:
    A = "a"
    B = {key: value for key, value in [("x", 1)]}


try:
    from .local import *
except ImportError:
    LOCAL = flag("LOCAL")
DATABASES = {"default": dj_database_url.config(default="postgres://x")}
DATABASES["other"] = {"ENGINE": f"{Names.A}"}
DATABASES["default"]["CONN_MAX_AGE"] = int(os.getenv("AGE", 60))
CACHES = {"default": env.cache("CACHE", default="locmemcache://")}
STATIC_URL, STATIC_ROOT = "/static/", BASE_DIR / "static"
ROOT_URLCONF = "shop.urls"
"""
PARTS = 'LOCAL_APPS = ["shop"]\nfor x in range(3):\n    LOCAL_APPS.append(f"shop.{x}")\n'


def places(value: Any) -> Iterator[Place]:
    """Return every place in a value, however deep."""
    if isinstance(value, Place):
        yield value
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from places(getattr(value, one.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from places(item)


def check_evidence(root: Path, facts: ProjectFacts) -> None:
    """Every line that is named exists."""
    for place in places(facts):
        path = root / place.path
        assert path.exists(), place
        if path.is_file():
            lines = path.read_bytes().count(b"\n") + path.read_bytes().count(b"\r") + 1
            assert 1 <= place.line <= max(lines, 1), place


def write(root: Path, text: bytes) -> None:
    (root / "shop").mkdir(parents=True, exist_ok=True)
    (root / "manage.py").write_text(MANAGE)
    (root / "shop/settings.py").write_bytes(text)
    (root / "shop/parts.py").write_text(PARTS)


LINES = SETTINGS.splitlines(keepends=True)


@given(
    deleted=st.sets(st.integers(0, len(LINES) - 1), max_size=8),
    swapped=st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1)), max_size=3
    ),
    cut=st.integers(0, len(SETTINGS)),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_edited_settings_are_read_without_a_traceback(
    tmp_path_factory: Any,
    deleted: set[int],
    swapped: list[tuple[int, int]],
    cut: int,
    encoding: str,
) -> None:
    """Lines deleted and swapped, the file cut off, the encoding changed."""
    lines = list(LINES)
    for left, right in swapped:
        lines[left], lines[right] = lines[right], lines[left]
    text = "".join(line for number, line in enumerate(lines) if number not in deleted)
    root = tmp_path_factory.mktemp("edited")
    write(root, (text[:cut] if cut % 3 == 0 else text).encode(encoding))

    check_evidence(root, read_project(root))


TOKENS = st.sampled_from(
    [
        "os.environ",
        "env",
        "DEBUG",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "=",
        "+=",
        "*",
        "**",
        ",",
        ":",
        "\n",
        "\n    ",
        '"x"',
        "1",
        "if ",
        "else:",
        "for ",
        " in ",
        "lambda",
        "import ",
        "from .",
        "class A",
        "def f",
        "return ",
        "DATABASES",
        '["default"]',
        ".get",
        ".append",
        "not ",
        "f'{x}'",
        "->",
        "@",
        "%",
        "raise",
        "try:",
        "except:",
    ]
)


@given(st.lists(TOKENS, max_size=40))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_heap_of_tokens_is_read(tmp_path_factory: Any, tokens: list[str]) -> None:
    root = tmp_path_factory.mktemp("heap")
    write(root, ("import os\n" + SETTINGS[:300] + "".join(tokens)).encode())

    check_evidence(root, read_project(root))


def test_files_that_nobody_should_open(tmp_path: Path) -> None:
    """A FIFO, a circle of links, a huge file, hostile names, a link out of the repository."""
    write(tmp_path, SETTINGS.encode())
    os.mkfifo(tmp_path / "requirements.txt")
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    with (tmp_path / "pyproject.toml").open("wb") as file:
        file.truncate(1_000_000_000)
    (tmp_path / "new\nline\x1b[31m.py").write_text("x = 1\n")
    with open(os.fsencode(tmp_path) + b"/bad\xff.py", "wb") as file:  # noqa: PTH123
        file.write(b"x = 1\n")

    facts = read_project(tmp_path)

    assert "too large to read" in facts.warnings[0].message


NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that every user may enter."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        yield root


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be a user for whom permissions count: root may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_folders_and_files_that_may_not_be_read_are_said(open_folder: Path) -> None:
    """What cannot be entered costs only itself: a warning with its name."""
    for name, text in (("manage.py", MANAGE), ("shop/settings.py", "ROOT_URLCONF = 'shop.urls'\n")):
        (open_folder / name).parent.mkdir(exist_ok=True)
        (open_folder / name).write_text(text)
    locked = open_folder / "locked"
    locked.mkdir()
    (locked / "manage.py").write_text(MANAGE)
    requirements = open_folder / "requirements.txt"
    requirements.write_text("Django==5.2.1\n")
    read_project(open_folder)
    locked.chmod(0)
    requirements.chmod(0)
    try:
        with without_privileges():
            facts = read_project(open_folder)
    finally:
        locked.chmod(0o755)

    assert facts.production_settings == Found("shop.settings", (Place("manage.py", 2),))
    said = {one.evidence[0].path: one.message for one in facts.warnings}
    assert said.keys() == {"locked", "requirements.txt"}
    assert all("Permission denied" in message for message in said.values())
    assert facts.packages == ()


@pytest.mark.slow
def test_a_hundred_thousand_files_are_only_listed(tmp_path: Path) -> None:
    """Files that cannot matter are not opened, and all are counted."""
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/settings.py").write_text("ROOT_URLCONF = 'shop.urls'\n")
    for folder in range(100):
        (tmp_path / f"data{folder}").mkdir()
        for number in range(1000):
            os.close(os.open(tmp_path / f"data{folder}/{number}.csv", os.O_CREAT | os.O_WRONLY))

    source = Source(tmp_path)
    facts = read_project(tmp_path)

    assert len(source.files) == 100_002
    assert facts.production_settings == Found("shop.settings", (Place("manage.py", 2),))
    assert facts.warnings == ()


def test_code_made_to_keep_a_reader_busy(tmp_path: Path) -> None:
    """Loops, recursion and growth end at a budget."""
    hostile = (
        "def f(n):\n    return f(n) + f(n)\nA = f(1)\n"
        "x = 'a' * 10**9\ny = ['x'] * 10**9\nz = 9 ** 9 ** 9\nw = '%999999999d' % 1\n"
        "v = 1 << 10**9\nu = 'a'\n" + "u = u + u\n" * 60 + "while True:\n    pass\n"
        "t = [[[i for i in range(10**9)] for j in range(10**9)] for k in range(10**9)]\n"
        "from .settings import *\nimport shop.settings as s\nq = s.s.s.s\n"
        + "".join(f"if v{n}:\n    x = [x, {n}]\n" for n in range(40))
        + "(" * 3000
    )
    write(tmp_path, hostile.encode())

    check_evidence(tmp_path, read_project(tmp_path))


def test_no_secret_is_kept(tmp_path: Path) -> None:
    """C01: a canary in every place where secrets stand appears in no fact."""
    canary = "canary-7f3a9"
    text = SETTINGS.replace("not-so-secret-12345", canary) + (
        f'EMAIL_HOST_PASSWORD = "{canary}"\nAWS_SECRET_ACCESS_KEY = "{canary}"\n'
        f'DATABASES["default"] = {{"ENGINE": "django.db.backends.postgresql", "PASSWORD": "{canary}"}}\n'  # noqa: E501
        f'API_TOKEN = os.environ.get("API_TOKEN", "{canary}")\n'
        f'CELERY_BROKER_URL = os.environ.get("BROKER", "redis://:{canary}@host")\n'
        f'OTHER = {{"password": "{canary}", "url": "postgres://u:{canary}@h/d"}}\n'
    )
    write(tmp_path, text.encode())
    (tmp_path / ".env").write_text(f"SECRET_KEY={canary}\n")

    assert canary not in repr(read_project(tmp_path))
