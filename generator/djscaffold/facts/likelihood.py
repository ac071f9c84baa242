"""Say which way a condition goes in production, where its names or words tell."""

from __future__ import annotations

import re

from djscaffold.facts.values import (
    Choice,
    Computed,
    Env,
    Known,
    Symbol,
    Value,
    env_of,
    plain_or_none,
    walk,
)

_OFF = re.compile(
    r"(^|_)(DEBUG|TEST|TESTS|TESTING|PYTEST|CI|DEV|DEVEL|DEVELOPMENT|LOCAL|DEBUGGING|TOOLBAR"
    r"|GITHUB_WORKFLOW|GITHUB_ACTIONS?|GITLAB_CI|TRAVIS|CIRCLECI|SILK|PROFILING)($|_)"
)
_ON = re.compile(r"(^|_)(PROD|PRODUCTION|LIVE)($|_)")
PRODUCTION_WORDS = frozenset({"prod", "production", "live", "deploy", "deployed"})
OTHER_WORDS = frozenset(
    {"ci", "dev", "develop", "development", "local", "test", "testing", "debug", "docker-dev"}
)
_ARGUMENTS = "sys.argv"


def assume(test: Value) -> bool | None:
    """Return how *test* goes in production, by what it is about, or None if nothing tells."""
    match test:
        case Env():
            return of_name(test.name)
        case Computed(how="not"):
            inner = assume(test.parts[0])
            return None if inner is None else not inner
        case Computed(how="and" | "or"):
            return _joined(test)
        case Computed(how="Eq" | "In" | "NotEq" | "NotIn"):
            return _compared(test)
        case Choice():
            same = _same(assume(test.then), assume(test.otherwise))
            return _by_names(test) if same is None else same
    return _by_names(test)


def _same(left: bool | None, right: bool | None) -> bool | None:
    return left if left is right else None


def _joined(test: Computed) -> bool | None:
    sides = [assume(part) for part in test.parts]
    decisive = test.how == "or"
    if decisive in sides:
        return decisive
    return None if None in sides else not decisive


def _compared(test: Computed) -> bool | None:
    """Return how ``ENVIRONMENT == "production"`` goes, and ``DEBUG == "1"``."""
    negative = test.how.startswith("Not")
    words = {str(word).lower() for part in test.parts for word in _words(part)}
    result = None
    if words & PRODUCTION_WORDS:
        result = True
    elif words & OTHER_WORDS or _by_names(test) is False:
        result = False
    return result if result is None or not negative else not result


def _words(part: Value) -> list[object]:
    known = plain_or_none(part)
    return list(known) if isinstance(known, list | tuple) else [known]


def _by_names(test: Value) -> bool | None:
    if any(isinstance(part, Symbol) and part.name == _ARGUMENTS for part in walk(test)):
        return False
    verdicts = {of_name(name) for name in env_of(test)}
    return verdicts.pop() if len(verdicts) == 1 and not isinstance(test, Known) else None


def of_name(name: str) -> bool | None:
    """Return whether a switch called *name* is on in production."""
    upper = name.upper()
    if _ON.search(upper):
        return True
    return False if _OFF.search(upper) else None
