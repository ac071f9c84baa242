"""The uvicorn worker of gunicorn, for sites that need ASGI."""

from uvicorn_worker import UvicornWorker


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
        # Open websockets would hold a stop up until systemd kills the process.
        "timeout_graceful_shutdown": 25,
    }
