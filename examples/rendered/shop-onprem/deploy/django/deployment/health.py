"""Answers to those who ask whether this process is well.

/healthz/live   the process answers. Nothing else is looked at: restarting the site does not
                repair a database.
/healthz/ready  the database answers and every migration of this release has run. Send traffic
                only then; a balancer's matcher is exactly 200.

They are answered before Django sees the request: a balancer asks by address, over http, and
would get 400 for its Host or a redirect to https. No detail leaves the process; why a site
is not ready stands in its log.
"""

import logging
import threading
import time

_LIVE = "/healthz/live"
_READY = "/healthz/ready"
# However many probes ask, the database is asked this often.
_REMEMBERED_S = 3
# One slow answer of a busy database is no outage: who was ready is asked again before it is not.
_DOUBTED_S = 1
_TIMEOUT_S = 2

_log = logging.getLogger(__name__)


class Health:
    """Knows whether the process is live and ready; one for each process."""

    def __init__(self, prefix=""):
        """Take the path under which the whole site is served, if it is not the top."""
        prefix = "/" + prefix.strip("/") if prefix.strip("/") else ""
        self._prefixes = ("", prefix) if prefix else ("",)
        self._lock = threading.Lock()
        self._ready = False
        self._doubted = False
        self._ask_at = float("-inf")
        self._migrated = False

    def asked_by(self, path):
        """Return "live" or "ready" if *path* asks for that, else None."""
        if "/healthz/" not in path:
            return None
        path = path[:-1] if path.endswith("/") else path
        for prefix in self._prefixes:
            if path == prefix + _LIVE:
                return "live"
            if path == prefix + _READY:
                return "ready"
        return None

    def answer(self, question, method):
        """Return (status, headers, body) for "live" or "ready"; headers and body are text."""
        headers = [("Cache-Control", "no-store"), ("Content-Type", "text/plain")]
        if method not in ("GET", "HEAD"):
            status, body = 405, "method not allowed\n"
            headers.append(("Allow", "GET, HEAD"))
        elif question == "live" or self.is_ready():
            status, body = 200, "ok\n"
        else:
            status, body = 503, "not ready\n"
        headers.append(("Content-Length", str(len(body))))
        return status, headers, "" if method == "HEAD" else body

    def is_ready(self):
        """Say whether the database answers and is migrated, as of a few seconds ago at most."""
        with self._lock:
            if time.monotonic() >= self._ask_at:
                answers = self._ask_database()
                if answers is None and self._ask_at == float("-inf"):
                    # The first question of a process is its slowest.
                    answers = self._ask_database()
                self._doubted = self._ready and not answers and not self._doubted
                self._ready = bool(answers) or self._doubted
                self._ask_at = time.monotonic() + (_DOUBTED_S if self._doubted else _REMEMBERED_S)
            return self._ready

    def _ask_database(self):
        """Return whether it is migrated; None if there is no answer."""
        # A connection of its own, closed at once: the thread that asks may never ask again.
        connection = _connection()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            # Migrations of this release do not become undone while it runs.
            self._migrated = self._migrated or _is_migrated(connection)
            return self._migrated
        except Exception as error:
            # Every driver has exceptions of its own; whichever it is, the answer is no.
            _log.warning("Not ready: the database does not answer (%s)", type(error).__name__)
            return None
        finally:
            connection.close()


def _connection():
    """Return a new connection to the default database that gives up soon."""
    from django.db import connections

    connection = connections["default"].copy()
    options = dict(connection.settings_dict.get("OPTIONS", {}))
    options.pop("pool", None)
    if connection.vendor in ("postgresql", "mysql"):
        options["connect_timeout"] = _TIMEOUT_S
    if connection.vendor == "postgresql":
        options["options"] = f"{options.get('options', '')} -c statement_timeout={_TIMEOUT_S * 1000}".strip()
    if connection.vendor == "mysql":
        options["read_timeout"] = _TIMEOUT_S
    connection.settings_dict = {**connection.settings_dict, "OPTIONS": options}
    return connection


def _is_migrated(connection):
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        _log.warning("Not ready: %d migrations have not run", len(waiting))
    return not waiting
