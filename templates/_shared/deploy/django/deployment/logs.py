"""Logging to standard output, one line an event, without secrets.

systemd and every container platform collect standard output; files would need rotation,
and a folder to write to.
"""

import json
import logging
from datetime import datetime, timezone

_CONSOLE = "deployment_console"
_FILE_HANDLERS = (
    "logging.FileHandler",
    "logging.handlers.RotatingFileHandler",
    "logging.handlers.TimedRotatingFileHandler",
    "logging.handlers.WatchedFileHandler",
)
# Shorter ones would also match ordinary words.
_SHORTEST_SECRET = 8


def logging_settings(env, own):
    """Return LOGGING: the project's loggers, everything written to standard output."""
    config = dict(own.get("LOGGING") or {})
    level = env.one_of("log_level", ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"))
    form = env.one_of("log_format", ("text", "json"))
    formatter = {"()": f"deployment.logs.{'JSONFormatter' if form == 'json' else 'TextFormatter'}"}
    formatter["secrets"] = [secret for secret in env.secrets if len(secret) >= _SHORTEST_SECRET]
    console = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": _CONSOLE}
    handlers = {name: _to_console(handler, console) for name, handler in config.get("handlers", {}).items()}
    return {
        **config,
        "version": 1,
        # The default, True, would silence every logger that was made before this is applied.
        "disable_existing_loggers": False,
        "formatters": {**config.get("formatters", {}), _CONSOLE: formatter},
        "handlers": {**handlers, _CONSOLE: console},
        # Django's own loggers pass on to the root, and mail errors to ADMINS as ever.
        "root": _root(config.get("root", {}), level),
    }


def _to_console(handler, console):
    """Return a handler that writes to standard output in place of one to a file or a terminal."""
    if handler.get("class") in (*_FILE_HANDLERS, "logging.StreamHandler"):
        kept = {key: handler[key] for key in ("level", "filters") if key in handler}
        return {**console, **kept}
    return handler


def _root(own, level):
    return {"level": level, **own, "handlers": own.get("handlers") or [_CONSOLE]}


class TextFormatter(logging.Formatter):
    """One line: level, logger, message; a traceback follows. The journal adds the time."""

    def __init__(self, secrets=()):
        """Take the values that must never be written."""
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self.secrets = tuple(secrets)

    def format(self, record):
        """Return the line without secrets."""
        return _without(self.secrets, super().format(record))


class JSONFormatter(logging.Formatter):
    """One JSON object a line, in the field names that log collectors look for."""

    def __init__(self, secrets=()):
        """Take the values that must never be written."""
        super().__init__()
        self.secrets = tuple(secrets)

    def format(self, record):
        """Return the object as one line, without secrets."""
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "severity": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        status = getattr(record, "status_code", None)
        if status:
            line["status"] = status
        return _without(self.secrets, json.dumps(line, ensure_ascii=False, default=str))


def _without(secrets, text):
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, "[secret]")
    return text
