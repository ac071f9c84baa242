"""Find out whether django-compressor's files have to be made in each release."""

from __future__ import annotations

from djscaffold.facts.model import Ambiguous, Found, Missing, Reading
from djscaffold.facts.security import READ_AS_ON, debug_off
from djscaffold.facts.settings import Settings
from djscaffold.facts.values import Choice, Env, Known, Value, env_of, substitute, truth, unset

# --force: also where a variable that only the site has switches it on.
# https://django-compressor.readthedocs.io/en/stable/usage.html#offline-compression
COMPRESS = "compress --force"


def read_static_commands(settings: Settings) -> Reading[tuple[str, ...]]:
    """Return the management commands that make static files after collectstatic.

    With COMPRESS_OFFLINE, a page whose files `compress` did not make is an error 500.
    """
    if "compressor" not in settings.strings("INSTALLED_APPS"):
        return Missing("compressor in INSTALLED_APPS")
    places = settings.places("COMPRESS_OFFLINE") or settings.places("INSTALLED_APPS")
    offline = _in_production(settings, "COMPRESS_OFFLINE", default=False)
    enabled = _in_production(settings, "COMPRESS_ENABLED", default=True)
    if offline is False or enabled is False:
        return Found((), places)
    if offline is None:
        candidates = tuple(Found(commands, places) for commands in ((COMPRESS,), ()))
        return Ambiguous(candidates, "Is COMPRESS_OFFLINE on in production?")
    return Found((COMPRESS,), places)


def _in_production(settings: Settings, name: str, *, default: bool) -> bool | None:
    """Return whether a setting is on while DEBUG is off and no other variable is set."""
    value = settings.value(name)
    if value is None:
        return default
    debug = settings.value("DEBUG")

    def as_deployed(env: Env) -> Value:
        if debug is not None and env.name in env_of(debug):
            return Known(debug_off(debug) if env.cast == "str" else False, env.place)
        default = unset(env)
        if env.cast != "str" and isinstance(default, Known) and isinstance(default.value, str):
            return Known(default.value.lower() in READ_AS_ON, env.place)
        return default

    deployed = substitute(value, as_deployed)
    while isinstance(deployed, Choice) and deployed.prefer is not None:
        deployed = deployed.then if deployed.prefer else deployed.otherwise
    return truth(deployed)
