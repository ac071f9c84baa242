"""The uvicorn worker of gunicorn, for sites that need ASGI."""

from uvicorn_worker import UvicornWorker


# Open websockets would hold a stop up until gunicorn kills the worker: uvicorn ends them before.
_BEFORE_THE_KILL_S = 5


class Worker(UvicornWorker):
    """Serves http and websockets; deployment.asgi says who the client is, not uvicorn."""

    CONFIG_KWARGS = {
        "loop": "auto",
        "http": "auto",
        "ws": "auto",
        # Django and Channels have no lifespan; asking would log an error.
        "lifespan": "off",
        # uvicorn would believe the first address of X-Forwarded-For, which a client can invent.
        "proxy_headers": False,
        # An idle websocket stays open: proxies close what is silent for 60 s.
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
    }

    def __init__(self, *args, **kwargs):
        """Take what gunicorn hands to its workers."""
        super().__init__(*args, **kwargs)
        self.config.timeout_graceful_shutdown = max(1, self.cfg.graceful_timeout - _BEFORE_THE_KILL_S)
