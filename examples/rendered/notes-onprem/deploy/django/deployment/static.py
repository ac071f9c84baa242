"""Static files under names that change with their content, compressed once.

nginx serves them, or WhiteNoise in a container without one.

Browsers may keep such files for ever, and the previous release's stay in place: a page that
was loaded before a release still finds what it refers to.
"""

import gzip
from importlib.util import find_spec
from pathlib import Path

import django
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from deployment import project

_PLAIN = (
    "django.contrib.staticfiles.storage.StaticFilesStorage",
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
)
# Storages that write to a bucket.
_BUCKETS = ("storages.", "django_s3_storage.", "cloudinary_storage.")
_COMPRESSED = (".css", ".html", ".ico", ".js", ".json", ".map", ".mjs", ".otf", ".svg", ".ttf", ".txt", ".wasm", ".xml")
_RELEASE = Path(__file__).resolve().parents[3]
# Where neither the environment nor the project says.
FOLDER = str(_RELEASE / "staticfiles")
# Below this, headers outweigh what compression saves.
_SMALLEST_BYTES = 512


def storages(own, default):
    """Return the storage settings: STORAGES from Django 4.2, the two older ones before.

    Static files that WhiteNoise or a storage of the project's own serves stay with it, and on
    own servers those in a bucket. *default* is the storage of uploads.
    """
    configured = own.get("STORAGES", {})
    static = _configured(own)
    if _is_in_bucket(own) or (static["BACKEND"] in _PLAIN and not _uses_whitenoise(own)):
        static = {"BACKEND": "deployment.static.HashedStaticFilesStorage"}
    if django.VERSION >= (4, 2):
        return {"STORAGES": {**configured, "default": default, "staticfiles": static}}
    return {"DEFAULT_FILE_STORAGE": default["BACKEND"], "STATICFILES_STORAGE": static["BACKEND"]}


def address(own):
    """Return STATIC_URL: the project's, unless it is that of a bucket which is not used."""
    url = own.get("STATIC_URL") or "/static/"
    return "/static/" if _is_in_bucket(own) and "//" in url else url


def _configured(own):
    """Return the project's own entry for static files, in the words of STORAGES."""
    return own.get("STORAGES", {}).get("staticfiles") or {"BACKEND": own.get("STATICFILES_STORAGE", _PLAIN[0])}


def _is_in_bucket(own):
    """Say whether a bucket would hold what the image holds already.

    An image is built without the rights to a bucket, and brings the files of its own release:
    no step between build and start could be forgotten, or run once for each container.
    """
    return project.SERVES_STATIC and _configured(own)["BACKEND"].startswith(_BUCKETS)


def without_old_names(own):
    """Return the project's settings without the names that Django refuses beside STORAGES."""
    old = ("DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE") if django.VERSION >= (4, 2) else ()
    return {name: value for name, value in own.items() if name not in old}


def middleware(own, names):
    """Return *names* with WhiteNoise among them, where no nginx stands in front of the container.

    It comes right after SecurityMiddleware, as its manual asks.
    https://whitenoise.readthedocs.io/en/stable/django.html#enable-whitenoise
    """
    if not project.SERVES_STATIC or _uses_whitenoise(own) or "//" in address(own):
        return names
    security = "django.middleware.security.SecurityMiddleware"
    place = names.index(security) + 1 if security in names else 0
    return [*names[:place], "whitenoise.middleware.WhiteNoiseMiddleware", *names[place:]]


def compressor(own):
    """Return the settings of django-compressor, where the project has it.

    Its files lie among the collected ones (None: where STATIC_ROOT and STATIC_URL are), made by
    `compress` in each release. Each release has its own list of them, as of the hashed names: going
    back to it, and a second one on its way, leave the list alone. A page that is compressed only
    when somebody asks for it would be an error, as the site may not write there; its files are
    served one by one.
    https://django-compressor.readthedocs.io/en/stable/scenarios.html
    """
    if "compressor" not in own.get("INSTALLED_APPS", ()):
        return {}
    settings = {
        "COMPRESS_ENABLED": bool(own.get("COMPRESS_ENABLED", True) and own.get("COMPRESS_OFFLINE")),
        "COMPRESS_ROOT": None,
        "COMPRESS_URL": None,
        # nginx keeps names that begin like this to itself.
        "COMPRESS_OFFLINE_MANIFEST": f"staticfiles-compressed-{_RELEASE.name}.json",
        "COMPRESS_OFFLINE_MANIFEST_STORAGE": "compressor.storage.OfflineManifestFileStorage",
    }
    if own.get("COMPRESS_CSS_HASHING_METHOD", "mtime") == "mtime":
        # The age of a file differs from machine to machine, and so would the names.
        settings["COMPRESS_CSS_HASHING_METHOD"] = "content"
    if project.SERVES_STATIC and str(own.get("COMPRESS_STORAGE", "")).startswith(_BUCKETS):
        settings["COMPRESS_STORAGE"] = "compressor.storage.CompressorFileStorage"
    return settings


def _uses_whitenoise(own):
    return any(name.startswith("whitenoise.") for name in own.get("MIDDLEWARE", ()))


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Django's own hashed storage, patient with a missing file, with a list for each release.

    A stylesheet that refers to a file which is not there was broken before; it is named by
    collectstatic, and does not stop the release or answer pages with an error.
    """

    manifest_strict = False

    # Going back to the previous release must find the previous list.
    manifest_name = f"staticfiles-{_RELEASE.name}.json"

    # What is missing, while collectstatic runs: nobody reads it at any other time, and
    # WhiteNoise asks for names that never were, when it looks for what is hashed.
    _missing = None

    def hashed_name(self, name, content=None, filename=None):
        """Return the name with the hash of the content, or *name* where there is no such file."""
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if content is not None:
                raise
            if self._missing is not None:
                self._missing.add(name)
            return name

    def post_process(self, paths, dry_run=False, **options):
        """Hash as Django does, then write a compressed copy beside each hashed file."""
        self._missing = set()
        hashed = set()
        for name, hashed_name, processed in super().post_process(paths, dry_run, **options):
            if processed and not isinstance(processed, Exception):
                hashed.add(hashed_name)
            yield name, hashed_name, processed
        if not dry_run:
            for name in sorted(hashed):
                _compress(Path(self.path(name)))
        for name in sorted(self._missing):
            print(f"Missing, and left as it is where a static file refers to it: {name}")


def _compress(path):
    """Write path.gz, and path.br where the brotli package is installed, unless they exist."""
    if path.suffix not in _COMPRESSED or not path.is_file():
        return
    content = path.read_bytes()
    if len(content) < _SMALLEST_BYTES:
        return
    for suffix, compress in _compressors():
        copy = path.with_name(path.name + suffix)
        # The name holds a hash of the content: what exists is right.
        if not copy.exists():
            copy.write_bytes(compress(content))


def _compressors():
    yield ".gz", lambda content: gzip.compress(content, 9, mtime=0)
    if find_spec("brotli"):
        import brotli

        yield ".br", brotli.compress
