"""Logging to standard output, without secrets, each event once.

systemd and every container platform collect standard output; files would need rotation, and
a folder to write to. The project's loggers, levels, filters and formats stay its own.
"""

import json
import logging
import sys
from datetime import datetime, timezone

_CONSOLE = "deployment_console"
_TO_CONSOLE = (
    "logging.StreamHandler",
    "logging.FileHandler",
    "logging.handlers.RotatingFileHandler",
    "logging.handlers.TimedRotatingFileHandler",
    "logging.handlers.WatchedFileHandler",
)
# Shorter ones would also match ordinary words.
_SHORTEST_SECRET = 8


def logging_settings(env, own):
    """Return LOGGING: the project's, with standard output in place of terminals and files."""
    config = dict(own.get("LOGGING") or {})
    level = env.one_of("log_level", ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"))
    as_json = env.one_of("log_format", ("text", "json")) == "json"
    console = {
        "()": "deployment.logs.Console",
        "secrets": [secret for secret in env.secrets if len(secret) >= _SHORTEST_SECRET],
        "formatter": _CONSOLE,
    }
    formatter = {"()": "deployment.logs.JSONFormatter"} if as_json else {"format": "%(levelname)s %(name)s: %(message)s"}
    handlers = {
        name: _to_console(handler, console, as_json=as_json) for name, handler in config.get("handlers", {}).items()
    }
    root = config.get("root", {})
    return {
        **config,
        "version": 1,
        # The default, True, would silence every logger that was made before this is applied.
        "disable_existing_loggers": False,
        "formatters": {**config.get("formatters", {}), _CONSOLE: formatter},
        "handlers": {**handlers, _CONSOLE: console},
        # Django's own loggers pass on to the root, and mail errors to ADMINS as ever.
        "root": {"level": level, **root, "handlers": root.get("handlers") or [_CONSOLE]},
    }


def _to_console(handler, console, *, as_json):
    """Return what writes to standard output in place of a handler for a terminal or a file."""
    if handler.get("class") not in _TO_CONSOLE:
        return handler
    keys = ("level", "filters") if as_json else ("level", "filters", "formatter")
    return {**console, **{key: handler[key] for key in keys if key in handler}}


class Console(logging.StreamHandler):
    """Standard output. A record that reaches it twice, by way of two loggers, is written once."""

    def __init__(self, secrets=()):
        """Take the values that must never be written."""
        super().__init__(sys.stdout)
        self._secrets = tuple(secrets)

    def emit(self, record):
        """Write the record, unless it has been written."""
        if not getattr(record, "deployment_written", False):
            record.deployment_written = True
            super().emit(record)

    def format(self, record):
        """Return the text, whichever formatter made it, without secrets."""
        text = super().format(record)
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, "[secret]")
        return text


class JSONFormatter(logging.Formatter):
    """One JSON object a line, in the field names that log collectors look for."""

    def format(self, record):
        """Return the object as one line."""
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
        return json.dumps(line, ensure_ascii=False, default=str)
