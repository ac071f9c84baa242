"""Static files that are not found once DEBUG is off."""

from __future__ import annotations

from packaging.version import InvalidVersion, Version

from djscaffold.findings.model import ERROR, NOTE, WARNING, Facts, Finding, places_of, value_of


def static_root_unset(facts: Facts) -> Finding | None:
    """Find settings without a folder for collectstatic."""
    if not facts.was_read or "django.contrib.staticfiles" not in facts.project.installed_apps:
        return None
    if "STATIC_ROOT" in facts.settings:
        return None
    return Finding(
        id="static-root-unset",
        severity=ERROR,
        message="STATIC_ROOT is not set: collectstatic fails, and with DEBUG off no style sheet is "
        "found.",
        evidence=facts.where("STATIC_URL"),
        fix='STATIC_ROOT = BASE_DIR / "staticfiles"',
        handled=True,
    )


def static_root_is_source(facts: Facts) -> Finding | None:
    """Find a STATIC_ROOT that is one of the source folders (check staticfiles.E002)."""
    static = value_of(facts.project.static)
    folders = facts.value("STATICFILES_DIRS")
    if static is None or not static.root or not isinstance(folders, list):
        return None
    if static.root not in folders:
        return None
    return Finding(
        id="static-root-is-source",
        severity=ERROR,
        message=f"STATIC_ROOT is also in STATICFILES_DIRS ({static.root}): Django refuses to "
        "start.",
        evidence=facts.where("STATIC_ROOT", "STATICFILES_DIRS"),
        fix="Collect into a folder of its own.",
        handled=True,
    )


def static_url_relative(facts: Facts) -> Finding | None:
    """Find a STATIC_URL that older Djangos take as relative to the page."""
    static = value_of(facts.project.static)
    version = _django(facts)
    if static is None or not static.url or static.url.startswith(("/", "http")):
        return None
    if version is None or version >= Version("3.1"):
        return None
    return Finding(
        id="static-url-relative",
        severity=ERROR,
        message=f"STATIC_URL is {static.url}: this Django puts it behind the page's own path.",
        evidence=facts.where("STATIC_URL"),
        fix=f'STATIC_URL = "/{static.url}"',
    )


def _django(facts: Facts) -> Version | None:
    package = facts.packages.get("django")
    try:
        return Version(package.version) if package and package.version else None
    except InvalidVersion:
        return None


def storages_without_default(facts: Facts) -> Finding | None:
    """Find STORAGES that names the static files only."""
    storages = facts.value("STORAGES")
    if not isinstance(storages, dict) or not storages or "default" in storages:
        return None
    media = value_of(facts.project.media)
    uploads = media is not None and media.takes_uploads
    return Finding(
        id="storages-without-default",
        severity=ERROR if uploads else WARNING,
        message='STORAGES has no "default": Django adds none, and the first upload fails with '
        "InvalidStorageError.",
        evidence=facts.where("STORAGES"),
        fix='Add "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}.',
        handled=True,
    )


def storage_setting_removed(facts: Facts) -> Finding | None:
    """Find STATICFILES_STORAGE and DEFAULT_FILE_STORAGE, which Django 5.1 no longer reads."""
    version = _django(facts)
    names = [n for n in ("STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE") if n in facts.settings]
    if version is None or version < Version("5.1") or not names:
        return None
    return Finding(
        id="storage-setting-removed",
        severity=ERROR,
        message=f"{' and '.join(names)} has no effect since Django 5.1: the storage meant here is "
        "not in use.",
        evidence=facts.where(*names),
        fix="Say it in STORAGES.",
    )


def whitenoise_misplaced(facts: Facts) -> Finding | None:
    """Find WhiteNoise further down than directly after the security middleware."""
    listed = list(facts.project.middleware)
    places = [number for number, one in enumerate(listed) if "whitenoise" in one]
    before = (
        [one for one in listed[: places[0]] if places and "ecurity" not in one] if places else []
    )
    late = [one for one in before if "ession" in one or "uthentication" in one or "ache" in one]
    if not late:
        return None
    return Finding(
        id="whitenoise-misplaced",
        severity=WARNING,
        message=f"WhiteNoise stands behind {late[0].rpartition('.')[2]}: every style sheet opens a "
        "session or is cached twice.",
        evidence=facts.where("MIDDLEWARE"),
        fix="Put it directly after SecurityMiddleware.",
    )


def static_names_differ_by_case(facts: Facts) -> Finding | None:
    """Find static files that are one on a Mac, and two on the server."""
    found = facts.seen("static-case")
    if not found:
        return None
    return Finding(
        id="static-names-differ-by-case",
        severity=WARNING,
        message=f"{found[0].subject} differ only in case: one on macOS and Windows, two on Linux.",
        evidence=found[0].evidence,
        fix="Rename one, and use the exact spelling in templates.",
    )


def frontend_build(facts: Facts) -> Finding | None:
    """Say that a front end must be built before collectstatic."""
    frontend = value_of(facts.project.frontend)
    if frontend is None or not frontend.needed:
        return None
    return Finding(
        id="frontend-build-needed",
        severity=NOTE,
        message="The pages need files that only a front-end build makes: without it they come "
        "without style and script.",
        evidence=places_of(facts.project.frontend),
        fix=f"Run {frontend.build or 'the build script'} before collectstatic.",
        handled=True,
    )


def compressed_offline(facts: Facts) -> Finding | None:
    """Say that `compress` belongs to each release."""
    if not value_of(facts.project.static_commands):
        return None
    return Finding(
        id="compress-offline",
        severity=NOTE,
        message="COMPRESS_OFFLINE is on: a page whose files a release did not make is an error 500 "
        "(OfflineGenerationError).",
        evidence=places_of(facts.project.static_commands),
        fix="Run `compress` after collectstatic in each release, and keep its list for each one.",
        handled=True,
    )


def compressed_in_request(facts: Facts) -> Finding | None:
    """Find django-compressor that writes its files while a page is asked for."""
    reading = facts.project.static_commands
    if value_of(reading) != () or facts.value("COMPRESS_ENABLED", default=True) is False:
        return None
    precompiles = bool(facts.value("COMPRESS_PRECOMPILERS"))
    return Finding(
        id="compress-in-request",
        severity=ERROR if precompiles else WARNING,
        message="django-compressor makes files while a page is asked for: a site that may not "
        "write beside its static files answers with an error, and other machines lack them.",
        evidence=places_of(reading),
        fix="COMPRESS_OFFLINE = True",
        # Without compression the files are served as they are; what is to be compiled is nothing.
        handled=not precompiles,
    )


RULES = (
    static_root_unset,
    static_root_is_source,
    static_url_relative,
    storages_without_default,
    storage_setting_removed,
    whitenoise_misplaced,
    static_names_differ_by_case,
    frontend_build,
    compressed_offline,
    compressed_in_request,
)
