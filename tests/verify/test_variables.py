"""env.example against what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from djscaffold.verify.variables import explained_variables, literals

if TYPE_CHECKING:
    from conftest import RunCheck

PROJECT = """
VARIABLES = {'secret_key': 'SECRET_KEY', 'email_url': 'EMAIL_URL', 'debug': 'DEBUG'}
READ_BY_PROJECT = ['secret_key', 'debug']
REQUIRED = {'PARTNER_URL': 'a.py:1'}
"""


def test_all_explained_and_nothing_else_is_silent(run_check: RunCheck) -> None:
    (result,) = run_check(
        "env",
        {
            "deploy/env.example": "# Signs cookies.\nSECRET_KEY=\n\n# Optional.\n#PARTNER_URL=\n",
            "deploy/django/deployment/project.py": PROJECT,
        },
    )

    assert (result.status, result.words) == ("passed", "")


def test_both_directions_are_named(run_check: RunCheck) -> None:
    (result,) = run_check(
        "env",
        {
            "deploy/env.example": "EMAIL_URL=\nSECRETKEY=\n",
            "deploy/django/deployment/project.py": PROJECT,
        },
        {"env_vars": [{"name": "MAP_KEY"}]},
    )

    assert result.words.splitlines() == [
        "deploy/django/deployment/project.py: MAP_KEY is read, and deploy/env.example does not "
        "explain it",
        "deploy/django/deployment/project.py: PARTNER_URL is read, and deploy/env.example does not "
        "explain it",
        "deploy/django/deployment/project.py: SECRET_KEY is read, and deploy/env.example does not "
        "explain it",
        "deploy/env.example:2: SECRETKEY is explained, and nothing reads it",
    ]


def test_prose_with_an_equals_sign_explains_nothing() -> None:
    assert explained_variables("# Longer is better: a=b\n# DEBUG = off is a must\n") == {}


def test_constants_are_read_and_what_is_computed_is_not() -> None:
    assert literals("A = {'x': 1}\nB = open('/etc/passwd')\n") == {"A": {"x": 1}}
