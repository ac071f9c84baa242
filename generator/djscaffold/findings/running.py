"""Starting the site, its jobs, its mail and its migrations."""

from __future__ import annotations

from djscaffold.facts.daemons import management_command
from djscaffold.facts.model import Ambiguous, Found
from djscaffold.findings.model import ERROR, NOTE, WARNING, Facts, Finding, places_of, value_of


def wsgi_insists(facts: Facts) -> Finding | None:
    """Find a wsgi.py that no environment can tell which settings to use."""
    insisted = facts.project.wsgi_settings
    if not isinstance(insisted, Found):
        return None
    return Finding(
        id="wsgi-sets-settings",
        severity=WARNING,
        message=f"wsgi.py always uses {insisted.value}: DJANGO_SETTINGS_MODULE has no effect.",
        evidence=insisted.evidence,
        fix='os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...) leaves the choice.',
        handled=True,
    )


def settings_missing(facts: Facts) -> Finding | None:
    """Find a manage.py that names settings which are not there."""
    found = facts.seen("settings-module-missing")
    if not found:
        return None
    return Finding(
        id="settings-module-missing",
        severity=WARNING,
        message=f"manage.py names {found[0].subject}, which is not in the repository: no command "
        "runs unless DJANGO_SETTINGS_MODULE is set.",
        evidence=found[0].evidence,
        fix="Name a module that exists.",
        handled=True,
    )


def settings_made_in_image(facts: Facts) -> Finding | None:
    """Find production settings that a build of the project's own image puts together."""
    found = facts.seen("settings-made-in-image")
    if not found:
        return None
    module = value_of(facts.project.production_settings)
    origin, _, target = found[0].subject.partition(" ")
    return Finding(
        id="settings-made-in-image",
        severity=ERROR,
        message=f"{module} exists only inside the project's own image, which copies "
        f"{origin} to {target}: no release holds it, and the site cannot start.",
        evidence=found[0].evidence + places_of(facts.project.production_settings),
        fix=f"cp {found[0].subject} && git add --force {target} && git commit, or name settings "
        "that are in the repository: --data settings_module=NAME",
    )


def settings_not_tracked(facts: Facts) -> Finding | None:
    """Find settings that import a file which only some machines have."""
    found = facts.seen("settings-not-in-repository")
    if not found:
        return None
    return Finding(
        id="settings-not-in-repository",
        severity=NOTE,
        message=f"The settings import {found[0].subject} where it exists: it may override anything "
        "on the server, and is in no release.",
        evidence=found[0].evidence,
        fix="Read from the environment what differs between machines.",
    )


def settings_unclear(facts: Facts) -> Finding | None:
    """Find several settings modules that could be for production."""
    reading = facts.project.production_settings
    if not isinstance(reading, Ambiguous):
        return None
    return Finding(
        id="production-settings-unclear",
        severity=WARNING,
        message="Several settings modules could be for production: a deployment must say which.",
        evidence=tuple(place for one in reading.candidates for place in one.evidence[:1]),
        fix="Set DJANGO_SETTINGS_MODULE for every process.",
        handled=True,
    )


def development_is_default(facts: Facts) -> Finding | None:
    """Find a wsgi.py whose own choice is not the production module."""
    found = facts.seen("wsgi-names-other-settings")
    if not found:
        return None
    return Finding(
        id="wsgi-defaults-to-other-settings",
        severity=WARNING,
        message=f"wsgi.py falls back to {found[0].subject}: a process that is started without "
        "DJANGO_SETTINGS_MODULE runs with the wrong settings.",
        evidence=found[0].evidence,
        fix="Let wsgi.py and asgi.py name the production module.",
        handled=True,
    )


def development_values_leak(facts: Facts) -> Finding | None:
    """Find a settings package that imports its development part whatever is asked for."""
    found = facts.seen("development-values-leak")
    if not found:
        return None
    return Finding(
        id="development-values-leak",
        severity=WARNING,
        message=f"The settings package imports {found[0].subject} first: what it sets stays unless "
        "production sets it again.",
        evidence=found[0].evidence,
        fix="Let the package's __init__.py import nothing.",
    )


def connects_at_import(facts: Facts) -> Finding | None:
    """Find settings that open a connection while they are imported."""
    found = facts.seen("connects-at-import")
    if not found:
        return None
    return Finding(
        id="settings-connect-at-import",
        severity=WARNING,
        message=f"The settings call {found[0].subject} when they are imported: an image cannot be "
        "built without that service, and no command runs while it is down.",
        evidence=tuple(place for one in found for place in one.evidence),
        fix="Connect when it is first needed.",
    )


def runs_for_ever(facts: Facts) -> Finding | None:
    """Find commands that are kept running beside the site, and that are in no job library."""
    found = facts.seen("runs-for-ever")
    if not found:
        return None
    commands = "; ".join(one.subject for one in found[:5])
    others = [one.subject for one in found if management_command(one.subject) is None]
    started = f"all but {'; '.join(others[:5])}" if others else "them"
    return Finding(
        id="process-runs-for-ever",
        severity=WARNING,
        message=f"The project keeps running beside its site: {commands}. In a cloud, no file that "
        "is written starts that.",
        evidence=tuple(one.evidence[0] for one in found),
        fix=f"On own servers `init` starts {started}, as `daemons`; whatever else is a management "
        "command can be added there. In a cloud: a second service of the same image.",
    )


def beat_once(facts: Facts) -> Finding | None:
    """Say that there must be one scheduler, and not two."""
    queue = value_of(facts.project.task_queue)
    if queue is None or not queue.beat:
        return None
    return Finding(
        id="beat-must-run-once",
        severity=NOTE,
        message="There is a schedule: exactly one Celery beat must run, or every job runs twice.",
        evidence=places_of(facts.project.task_queue),
        fix="Run beat as a service of its own, with one instance also while deploying.",
        handled=True,
    )


def worker_needed(facts: Facts) -> Finding | None:
    """Say that jobs need a process of their own."""
    queue = value_of(facts.project.task_queue)
    if queue is None or queue.library is None:
        return None
    return Finding(
        id="worker-needed",
        severity=NOTE,
        message=f"Jobs are queued with {queue.library}: without a worker process they wait "
        "for ever.",
        evidence=places_of(facts.project.task_queue)[:1],
        fix="Run a worker beside the web process, and let it finish its job when it is stopped.",
        handled=True,
    )


def tasks_run_in_request(facts: Facts) -> Finding | None:
    """Find Celery tasks that run inside the request."""
    eager = facts.value("CELERY_TASK_ALWAYS_EAGER") or facts.value("CELERY_ALWAYS_EAGER")
    if eager is not True:
        return None
    return Finding(
        id="tasks-run-in-request",
        severity=WARNING,
        message="CELERY_TASK_ALWAYS_EAGER: jobs run inside the request, and visitors wait "
        "for them.",
        evidence=facts.where("CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER"),
        fix="Set it in the test settings only.",
    )


def channel_layer_in_memory(facts: Facts) -> Finding | None:
    """Find a channel layer that ends at the process."""
    layers = facts.value("CHANNEL_LAYERS")
    default = layers.get("default") if isinstance(layers, dict) else None
    backend = default.get("BACKEND") if isinstance(default, dict) else None
    if not isinstance(backend, str) or "InMemory" not in backend:
        return None
    return Finding(
        id="channel-layer-in-memory",
        severity=ERROR,
        message="The channel layer is the memory of one process: a message from one worker never "
        "reaches the sockets of another.",
        evidence=facts.where("CHANNEL_LAYERS"),
        fix="Use channels_redis.core.RedisChannelLayer.",
        handled=True,
    )


def mail_to_console(facts: Facts) -> Finding | None:
    """Find e-mail that nobody gets."""
    backend = facts.value("EMAIL_BACKEND")
    name = backend.rpartition(".backends.")[2].partition(".")[0] if isinstance(backend, str) else ""
    if name not in ("console", "dummy", "locmem", "filebased"):
        return None
    return Finding(
        id="mail-goes-nowhere",
        severity=WARNING,
        message=f"EMAIL_BACKEND is {name}: password resets and error mails reach nobody.",
        evidence=facts.where("EMAIL_BACKEND"),
        fix="Use the SMTP backend, or your provider's.",
        handled=True,
    )


def migrations_missing(facts: Facts) -> Finding | None:
    """Find installed apps with models and without migrations."""
    found = facts.seen("migrations-missing")
    if not found:
        return None
    return Finding(
        id="migrations-missing",
        severity=ERROR,
        message=f"{', '.join(one.subject for one in found[:4])}: models without migrations; "
        "migrate "
        "makes no table for them.",
        evidence=tuple(one.evidence[0] for one in found[:5]),
        fix="python manage.py makemigrations, and commit the result.",
    )


def migrations_conflict(facts: Facts) -> Finding | None:
    """Find an app whose migrations end in two leaves."""
    found = facts.seen("migrations-conflict")
    if not found:
        return None
    return Finding(
        id="migrations-conflict",
        severity=ERROR,
        message=f"The migrations of {found[0].subject} end in two leaves: migrate refuses to run.",
        evidence=found[0].evidence,
        fix="python manage.py makemigrations --merge",
    )


def unreadable_files(facts: Facts) -> Finding | None:
    """Say which files could only be read in part."""
    warnings = facts.project.warnings
    if not warnings:
        return None
    return Finding(
        id="files-not-understood",
        severity=NOTE,
        message=f"{len(warnings)} places could not be read; facts may be missing: "
        f"{warnings[0].message}.",
        evidence=tuple(place for one in warnings[:5] for place in one.evidence),
        fix="Look at the lines named here.",
    )


RULES = (
    settings_unclear,
    settings_missing,
    settings_made_in_image,
    wsgi_insists,
    development_is_default,
    development_values_leak,
    settings_not_tracked,
    connects_at_import,
    worker_needed,
    beat_once,
    runs_for_ever,
    tasks_run_in_request,
    channel_layer_in_memory,
    mail_to_console,
    migrations_missing,
    migrations_conflict,
    unreadable_files,
)
