"""Name the Debian packages that Python packages need beyond their wheels.

Names are those of Debian 12 and 13; versioned library names are avoided where a metapackage or
the -dev package of the same name serves. Sources: each project's own installation manual.
"""

from __future__ import annotations

from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.model import Found, Place, Reading
from djscaffold.facts.project import SystemPackages
from djscaffold.facts.settings import Settings

_COMPILER = ("build-essential",)
# package -> (needed to build, needed to run)
NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cairocffi": ((), ("libcairo2",)),
    "cairosvg": ((), ("libcairo2",)),
    "confluent-kafka": ((), ()),
    "django-auth-ldap": ((*_COMPILER, "libldap-dev", "libsasl2-dev"), ("libldap-common",)),
    "ffmpeg-python": ((), ("ffmpeg",)),
    "fiona": ((), ()),
    "gdal": ((*_COMPILER, "libgdal-dev"), ("gdal-bin",)),
    "mysqlclient": ((*_COMPILER, "default-libmysqlclient-dev", "pkg-config"), ("libmariadb3",)),
    "netifaces": (_COMPILER, ()),
    "pdf2image": ((), ("poppler-utils",)),
    "pdfkit": ((), ("wkhtmltopdf",)),
    "psycopg2": ((*_COMPILER, "libpq-dev"), ("libpq5",)),
    "pycups": ((*_COMPILER, "libcups2-dev"), ("libcups2",)),
    "pydub": ((), ("ffmpeg",)),
    "pygraphviz": ((*_COMPILER, "libgraphviz-dev"), ("graphviz",)),
    "pylibmc": ((*_COMPILER, "libmemcached-dev", "zlib1g-dev"), ("libmemcached11",)),
    "pymssql": ((), ()),
    "pyodbc": ((), ("unixodbc",)),
    "pypandoc": ((), ("pandoc",)),
    "pytesseract": ((), ("tesseract-ocr",)),
    "python-ldap": ((*_COMPILER, "libldap-dev", "libsasl2-dev"), ("libldap-common",)),
    "python-magic": ((), ("libmagic1",)),
    "python3-saml": ((*_COMPILER, "libxmlsec1-dev", "pkg-config"), ("libxmlsec1-openssl",)),
    "pyzbar": ((), ("libzbar0",)),
    "rlpycairo": ((), ("libcairo2",)),
    "uwsgi": (_COMPILER, ()),
    "weasyprint": (
        (),
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "shared-mime-info"),
    ),
    "xmlsec": ((*_COMPILER, "libxmlsec1-dev", "pkg-config"), ("libxmlsec1-openssl",)),
}
_GEO = (
    ("binutils", "gdal-bin", "libproj-dev"),
    ("binutils", "gdal-bin", "libgeos-c1v5", "libproj25"),
)


def read_system_packages(
    settings: Settings, dependencies: Dependencies, *, translations: bool
) -> Reading[SystemPackages]:
    """Return the Debian packages for building and for running."""
    build: dict[str, None] = {}
    run: dict[str, None] = {}
    places: list[Place] = []

    def need(names: tuple[tuple[str, ...], tuple[str, ...]], evidence: tuple[Place, ...]) -> None:
        build.update(dict.fromkeys(names[0]))
        run.update(dict.fromkeys(names[1]))
        places.extend(evidence[:1])

    for package in dependencies.packages():
        if package.name in NEEDS:
            need(NEEDS[package.name], package.evidence)
    _psycopg(dependencies, need)
    if "django.contrib.gis" in settings.strings("INSTALLED_APPS"):
        need(((), _GEO[1]), settings.places("INSTALLED_APPS"))
    if dependencies.requirements.vcs:
        need((("git",), ()), tuple(dependencies.requirements.vcs))
    if translations:
        need((("gettext",), ()), ())
    found = SystemPackages(build=tuple(sorted(build)), run=tuple(sorted(run)))
    return Found(found, tuple(dict.fromkeys(places)))


def _psycopg(dependencies: Dependencies, need: object) -> None:
    """Psycopg 3 needs libpq at run time unless it comes with it, and a compiler for ``[c]``."""
    package = dependencies.package("psycopg")
    if package is None or not callable(need):
        return
    if "c" in package.extras or dependencies.has("psycopg-c"):
        need(((*_COMPILER, "libpq-dev"), ("libpq5",)), package.evidence)
    elif "binary" not in package.extras and not dependencies.has("psycopg-binary"):
        need(((), ("libpq5",)), package.evidence)
