"""Secrets that everybody who can read the repository knows."""

from __future__ import annotations

from djscaffold.findings.model import ERROR, WARNING, Facts, Finding, value_of


def secret_key_in_code(facts: Facts) -> Finding | None:
    """Find a SECRET_KEY that is written in the settings."""
    key = value_of(facts.project.secret_key)
    if key is None or key.source != "literal":
        return None
    return Finding(
        id="secret-key-in-code",
        severity=ERROR,
        message="SECRET_KEY is in the code: who reads the repository can forge sessions and "
        "password-reset links.",
        evidence=facts.where("SECRET_KEY"),
        fix="Read it from the environment and make a new one: the old one stays in git's history.",
        handled=True,
    )


def secret_key_default(facts: Facts) -> Finding | None:
    """Find a SECRET_KEY that falls back to one in the code."""
    key = value_of(facts.project.secret_key)
    setting = facts.settings.get("SECRET_KEY")
    if key is None or setting is None or key.source != "env" or not setting.literal:
        return None
    return Finding(
        id="secret-key-default-in-code",
        severity=WARNING,
        message=f"Without {key.env} the site starts with a SECRET_KEY that is in the code.",
        evidence=facts.where("SECRET_KEY"),
        fix=f"Leave the default out, so that a forgotten variable is an error: "
        f'os.environ["{key.env}"].',
        handled=True,
    )


def secret_key_random(facts: Facts) -> Finding | None:
    """Find a SECRET_KEY that every process draws for itself."""
    key = value_of(facts.project.secret_key)
    if key is None or key.source != "generated":
        return None
    return Finding(
        id="secret-key-random",
        severity=ERROR,
        message="Every process draws its own SECRET_KEY: people are logged out by each restart, "
        "and between two workers.",
        evidence=facts.where("SECRET_KEY"),
        fix="Read one key from the environment.",
        handled=True,
    )


def database_password_in_code(facts: Facts) -> Finding | None:
    """Find a database password that is written in the settings."""
    found = facts.seen("database-password-in-code")
    if not found:
        return None
    return Finding(
        id="database-password-in-code",
        severity=ERROR,
        message="The database password is in the code, and the same on every machine.",
        evidence=tuple(place for one in found for place in one.evidence),
        fix="Read it from the environment, and change it: it stays in git's history.",
        handled=True,
    )


def secrets_committed(facts: Facts) -> Finding | None:
    """Find a .env file with secrets, or a private key, among the tracked files."""
    found = facts.seen("committed-secret")
    if not found:
        return None
    names = ", ".join(dict.fromkeys(one.subject for one in found))
    return Finding(
        id="secrets-committed",
        severity=ERROR,
        message=f"Secrets are in the repository: {names}.",
        evidence=tuple(place for one in found for place in one.evidence)[:10],
        fix="Take the file out of git (git rm --cached), ignore it, and change every value in it.",
    )


def database_committed(facts: Facts) -> Finding | None:
    """Find an SQLite database among the tracked files."""
    found = facts.seen("committed-database")
    if not found:
        return None
    return Finding(
        id="database-committed",
        severity=WARNING,
        message="A database file is in the repository, with whatever people have entered in it, "
        "password hashes too.",
        evidence=tuple(place for one in found for place in one.evidence),
        fix="git rm --cached it and add it to .gitignore.",
    )


RULES = (
    secret_key_in_code,
    secret_key_default,
    secret_key_random,
    database_password_in_code,
    secrets_committed,
    database_committed,
)
