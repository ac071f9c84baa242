"""The WSGI application: health, the client's address, then the project's own callable."""

from http import HTTPStatus

from deployment import project, start
from deployment.client import client_address
from deployment.health import Health


def wrap(application, health, proxies):
    """Return *application* behind the health checks, told who the client is."""

    def wrapped(environ, start_response):
        question = health.asked_by(environ.get("PATH_INFO", ""))
        if question:
            status, headers, body = health.answer(question, environ["REQUEST_METHOD"])
            start_response(f"{status} {HTTPStatus(status).phrase}", headers)
            return [body.encode()]
        address = client_address(environ.get("HTTP_X_FORWARDED_FOR", ""), proxies)
        if address:
            environ["REMOTE_ADDR"] = address
        return application(environ, start_response)

    return wrapped


def _application():
    from django.conf import settings

    inner = start.load(project.WSGI_APPLICATION, "wsgi")
    return wrap(inner, Health(settings.FORCE_SCRIPT_NAME or ""), settings.DEPLOYMENT_TRUSTED_PROXIES)


application = _application()
