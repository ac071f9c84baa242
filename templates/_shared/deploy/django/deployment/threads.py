"""gunicorn's threads for a gunicorn older than 27.0.1, which drops requests when a worker leaves.

Such a worker closes the connections that nginx keeps to it at the moment it is told to stop (a
release) or has answered `max_requests`. What nginx was just sending on one of them is lost: a GET
is asked again, a POST becomes a 502. This one stops accepting, answers what still comes on the
connections it has, each with "Connection: close", and leaves when none is left.
"""

import sys
import time

from gunicorn.workers.gthread import ThreadWorker

# Connections that are idle for that long are closed: nginx has others by then.
LINGER_S = 2.0


class Worker(ThreadWorker):
    """Leaves when its connections are closed. What it overrides is the same in gunicorn 20 to 27."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._leaves_at = None
        # Counted below: gunicorn's own way is to drop everything at that number.
        self._most_requests, self.max_requests = self.max_requests, sys.maxsize

    def handle_exit(self, sig, frame):
        """Take the signal to stop."""
        self._leave()

    def murder_keepalived(self):
        """Close idle connections, and go on with leaving; called after each event and each second."""
        if self.nr >= self._most_requests:
            self._leave()
        leaving = self._leaves_at is not None
        lingers = leaving and time.monotonic() < self._leaves_at and self.nr_conns > 0
        if leaving and not lingers:
            # gunicorn 24 and newer would wait for idle connections as long as for busy ones.
            for connection in getattr(self, "keepalived_conns", ()):
                connection.timeout = 0
        if not lingers:
            super().murder_keepalived()
        self.alive = self.alive and (lingers or not leaving)

    def set_accept_enabled(self, enabled):
        """Accept no more while leaving; gunicorn 24 and newer asks for it again and again."""
        super().set_accept_enabled(enabled and self._leaves_at is None)

    def _leave(self):
        if self._leaves_at is not None:
            return
        self._leaves_at = time.monotonic() + LINGER_S
        # Every answer from now on says "Connection: close".
        self.cfg.set("keepalive", 0)
        if hasattr(ThreadWorker, "set_accept_enabled"):
            self.set_accept_enabled(False)
        else:
            for listener in self.sockets:
                self.poller.unregister(listener)
