"""What production needs beyond the project's own dependencies, pinned.

A pin is the newest release that installs on the Python in question; the versions were read from
the package index on 2026-11-22. Python 3.8 and 3.9 get the last releases that support them.
"""

from __future__ import annotations

from collections.abc import Collection

# Name -> rows of (lowest Python, version), newest first.
_PINS: dict[str, tuple[tuple[tuple[int, int], str], ...]] = {
    "azure-identity": (((3, 10), "1.27.0"), ((3, 8), "1.19.0")),
    "azure-storage-blob": (((3, 10), "12.31.1"), ((3, 8), "12.24.0")),
    "boto3": (((3, 10), "1.44.5"), ((3, 8), "1.35.99")),
    "django-storages": (((3, 7), "1.14.6"),),
    "google-cloud-storage": (((3, 10), "3.17.1"), ((3, 7), "2.19.0")),
    "gunicorn": (((3, 10), "27.0.1"), ((3, 7), "23.0.0")),
    "mysqlclient": (((3, 10), "2.3.1"), ((3, 8), "2.2.7")),
    "psycopg[binary]": (((3, 10), "3.3.9"), ((3, 8), "3.2.3")),
    "psycopg2-binary": (((3, 10), "2.9.13"), ((3, 8), "2.9.9")),
    "uvicorn[standard]": (((3, 10), "0.54.0"), ((3, 8), "0.33.0")),
    "uvicorn-worker": (((3, 9), "0.4.0"), ((3, 8), "0.2.0")),
    "websockets": (((3, 12), "17.4"), ((3, 10), "16.1.1"), ((3, 9), "15.0.1"), ((3, 8), "13.1")),
    "whitenoise": (((3, 10), "6.12.0"), ((3, 8), "6.7.0")),
}

# From 0.4 on, uvicorn-worker needs what uvicorn 0.36 changed; before, it cannot have it.
_UVICORN_CHANGED = (0, 36)
_WORKER_BEFORE = (((3, 9), "0.3.0"), ((3, 8), "0.2.0"))

_POSTGRESQL_DRIVERS = frozenset(
    {"psycopg", "psycopg-binary", "psycopg-c", "psycopg2", "psycopg2-binary", "psycopg2cffi"}
)
# Uploads of a container go to the bucket of its cloud.
_STORAGE = {
    "aws": ("boto3", "django-storages"),
    "azure": ("azure-identity", "azure-storage-blob", "django-storages"),
    "gcp": ("django-storages", "google-cloud-storage"),
}
_MYSQL_DRIVERS = frozenset({"mysqlclient", "pymysql", "mysql-connector-python"})


def missing_packages(
    declared: Collection[str],
    *,
    platform: str = "onprem",
    serves_media: bool = False,
    database_engine: str,
    needs_asgi: bool,
    django_version: str,
    python_version: str,
    uvicorn_version: str = "",
) -> list[str]:
    """Return the requirements to install beside the *declared* (normalised) distribution names.

    What their extras bring counts as declared.

    *uvicorn_version* is the one that the project pins or locks, if it does.

    >>> missing_packages({"gunicorn"}, database_engine="sqlite", needs_asgi=False,
    ...                  django_version="5.2", python_version="3.12")
    []
    """
    names = ["gunicorn"]
    if platform in _STORAGE:
        # No web server stands in front of the container: it serves its static files itself.
        names += ["whitenoise", *(_STORAGE[platform] if serves_media else ())]
    if needs_asgi:
        names += ["uvicorn[standard]", "uvicorn-worker"]
        # Plain uvicorn answers a websocket with an error; [standard] would have brought one.
        names += ["websockets"] if _is_without_sockets(declared) else []
    if database_engine in ("postgresql", "postgis") and not _POSTGRESQL_DRIVERS & set(declared):
        names.append(_postgresql_driver(django_version))
    if database_engine in ("mysql", "mariadb") and not _MYSQL_DRIVERS & set(declared):
        names.append("mysqlclient")
    pins = dict(_PINS)
    if uvicorn_version and _numbers(uvicorn_version) < _UVICORN_CHANGED:
        pins["uvicorn-worker"] = _WORKER_BEFORE
    return [
        _pinned(name, pins[name], python_version)
        for name in sorted(names)
        if name.partition("[")[0] not in declared
    ]


def _is_without_sockets(declared: Collection[str]) -> bool:
    """Return whether a uvicorn of the project's own comes without a websocket library.

    https://www.uvicorn.org/#quickstart
    """
    return "uvicorn" in declared and "wsproto" not in declared


def _postgresql_driver(django_version: str) -> str:
    """Return the driver for a Django release; psycopg 3 came with 4.2.

    https://docs.djangoproject.com/en/4.2/releases/4.2/#psycopg-3-support
    """
    return "psycopg[binary]" if _numbers(django_version) >= (4, 2) else "psycopg2-binary"


def _pinned(name: str, rows: tuple[tuple[tuple[int, int], str], ...], python_version: str) -> str:
    fitting = [version for lowest, version in rows if _numbers(python_version) >= lowest]
    return f"{name}=={(fitting or [rows[-1][1]])[0]}"


def _numbers(version: str) -> tuple[int, int]:
    major, _, rest = version.partition(".")
    return int(major), int(rest.partition(".")[0] or 0)
