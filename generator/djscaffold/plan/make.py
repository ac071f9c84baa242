"""Decide every answer: what the person said, else what the project says, else a stated default.

Each answer has one row in ``DECISIONS``. A reading that is ambiguous becomes a question; nothing
is guessed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from djscaffold.errors import OpenQuestions
from djscaffold.facts.daemons import management_command
from djscaffold.facts.files import DJANGOS_OWN
from djscaffold.facts.model import Ambiguous, Found, Missing, Place
from djscaffold.facts.project import ProjectFacts
from djscaffold.facts.system_packages import NEEDS
from djscaffold.plan import environment, versions
from djscaffold.plan.model import Plan
from djscaffold.plan.names import project_slug
from djscaffold.plan.packages import missing_packages

DEFAULT_TOPOLOGY = {
    "onprem": "onprem-single",
    "aws": "aws-fargate-small",
    "azure": "azure-aca-small",
    "gcp": "gcp-cloudrun-small",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the project leaves open: the answer's name, the text, and the candidates."""

    name: str
    text: str
    candidates: tuple[tuple[Any, tuple[Place, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    """An answer that only a person can give."""

    text: str
    candidates: tuple[tuple[Any, tuple[Place, ...]], ...] = ()


Answers = dict[str, Any]
Decision = Callable[[ProjectFacts, Answers], Any]


def open_questions(
    facts: ProjectFacts, choices: Mapping[str, Any], *, folder: str
) -> tuple[Question, ...]:
    """Return what must be asked before a plan can be made; empty if nothing is open."""
    return _decide(facts, choices, folder)[1]


def make_plan(facts: ProjectFacts, choices: Mapping[str, Any], *, folder: str) -> Plan:
    """Return the plan for *choices* (answers by name; ``platform`` is required).

    *folder* is the name of the repository's folder, the last resort for the project's name.
    Raises OpenQuestions if something is left that only a person can decide.
    """
    answers, questions = _decide(facts, choices, folder)
    if questions:
        raise OpenQuestions(
            [
                (question.name, question.text, [_candidate(row) for row in question.candidates])
                for question in questions
            ]
        )
    return Plan(**answers)


def _decide(
    facts: ProjectFacts, choices: Mapping[str, Any], folder: str
) -> tuple[Answers, tuple[Question, ...]]:
    answers: Answers = {"_folder": folder, **choices}
    questions: list[Question] = []
    for name, decide in DECISIONS.items():
        if name in choices:
            continue
        match decide(facts, answers):
            case _Open(text, candidates):
                questions.append(Question(name=name, text=text, candidates=candidates))
                answers[name] = candidates[0][0] if candidates else _placeholder(name)
            case value:
                answers[name] = value
    del answers["_folder"]
    return answers, tuple(questions)


def _placeholder(name: str) -> Any:
    """Return a value of the right type, so that later rows can be tried before the answer."""
    types = {field.name: field.type for field in dataclasses.fields(Plan)}
    return [] if str(types[name]).startswith("list") else ""


def _candidate(row: tuple[Any, tuple[Place, ...]]) -> tuple[str, str]:
    value, places = row
    return str(value), ", ".join(str(place) for place in places[:3])


def _fact(name: str, default: Any, convert: Callable[[Any], Any] = lambda value: value) -> Decision:
    """Return the row of an answer that a fact gives; *default* if the project does not say.

    A default of ``...`` means that there is none: a person must say.
    """

    def decide(facts: ProjectFacts, answers: Answers) -> Any:
        match getattr(facts, name):
            case Found(value, _):
                return convert(value)
            case Ambiguous(candidates, question):
                rows = tuple((convert(one.value), one.evidence) for one in candidates)
                return _Open(question, rows) if len({str(v) for v, _ in rows}) > 1 else rows[0][0]
            case Missing(looked_for) if default is ...:
                return _Open(f"The project does not say; looked for {looked_for}.")
            case _:
                return default

    return decide


def _found(reading: Any, attribute: str, default: Any = None) -> Any:
    """Return one attribute of a found value; *default* where the reading is not certain."""
    value = getattr(reading.value, attribute) if isinstance(reading, Found) else None
    return default if value is None else value


def _settings_module(facts: ProjectFacts, answers: Answers) -> Any:
    """Return the production settings; a question where only the project's own image has them."""
    seen = [one for one in facts.observations if one.kind == "settings-made-in-image"]
    if not seen:
        return _fact("production_settings", ...)(facts, answers)
    origin, _, target = seen[0].subject.partition(" ")
    module, default = getattr(facts.production_settings, "value", ""), facts.default_settings
    others = [(default.value, default.evidence)] if isinstance(default, Found) else []
    return _Open(
        f"{module} is in no release: only the project's own image has it ({seen[0].evidence[0]} "
        f"copies {origin} to {target}). Commit it (cp {origin} {target} && git add --force "
        f"{target} && git commit) and start again, or name settings that are in the repository.",
        tuple((value, places) for value, places in others if value != module),
    )


def _database_engine(facts: ProjectFacts, answers: Answers) -> Any:
    """Return an engine that is provisioned; SQLite becomes PostgreSQL unless a person keeps it.

    On a server the file would be the one thing that a second process, a second host and a running
    backup all have to share; no code has to change, only the variable DATABASE_URL.
    """
    supported = ("postgresql", "postgis", "mysql", "mariadb")
    match facts.database:
        case Found(database, places):
            if database.engine in (None, "any", "sqlite"):
                return "postgresql"
            if database.engine in supported:
                return database.engine
            return _Open(
                f"{database.engine} ({places[0]}) is not provisioned by djscaffold. "
                "Which of the supported databases shall it be?",
                tuple((engine, ()) for engine in supported),
            )
        case Ambiguous(candidates, question):
            rows = tuple((one.value.engine, one.evidence) for one in candidates)
            servers = [row for row in rows if row[0] in supported]
            # SQLite beside one server database is the developer's default, not a choice.
            return servers[0][0] if len(servers) == 1 else _Open(question, rows)
        case _:
            return "postgresql"


def _python_specifier(facts: ProjectFacts, answers: Answers) -> Any:
    """Return what the project declares, else what its Django supports."""
    default = versions.python_specifier(answers["django_version"])
    read = _fact("python_specifier", default, versions.pep440_specifier)
    return read(facts, answers) or default


def _python_version(facts: ProjectFacts, answers: Answers) -> Any:
    """Return the version that the project runs on, else one that fits it and its Django."""
    fitting = versions.python_version(answers["python_specifier"], answers["django_version"])
    return _fact("python_version", fitting, versions.minor_python)(facts, answers)


def _missing_packages(facts: ProjectFacts, answers: Answers) -> list[str]:
    versions_of = {package.name: package.version or "" for package in facts.packages}
    if any(one.name == "uvicorn" and "standard" in one.extras for one in facts.packages):
        versions_of.setdefault("websockets", "")
    return missing_packages(
        versions_of,
        uvicorn_version=versions_of.get("uvicorn", ""),
        platform=answers["platform"],
        serves_media=answers.get("serves_media", _serves_media(facts, answers)),
        database_engine=answers["database_engine"],
        needs_asgi=answers["needs_asgi"],
        django_version=answers["django_version"],
        python_version=answers["python_version"],
    )


def _debian_packages(facts: ProjectFacts, answers: Answers, purpose: str) -> list[str]:
    """Return what the project's packages need of Debian, and those that are added to them."""
    added = [line.partition("==")[0] for line in answers["missing_packages"]]
    needs = [NEEDS[name][("build", "run").index(purpose)] for name in added if name in NEEDS]
    return sorted({*_found(facts.system_packages, purpose, ()), *chain.from_iterable(needs)})


def _task_library(facts: ProjectFacts, answers: Answers) -> Any:
    """Return the background job library; empty if there is none."""
    match facts.task_queue:
        case Ambiguous(candidates, question):
            return _Open(
                question, tuple((one.value.library or "", one.evidence) for one in candidates)
            )
        case reading:
            return _found(reading, "library", "")


def _task(attribute: str, default: Any) -> Decision:
    """Return the row for one thing about the library that was decided."""

    def decide(facts: ProjectFacts, answers: Answers) -> Any:
        match facts.task_queue:
            case Ambiguous(candidates, _):
                readings = [
                    one for one in candidates if one.value.library == answers["task_library"]
                ]
                value = _found(readings[0], attribute, default) if readings else default
            case reading:
                value = _found(reading, attribute, default)
        return list(value) if isinstance(value, tuple) else value

    return decide


def _serves_media(facts: ProjectFacts, answers: Answers) -> bool:
    """Return whether the web server may give uploads to everybody.

    Only Django's own storage says so: one of the project's may be there to protect them.
    """
    backend = _found(facts.media, "backend")
    local = backend is None or backend in DJANGOS_OWN
    return bool(_found(facts.media, "takes_uploads", False)) and local


def _login_paths(facts: ProjectFacts, answers: Answers) -> list[str]:
    """Return every path that takes a password; none where a person said that there is none."""
    first = answers["login_path"]
    read = facts.login_paths.value if isinstance(facts.login_paths, Found) else ()
    return list(dict.fromkeys((first, *read))) if first else []


def _path(url: str | None, default: str) -> str:
    """Return a URL setting as a path with both slashes; a full URL belongs to a CDN."""
    if not url or "//" in url:
        return default
    return f"/{url.strip('/')}/" if url.strip("/") else default


DECISIONS: dict[str, Decision] = {
    "topology": (lambda facts, answers: DEFAULT_TOPOLOGY[answers["platform"]]),
    "project_root": _fact("project_root", ...),
    "settings_module": _settings_module,
    "project_slug": (
        lambda facts, answers: project_slug(answers["_folder"], answers["settings_module"])
    ),
    "domain": (lambda facts, answers: f"{answers['project_slug']}.example.org"),
    "configuration_class": _fact("configuration_class", ""),
    "needs_asgi": _fact("needs_asgi", default=False),
    "wsgi_application": _fact("wsgi_application", ""),
    "asgi_application": _fact("asgi_application", ""),
    "django_version": _fact("django_version", versions.NEWEST_DJANGO, versions.short_version),
    "python_specifier": _python_specifier,
    "python_version": _python_version,
    "dependency_manager": _fact("dependency_manager", ...),
    "dependency_files": _fact("dependency_files", ..., list),
    "dependency_extras": _fact("dependency_extras", [], list),
    "dependency_groups": _fact("dependency_groups", [], list),
    "has_lock_file": _fact("has_lock_file", default=False),
    "has_project_table": _fact("has_project_table", default=True),
    "needs_git_to_install": _fact("needs_git_to_install", default=False),
    "database_engine": _database_engine,
    "has_sqlite_data": (lambda f, a: _found(f.database, "engine") == "sqlite"),
    "missing_packages": _missing_packages,
    "build_packages": (lambda facts, answers: _debian_packages(facts, answers, "build")),
    "run_packages": (lambda facts, answers: _debian_packages(facts, answers, "run")),
    "env_names": (lambda facts, answers: environment.names_by_role(facts)),
    "env_vars": (lambda facts, answers: environment.other_variables(facts)),
    "debug_off": (lambda facts, answers: _found(facts.debug, "off", "False")),
    "task_library": _task_library,
    "task_app": _task("app", ""),
    "task_queues": _task("queues", ()),
    "task_broker": _task("broker", ""),
    "uses_beat": _task("beat", default=False),
    "beat_scheduler": _task("beat_scheduler", ""),
    "needs_redis": _fact("needs_redis", default=False),
    "uses_channels": _fact("uses_channels", default=False),
    "static_url": (lambda f, a: _path(_found(f.static, "url"), "/static/")),
    "has_static_root": (lambda f, a: _found(f.static, "root") is not None),
    "uses_whitenoise": (lambda f, a: _found(f.static, "whitenoise", default=False)),
    "serves_media": _serves_media,
    "media_url": (lambda f, a: _path(_found(f.media, "url"), "/media/")),
    "login_path": _fact("login_paths", "/admin/login/", lambda paths: paths[0]),
    "login_paths": _login_paths,
    "frontend_root": (lambda facts, answers: _frontend(facts, "root")),
    "frontend_manager": (lambda facts, answers: _frontend(facts, "manager")),
    "frontend_build": (lambda facts, answers: _frontend(facts, "build").rpartition(" run ")[2]),
    "daemons": lambda facts, answers: _daemons(facts),
    "has_translations": _fact("has_translations", default=False),
    "static_commands": _fact("static_commands", [], list),
}


def _daemons(facts: ProjectFacts) -> list[dict[str, str]]:
    """Return the management commands that the project keeps running, each under its own name."""
    subjects = [one.subject for one in facts.observations if one.kind == "runs-for-ever"]
    named: dict[str, str] = {}
    for command in filter(None, map(management_command, subjects)):
        name = command.split()[0].replace("_", "-").lower()
        same = sum(one == name or one.startswith(f"{name}-") for one in named)
        named[f"{name}-{same + 1}" if same else name] = command
    return [{"name": name, "command": command} for name, command in named.items()]


def _frontend(facts: ProjectFacts, attribute: str) -> str:
    """Return one thing about the front end; empty if none has to be built."""
    if not _found(facts.frontend, "needed", default=False):
        return ""
    value = _found(facts.frontend, attribute, "")
    return str(value or ".") if attribute == "root" else str(value)
