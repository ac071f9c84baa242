"""Read background jobs: the library, the Celery app, its schedule, broker and queues."""

from __future__ import annotations

import ast
import re

from djscaffold.facts.dependencies import Dependencies
from djscaffold.facts.entrypoints import dotted_of, is_side_tree
from djscaffold.facts.existing import deployment_texts
from djscaffold.facts.model import Found, Missing, Place, Reading
from djscaffold.facts.project import TaskQueue
from djscaffold.facts.settings import Settings
from djscaffold.facts.source import Source
from djscaffold.facts.values import (
    Known,
    Mapping,
    Value,
    env_of,
    likely,
    plain_or_none,
    unset,
    walk,
)

# library -> (app in INSTALLED_APPS, or None; settings that only it reads)
_APPS = (
    ("rq", ("django_rq",), ("RQ_QUEUES",)),
    ("dramatiq", ("django_dramatiq",), ("DRAMATIQ_BROKER",)),
    ("huey", ("huey.contrib.djhuey", "bx_django_utils.huey"), ("HUEY",)),
    ("django-q", ("django_q",), ("Q_CLUSTER",)),
    ("procrastinate", ("procrastinate.contrib.django",), ()),
    ("django-tasks", ("django_tasks", "django_tasks.backends.database"), ("TASKS",)),
    ("background-task", ("background_task",), ()),
)
_BROKERS = (
    ("redis", re.compile(r"^(redis|rediss|valkey|sentinel)(\+\w+)?://", re.I)),
    ("rabbitmq", re.compile(r"^(amqps?|pyamqp)://", re.I)),
    ("sqs", re.compile(r"^sqs://", re.I)),
    ("database", re.compile(r"^(django-db|db\+|sqla\+|sqlalchemy)", re.I)),
)
_BROKER_SETTINGS = (
    "CELERY_BROKER_URL",
    "BROKER_URL",
    "CELERY_BROKER",
    "broker_url",
    "CELERY_BROKER_TRANSPORT",
)
_SCHEDULES = ("CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE", "beat_schedule")
_BEAT_COMMAND = re.compile(r"celery\b.*\bbeat\b|celery\b.*\s(-B|--beat)\b")
_SCHEDULER = re.compile(r"(?:-S|--scheduler)[ =]+([\w.:]+)")
_QUEUES = re.compile(r"celery\b.*\bworker\b.*(?:-Q|--queues)[ =]+([\w.,-]+)")


def read_task_queue(
    source: Source, settings: Settings, dependencies: Dependencies, root: str
) -> Reading[TaskQueue]:
    """Return the background job library and what it needs to run."""
    app = _celery_app(source, root)
    if app is not None and dependencies.has("celery") or (app and not dependencies.packages()):
        return _celery(source, settings, dependencies, app)
    installed = settings.strings("INSTALLED_APPS")
    for library, apps, names in _APPS:
        used = [name for name in names if settings.value(name) is not None]
        listed = [one for one in installed if one.startswith(apps)]
        if (
            listed
            and library != "django-tasks"
            or (used and dependencies.has(library, f"django-{library}"))
        ):
            return _other(settings, library, used, listed)
    if any(one.startswith("django_tasks") for one in installed):
        return _other(settings, "django-tasks", ["TASKS"], ["django_tasks"])
    return Missing("a Celery app, django_rq, django_dramatiq, huey, django_q or django_tasks")


def _other(
    settings: Settings, library: str, used: list[str], listed: list[str]
) -> Reading[TaskQueue]:
    values = [settings.value(name) for name in used]
    env = tuple(dict.fromkeys(name for value in values for name in env_of(value)))
    broker = _broker_of_library(settings, library, values)
    places = settings.places(used[0] if used else "INSTALLED_APPS")
    queue = TaskQueue(library=library, broker=broker, env=env, queues=_queue_names(values))
    return Found(queue, places)


def _queue_names(values: list[Value | None]) -> tuple[str, ...]:
    first = values[0] if values else None
    if isinstance(first, Mapping):
        return tuple(str(key) for key, _ in first.entries if isinstance(key, str) and key.islower())
    return ()


def _broker_of_library(settings: Settings, library: str, values: list[Value | None]) -> str | None:
    if library in ("rq",):
        return "redis"
    if library in ("procrastinate", "background-task"):
        return "database"
    texts = [
        part.value
        for value in values
        for part in walk(value)
        if isinstance(part, Known) and isinstance(part.value, str)
    ]
    if any(re.search(r"redis", text, re.I) for text in texts):
        return "redis"
    if any(re.search(r"rabbit|amqp", text, re.I) for text in texts):
        return "rabbitmq"
    if any(re.search(r"sqlite|DatabaseBackend|^orm$|\borm\b|sql", text, re.I) for text in texts):
        return "database"
    keys = {str(key) for value in values if isinstance(value, Mapping) for key, _ in value.entries}
    if "orm" in keys:
        return "database"
    return "redis" if "redis" in keys else None


def celery_files(source: Source) -> list[str]:
    """Return the files that may make the Celery app, the usual names first."""
    usual = [
        *source.named("celery.py"),
        *source.named("celery_app.py"),
        *source.named("celeryconf.py"),
        *source.named("celeryapp.py"),
        *source.named("worker.py"),
        *source.named("tasks.py"),
    ]
    folders = {
        path.rpartition("/")[0]
        for name in ("wsgi.py", "asgi.py", "settings.py")
        for path in source.named(name)
    }
    beside = [p for p in source.files if p.endswith(".py") and p.rpartition("/")[0] in folders]
    found = list(dict.fromkeys([*usual, *sorted(beside)]))
    return [path for path in found if not is_side_tree(path)]


def _celery_app(source: Source, root: str) -> tuple[str, Place] | None:
    for path in celery_files(source):
        if "Celery(" not in source.text(path):
            continue
        place = _app_line(source, path)
        if place is not None:
            return dotted_of(path, root), place
    return None


def _app_line(source: Source, path: str) -> Place | None:
    """Return the line of ``app = Celery("x")``, or of a subclass."""
    for node in source.tree(path).body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("Celery"):
            return Place(path, node.lineno)
    return None


def _celery(
    source: Source,
    settings: Settings,
    dependencies: Dependencies,
    app: tuple[str, Place],
) -> Reading[TaskQueue]:
    dotted, place = app
    broker, names, broker_place = _broker(source, settings, place.path)
    beat = _beat(source, settings, place.path)
    evidence = [place, *broker_place, *([beat] if beat else [])]
    queue = TaskQueue(
        library="celery",
        app=dotted,
        beat=beat is not None,
        beat_scheduler=_scheduler(source, settings, dependencies) if beat else None,
        broker=broker,
        env=names,
        queues=_queues(source) or _routed_queues(settings),
    )
    return Found(queue, tuple(dict.fromkeys(evidence)))


def _broker(
    source: Source, settings: Settings, app_path: str
) -> tuple[str | None, tuple[str, ...], tuple[Place, ...]]:
    for name in _BROKER_SETTINGS:
        value = settings.value(name)
        if value is not None:
            kind = broker_of(value)
            return kind, env_of(value), settings.places(name)
    module = _celery_config(source, settings, app_path)
    if module is not None:
        return module
    for name, binding in settings.bindings.items():
        if name.endswith("BROKER_URL"):
            return broker_of(binding.value), env_of(binding.value), settings.places(name)
    return None, (), ()


def _celery_config(
    source: Source, settings: Settings, app_path: str
) -> tuple[str | None, tuple[str, ...], tuple[Place, ...]] | None:
    """Return the broker of settings that only the Celery app loads, of another package."""
    from djscaffold.facts.entrypoints import settings_assigned
    from djscaffold.facts.settings import read_settings

    for module, _, _ in settings_assigned(source, app_path):
        if module is None or module in {f.dotted for f in settings.evaluation.frames.values()}:
            continue
        own = read_settings(source, settings.evaluation.folders, module, None)
        for name in _BROKER_SETTINGS:
            value = own.value(name)
            if value is not None:
                settings.evaluation.reads.extend(
                    read
                    for read in own.evaluation.reads
                    if read.env.place.path.startswith(app_path.rpartition("/")[0])
                )
                return broker_of(value), env_of(value), own.places(name)
    return None


def broker_of(value: Value) -> str | None:
    """Return the kind of broker behind a URL, by its default or by how it is put together."""
    text = plain_or_none(likely(unset(value)))
    texts = [text] if isinstance(text, str) else []
    texts += [p.value for p in walk(value) if isinstance(p, Known) and isinstance(p.value, str)]
    for one in texts:
        for kind, pattern in _BROKERS:
            if pattern.match(one):
                return kind
    names = " ".join(env_of(value))
    if re.search(r"REDIS|VALKEY", names):
        return "redis"
    return "rabbitmq" if re.search(r"RABBIT|AMQP", names) else None


def _beat(source: Source, settings: Settings, app_path: str) -> Place | None:
    """Return where a schedule shows that beat is needed."""
    for name in _SCHEDULES:
        value = likely(settings.value(name))
        if isinstance(value, Mapping) and not value.entries and value.complete:
            continue
        if value is not None and settings.places(name):
            return settings.places(name)[0]
    if any(one.startswith("django_celery_beat") for one in settings.strings("INSTALLED_APPS")):
        return settings.places("INSTALLED_APPS")[0]
    for number, line in enumerate(source.lines(app_path), 1):
        if re.search(
            r"beat_schedule|on_after_(configure|finalize)|add_periodic_task|crontab\(", line
        ) and not line.lstrip().startswith(("#", "from ", "import ")):
            return Place(app_path, number)
    return _beat_command(source)


def _beat_command(source: Source) -> Place | None:
    for path in deployment_texts(source):
        for number, line in enumerate(source.lines(path), 1):
            if _BEAT_COMMAND.search(line) and not line.lstrip().startswith("#"):
                return Place(path, number)
    return None


def _scheduler(source: Source, settings: Settings, dependencies: Dependencies) -> str | None:
    named = settings.text("CELERY_BEAT_SCHEDULER") or settings.text("CELERYBEAT_SCHEDULER")
    if named:
        return named
    for path in deployment_texts(source):
        for line in source.lines(path):
            match = _SCHEDULER.search(line) if _BEAT_COMMAND.search(line) else None
            if match:
                return match.group(1)
    if "django_celery_beat" in settings.strings("INSTALLED_APPS"):
        return "django_celery_beat.schedulers:DatabaseScheduler"
    return None


def _queues(source: Source) -> tuple[str, ...]:
    """Return the queues that the project's own worker command names."""
    for path in deployment_texts(source):
        match = _QUEUES.search(" ".join(source.text(path).replace("\\\n", " ").split("\n")))
        for line in source.text(path).replace("\\\n", " ").splitlines():
            match = _QUEUES.search(line)
            if match and not line.lstrip().startswith("#"):
                return tuple(dict.fromkeys(name for name in match.group(1).split(",") if name))
    return ()


def _routed_queues(settings: Settings) -> tuple[str, ...]:
    """Return the default queue and those that tasks are routed to; empty if it is all Celery's own.

    A worker serves the default queue alone unless it is told more, and tasks of the others wait.
    """
    routes = next(
        (
            value
            for name in ("CELERY_TASK_ROUTES", "CELERY_ROUTES")
            if (value := likely(settings.value(name))) is not None
        ),
        None,
    )
    named = [plain_or_none(value) for value in _values_of(routes, "queue")]
    default = settings.text("CELERY_TASK_DEFAULT_QUEUE") or settings.text("CELERY_DEFAULT_QUEUE")
    queues = [default or "celery", *(name for name in named if isinstance(name, str))]
    return tuple(dict.fromkeys(queues)) if default or len(queues) > 1 else ()


def _values_of(routes: Value | None, key: str) -> list[Value]:
    """Return what the mappings inside the mapping *routes* hold under *key*."""
    if not isinstance(routes, Mapping):
        return []
    inner = [likely(value) for _, value in routes.entries]
    return [
        value
        for mapping in inner
        if isinstance(mapping, Mapping)
        for name, value in mapping.entries
        if name == key
    ]
