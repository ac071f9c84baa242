"""The ASGI application: health, the client's address, then the project's own callable."""

from asgiref.sync import sync_to_async

from deployment import project, start
from deployment.client import client_address
from deployment.health import Health


def wrap(application, health, proxies):
    """Return *application* behind the health checks, told who the client is."""

    async def wrapped(scope, receive, send):
        if scope["type"] == "http":
            question = health.asked_by(scope["path"])
            if question:
                await _answer(health, question, scope["method"], send)
                return
        if scope["type"] in ("http", "websocket"):
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


def _with_client(scope, proxies):
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    address = client_address(forwarded.decode("latin-1"), proxies)
    return {**scope, "client": (address, 0)} if address else scope


def _application():
    from django.conf import settings

    inner = start.load(project.ASGI_APPLICATION, "asgi")
    return wrap(inner, Health(settings.FORCE_SCRIPT_NAME or ""), settings.DEPLOYMENT_TRUSTED_PROXIES)


application = _application()
