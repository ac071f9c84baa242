"""Which environment variables the project reads: by role, and the rest."""

from __future__ import annotations

import re
from typing import Any

from djscaffold.facts.model import Found
from djscaffold.facts.project import EnvVar, ProjectFacts

# A default that stands in the code is repeated in env.example unless it may be a secret.
_SECRET = re.compile(r"SECRET|PASSW|TOKEN|KEY|DSN|CREDENTIAL|SALT|PRIVATE|AUTH", re.IGNORECASE)
_LONGEST_DEFAULT = 120
# The deployment gives these no value of its own; whoever runs the site does.
_OF_MAIL = frozenset({"email_host", "email_port", "email_user", "email_password"})


def names_by_role(facts: ProjectFacts) -> dict[str, str]:
    """Return role -> variable, for the roles that the project reads from a variable of its own."""
    return dict(sorted(facts.env_roles))


def other_variables(facts: ProjectFacts) -> list[dict[str, Any]]:
    """Return the variables without a role, sorted by name: name, required, default, where.

    Those of mail are among them where the project does not start without them.
    """
    if not isinstance(facts.env_vars, Found):
        return []
    roles = {name: role for role, name in names_by_role(facts).items()}
    rest = [
        variable
        for variable in facts.env_vars.value
        if variable.name not in roles or (variable.required and roles[variable.name] in _OF_MAIL)
    ]
    return [_row(variable) for variable in sorted(rest, key=lambda variable: variable.name)]


def _row(variable: EnvVar) -> dict[str, Any]:
    where = variable.evidence[0].path if variable.evidence else ""
    return {
        "name": variable.name,
        "required": variable.required,
        "default": _shown_default(variable),
        "where": where,
    }


def _shown_default(variable: EnvVar) -> str:
    """Return the default as one line, or nothing if it may be a secret."""
    text = variable.default or ""
    is_url_with_password = re.search(r"://[^/\s]*:[^/\s]*@", text)
    if _SECRET.search(variable.name) or is_url_with_password or "\n" in text:
        return ""
    return text if len(text) <= _LONGEST_DEFAULT else ""
