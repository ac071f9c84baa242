"""Which Django and which Python."""

from __future__ import annotations

import pytest

from djscaffold.plan.packages import missing_packages
from djscaffold.plan.versions import (
    minor_python,
    pep440_specifier,
    python_version,
    short_version,
)


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("5.2.7", "5.2"),
        ("==4.2.16", "4.2"),
        (">=4.2,<5.0", "4.2"),
        ("~=3.2.1", "3.2"),
        ("==4.2.*", "4.2"),
        (">=5", "5.2"),
        ("git+main", "5.2"),
    ],
)
def test_a_django_specifier_is_one_release(text: str, release: str) -> None:
    assert short_version(text) == release


@pytest.mark.parametrize(
    ("specifier", "django", "python"),
    [
        (">=3.10", "5.2", "3.12"),
        ("", "3.2", "3.10"),
        (">=3.10,<3.12", "5.2", "3.11"),  # B08: an upper bound is respected
        ("==3.13.*", "5.2", "3.13"),
        ("==2.7.*", "5.2", "3.14"),
        ("nonsense", "4.2", "3.12"),
    ],
)
def test_the_python_fits_the_project_and_its_django(
    specifier: str, django: str, python: str
) -> None:
    assert python_version(specifier, django) == python


def test_a_patch_release_is_not_asked_for() -> None:
    """Distributions patch their own."""
    assert minor_python("3.12.4") == "3.12"


@pytest.mark.parametrize(
    ("written", "specifier"),
    [
        ("==3.11.4", "==3.11.*"),
        ("===3.11.4", "==3.11.*"),
        ("==3.11.*", "==3.11.*"),
        ("==3.11.4,!=3.11.5", "==3.11.*,!=3.11.5"),
        (">=3.10.2", ">=3.10.2"),
        ("==3.11", "==3.11"),
        ("^3.11", ">=3.11,<4.0"),
        ("^3.11.2", ">=3.11.2,<4.0"),
        ("~3.11", ">=3.11,<3.12"),
        ("3.11.*", "==3.11.*"),
        ("~=3.14.0", "~=3.14.0"),
        (">=3.9, <4", ">=3.9,<4"),
        ("*", ""),
        ("^3.9 || ^3.12", ""),
    ],
)
def test_a_python_requirement_is_one_that_pip_reads(written: str, specifier: str) -> None:
    """Poetry writes its own; runtime.txt and images name a patch release."""
    assert pep440_specifier(written) == specifier


def test_nothing_is_added_that_the_project_brings() -> None:
    added = missing_packages(
        {"gunicorn", "psycopg2-binary"},
        database_engine="postgresql",
        needs_asgi=False,
        django_version="5.2",
        python_version="3.12",
    )

    assert added == []


def test_a_server_and_a_driver_are_added() -> None:
    """psycopg 3 came with Django 4.2; older Pythons get the last release for them."""
    old = missing_packages(
        set(),
        database_engine="postgis",
        needs_asgi=True,
        django_version="3.2",
        python_version="3.8",
    )
    new = missing_packages(
        set(),
        database_engine="mysql",
        needs_asgi=False,
        django_version="5.2",
        python_version="3.12",
    )

    assert [line.partition("==")[0] for line in old] == [
        "gunicorn",
        "psycopg2-binary",
        "uvicorn-worker",
        "uvicorn[standard]",
    ]
    assert [line.partition("==")[0] for line in new] == ["gunicorn", "mysqlclient"]


def test_the_worker_fits_the_uvicorn_that_the_project_locks() -> None:
    def worker(uvicorn: str) -> list[str]:
        return missing_packages(
            {"uvicorn", "gunicorn", "websockets"},
            database_engine="sqlite",
            needs_asgi=True,
            django_version="5.2",
            python_version="3.12",
            uvicorn_version=uvicorn,
        )

    assert worker("0.32.1") == ["uvicorn-worker==0.3.0"]
    assert worker("0.36.0") == worker("") == ["uvicorn-worker==0.4.0"]


def test_plain_uvicorn_gets_a_websocket_library() -> None:
    """Without one, uvicorn refuses every websocket, and only in production."""

    def added(*declared: str) -> list[str]:
        return missing_packages(
            {"uvicorn", "uvicorn-worker", "gunicorn", *declared},
            database_engine="sqlite",
            needs_asgi=True,
            django_version="5.2",
            python_version="3.12",
        )

    assert added() == ["websockets==17.4"]
    assert added("websockets") == added("wsproto") == []
