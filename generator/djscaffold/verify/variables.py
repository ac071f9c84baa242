"""The environment: what deploy/env.example explains against what the settings really read."""

from __future__ import annotations

import ast
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from djscaffold.verify.model import Prepared, Skip, Tree, Verdict

EXAMPLE = "deploy/env.example"
NAMES = "deploy/django/deployment/project.py"
# Read by the deployment package and by tools whatever the project is called.
OF_THE_PACKAGE = frozenset({"DEPLOYMENT_BUILD", "DEPLOYMENT_INTERFACE"})
DATABASE_SCHEMES = {"mysql": "mysql", "mariadb": "mysql", "postgis": "postgis", "sqlite": "sqlite"}


def prepare(tree: Tree, scratch: Path, _: str) -> Prepared:
    """Return what is read but not explained, and what is explained but not read."""
    example, names = tree.root / EXAMPLE, tree.root / NAMES
    if not (example.is_file() and names.is_file()):
        return Skip(f"no {EXAMPLE} beside {NAMES}")
    explained = explained_variables(example.read_text(encoding="utf-8"))
    constants = literals(names.read_text(encoding="utf-8"))
    roles: Mapping[str, str] = constants.get("VARIABLES", {})
    # A role that the project does not read has a default; `debug` is set by the package itself.
    needed = {
        roles[role]
        for role in constants.get("READ_BY_PROJECT", ())
        if role in roles and role != "debug"
    }
    needed |= set(constants.get("REQUIRED", {}))
    needed |= {str(row["name"]) for row in tree.answers.get("env_vars", [])}
    wrong = [
        f"{NAMES}: {name} is read, and {EXAMPLE} does not explain it"
        for name in sorted(needed - set(explained))
    ]
    package = "\n".join(path.read_text() for path in tree.files("deploy/**/*.py", "deploy/**/*.sh"))
    wrong += [
        f"{EXAMPLE}:{line}: {name} is explained, and nothing reads it"
        for name, line in sorted(explained.items())
        if name not in needed | set(roles.values()) | OF_THE_PACKAGE and name not in package
    ]
    return Verdict(subject=EXAMPLE, words="\n".join(wrong))


def explained_variables(text: str) -> dict[str, int]:
    """Return every ``NAME=`` of an environment file, commented out or not, with its line."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"#?\s?([A-Za-z_][A-Za-z0-9_]*)=", line):
            found.setdefault(match[1], number)
    return found


def literals(source: str) -> dict[str, Any]:
    """Return the constants of a module that are written out, read and not run."""
    found: dict[str, Any] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return found


def django_environment(tree: Tree) -> dict[str, str] | Skip:
    """Return the variables to load the settings with, on this machine."""
    if tree.python is None:
        return Skip("it imports the project: give an interpreter with --python .venv/bin/python")
    given = site_environment(tree)
    if isinstance(given, Skip):
        return given
    return given | {
        "DJANGO_SETTINGS_MODULE": "deployment.settings",
        "PYTHONPATH": f"{tree.root / 'deploy/django'}:{project_root(tree).resolve()}",
    }


def site_environment(tree: Tree) -> dict[str, str] | Skip:
    """Return the variables of the site: those given, else stand-ins where possible.

    A stand-in secret is new on every call and goes nowhere. What only the project knows the form
    of is not made up.
    """
    names = tree.root / NAMES
    if not names.is_file():
        return Skip(f"no {NAMES} here")
    constants = literals(names.read_text(encoding="utf-8"))
    given = _stand_ins(constants, tree.answers) | dict(tree.environment)
    missing = sorted(name for name in constants.get("REQUIRED", {}) if not given.get(name))
    if missing:
        return Skip(f"the project needs {', '.join(missing)}: give a file with --env-file")
    return given


def project_root(tree: Tree) -> Path:
    """Return the folder of manage.py."""
    return tree.root / str(tree.answers.get("project_root", "."))


def _stand_ins(constants: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
    engine = str(constants.get("DATABASE_ENGINE", "postgresql"))
    scheme = DATABASE_SCHEMES.get(engine, "postgres")
    host = "/" if engine == "sqlite" else "nobody:nothing@127.0.0.1:9"
    values = {
        "secret_key": secrets.token_urlsafe(60),
        "database_url": f"{scheme}://{host}/nothing",
        "database_name": "nothing",
        "database_user": "nobody",
        "database_password": secrets.token_urlsafe(12),
        "database_host": "127.0.0.1",
        "database_port": "9",
        "allowed_hosts": "localhost",
        "debug": str(constants.get("DEBUG_OFF", "") or "False"),
        **_stand_ins_of_services(answers),
    }
    roles: Mapping[str, str] = constants.get("VARIABLES", {})
    return {name: values[role] for role, name in roles.items() if role in values}


def _stand_ins_of_services(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return addresses of services that the project uses: for any other a driver is missing."""
    values = {}
    if answers.get("needs_redis") or answers.get("task_broker") == "redis":
        roles = ("cache_url", "broker_url", "result_url", "channels_url")
        values = {role: f"redis://127.0.0.1:9/{number}" for number, role in enumerate(roles)}
    if answers.get("task_broker") == "rabbitmq":
        values["broker_url"] = "amqp://nobody:nothing@127.0.0.1:9//"
    return values
