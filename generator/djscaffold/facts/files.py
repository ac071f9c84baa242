"""Read static and uploaded files: URLs, folders, storage backends, file fields of models."""

from __future__ import annotations

import re

from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.entrypoints import is_side_tree
from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.project import Media, Static
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source
from djscaffold.facts.values import (
    Choice,
    Env,
    Mapping,
    Value,
    alternatives,
    is_plain,
    likely,
    plain_or_none,
    truth,
    unset,
    walk,
)

_FIELD = re.compile(
    r"^\s+\w+(?:\s*:[^=]+)?\s*=\s*(?:[\w.]+\.)?\w*(?:File|Image|Thumbnailer\w*)Field\("
)
_STORAGE = re.compile(r"\b(?:FileSystemStorage\(|default_storage\.save\()")
_SERIALIZER = re.compile(r"serializers\.|forms\.")
# Apps whose own models take uploads. Their models are not in the repository.
UPLOADING_APPS = frozenset(
    {
        "wagtail.images",
        "wagtail.documents",
        "filer",
        "cms",
        "photologue",
        "easy_thumbnails",
        "oscar.apps.catalogue",
    }
)
# Django's local storage, by both names that it can be imported under.
DJANGOS_OWN = (
    "django.core.files.storage.FileSystemStorage",
    "django.core.files.storage.filesystem.FileSystemStorage",
)
MAX_MODEL_FILES = 3000


def read_static(settings: Settings) -> Reading[Static]:
    """Return where static files are served from, and by what."""
    url, root = settings.text("STATIC_URL"), settings.text("STATIC_ROOT")
    middleware = settings.strings("MIDDLEWARE") + settings.strings("MIDDLEWARE_CLASSES")
    backend = storage_backend(settings, "staticfiles", "STATICFILES_STORAGE")
    whitenoise = any("whitenoise" in one for one in middleware)
    if url is None and root is None:
        return Missing("STATIC_URL and STATIC_ROOT in the production settings")
    places = tuple(
        place
        for name in ("STATIC_URL", "STATIC_ROOT", "STORAGES", "STATICFILES_STORAGE")
        for place in settings.places(name)
    )
    if whitenoise:
        places += settings.places("MIDDLEWARE")
    return Found(Static(url=url, root=root, whitenoise=whitenoise, backend=backend), places)


def storage_backend(settings: Settings, alias: str, old_name: str) -> str | None:
    """Return the storage that STORAGES or the older setting names."""
    value = settings.value("STORAGES")
    for one in (*alternatives(unset(value) if value else None), *alternatives(value)):
        entry = likely(one.get(alias)) if isinstance(one, Mapping) else None
        if isinstance(entry, Mapping):
            text = plain_or_none(likely(unset(entry.get("BACKEND") or entry)))
            if isinstance(text, str):
                return text
    chosen = _by_default(settings.value(old_name))
    old = plain_or_none(unset(chosen)) if chosen is not None else None
    return old if isinstance(old, str) else settings.text(old_name)


def _by_default(value: Value | None) -> Value | None:
    """Return what *value* is in production; a variable's written default decides where one does.

    `if os.environ.get("STORAGE", "local") == "azure":` means the disk, until somebody says more.
    """
    while isinstance(value, Choice):
        side = _default_decides(value.test) if value.prefer is None else value.prefer
        value = value.otherwise if side is False else value.then
    return value


def _default_decides(test: Value) -> bool | None:
    """Return how a condition goes whose variables all have a written default."""
    read = [part for part in walk(test) if isinstance(part, Env)]
    if not read or not all(env.default is not None and is_plain(env.default) for env in read):
        return None
    return truth(unset(test))


def read_media(source: Source, settings: Settings, dependencies: Dependencies) -> Reading[Media]:
    """Return where uploads go, and whether a model takes any."""
    url, root = settings.text("MEDIA_URL"), settings.text("MEDIA_ROOT")
    field = first_file_field(source)
    apps = [one for one in settings.strings("INSTALLED_APPS") if one in UPLOADING_APPS]
    backend = storage_backend(settings, "default", "DEFAULT_FILE_STORAGE")
    if url is None and root is None and field is None and not apps and backend is None:
        return Missing("MEDIA_ROOT, a FileField or an ImageField")
    places = [*settings.places("MEDIA_ROOT"), *settings.places("MEDIA_URL")]
    places += [field] if field else []
    places += settings.places("INSTALLED_APPS") if apps and not field else ()
    saved = first_saved_upload(source) if (url or root) and not field and not apps else None
    places += [saved] if saved else []
    media = Media(
        url=url,
        root=root,
        backend=backend,
        file_fields=bool(field or apps),
        saved_by_views=saved is not None,
    )
    return Found(media, tuple(places) or (settings.places("STORAGES") or ()))


def model_files(source: Source) -> list[str]:
    """Return the files that hold models, without those of tests."""
    found = [
        path
        for path in source.files
        if (path.endswith("/models.py") or path == "models.py" or "/models/" in path)
        and path.endswith(".py")
        and not is_side_tree(path)
    ]
    return sorted(found)[:MAX_MODEL_FILES]


def first_file_field(source: Source) -> Place | None:
    """Return the first model field that takes an upload."""
    for path in model_files(source):
        text = source.text(path)
        if "FileField(" not in text and "ImageField(" not in text and "Thumbnailer" not in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if _FIELD.match(line) and not _SERIALIZER.search(line):
                return Place(path, number)
    return None


def first_saved_upload(source: Source) -> Place | None:
    """Return the first view that gives an upload to a storage itself, without a model."""
    views = [
        path
        for path in source.files
        if (path.rpartition("/")[2].startswith("views") or "/views/" in path)
        and path.endswith(".py")
        and not is_side_tree(path)
    ]
    for path in sorted(views)[:MAX_MODEL_FILES]:
        text = source.text(path)
        if ".FILES" not in text:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if _STORAGE.search(line):
                return Place(path, number)
    return None
