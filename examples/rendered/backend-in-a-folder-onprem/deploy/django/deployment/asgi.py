"""The ASGI application: health, the client's address, then the project's own callable."""

from asgiref.sync import sync_to_async

from deployment import project, start
from deployment.client import REFUSAL, client_address, went_around
from deployment.health import Health


def wrap(application, health, proxies, edge_header=None):
    """Return *application* behind the health checks, told who the client is."""

    async def wrapped(scope, receive, send):
        if scope["type"] == "http":
            question = health.asked_by(scope["path"])
            if question:
                await _answer(health, question, scope["method"], send)
                return
        if scope["type"] in ("http", "websocket"):
            if went_around(edge_header, lambda name: _header(scope, name)):
                await _refuse(scope["type"], send)
                return
            scope = _with_client(scope, proxies)
        await application(scope, receive, send)

    return wrapped


async def _answer(health, question, method, send):
    # The readiness check waits for the database: not in the thread of the event loop.
    answer = sync_to_async(health.answer, thread_sensitive=False)
    status, headers, body = await answer(question, method)
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body.encode()})


async def _refuse(kind, send):
    if kind == "websocket":
        # Before it is accepted, a close is answered with 403.
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": REFUSAL.encode()})


def _header(scope, wanted):
    """Return all values of a header with commas between, or ''."""
    return b",".join(value for name, value in scope["headers"] if name == wanted.encode()).decode("latin-1")


def _with_client(scope, proxies):
    address = client_address(_header(scope, "x-forwarded-for"), proxies)
    return {**scope, "client": (address, 0)} if address else scope


def _application():
    from django.conf import settings

    inner = start.load(project.ASGI_APPLICATION, "asgi")
    health = Health(settings.FORCE_SCRIPT_NAME or "")
    return wrap(inner, health, settings.DEPLOYMENT_TRUSTED_PROXIES, settings.DEPLOYMENT_EDGE_HEADER)


application = _application()
