"""The WSGI application: health, the client's address, then the project's own callable."""

from http import HTTPStatus

from deployment import project, start
from deployment.client import REFUSAL, client_address, went_around
from deployment.health import Health


def wrap(application, health, proxies, edge_header=None):
    """Return *application* behind the health checks, told who the client is."""

    def wrapped(environ, start_response):
        question = health.asked_by(environ.get("PATH_INFO", ""))
        if question:
            status, headers, body = health.answer(question, environ["REQUEST_METHOD"])
            start_response(f"{status} {HTTPStatus(status).phrase}", headers)
            return [body.encode()]
        if went_around(edge_header, lambda name: environ.get("HTTP_" + name.upper().replace("-", "_"), "")):
            start_response("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", str(len(REFUSAL)))])
            return [REFUSAL.encode()]
        address = client_address(environ.get("HTTP_X_FORWARDED_FOR", ""), proxies)
        if address:
            environ["REMOTE_ADDR"] = address
        return application(environ, start_response)

    return wrapped


def _application():
    from django.conf import settings

    inner = start.load(project.WSGI_APPLICATION, "wsgi")
    health = Health(settings.FORCE_SCRIPT_NAME or "")
    return wrap(inner, health, settings.DEPLOYMENT_TRUSTED_PROXIES, settings.DEPLOYMENT_EDGE_HEADER)


application = _application()
